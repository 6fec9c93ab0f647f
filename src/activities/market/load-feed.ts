/** How a value is read and what it must be. Amounts are dollars, areas square feet, shares 0–1. */
export type FieldType =
  | 'text'
  | 'above_zero'
  | 'amount'
  | 'number'
  | 'whole'
  | 'share'
  | 'date'
  | 'time'
  | 'flag'
  | 'condition';

/** One column of a feed. */
export interface FeedField {
  column: string;
  type: FieldType;
  isRequired: boolean;
  /** Other headers that mean it. Case, blanks and signs do not matter. */
  synonyms: readonly string[];
}

/** One upstream feed: where its rows go, and what makes a row. */
export interface Feed {
  name: FeedName;
  title: string;
  table: string;
  /** Columns that make a row the same row again. */
  key: readonly string[];
  fields: readonly FeedField[];
  /** The day that a row speaks of; its range and age are checked. */
  day: string;
  /** The column by which the newer of two rows wins, whichever arrives first. */
  newest?: string;
  /** Only rows that are there already are changed. */
  isUpdate?: boolean;
  /** After so many days without a newer row the feed is called stale. */
  freshDays: number;
}

export type FeedName =
  | 'mls_listings'
  | 'offer_events'
  | 'avm_values'
  | 'funnel_activity'
  | 'acquisition_pipeline'
  | 'renovation_tracker'
  | 'resales'
  | 'macro';
