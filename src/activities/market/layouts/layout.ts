import type { Grain } from '../../../domain/market/metrics.ts';

/** One figure that somebody published for a market and period. */
export interface PublishedFigure {
  publisher: string;
  market: string;
  segment: string;
  grain: Grain;
  /** First day of the period, YYYY-MM-DD. */
  period: string;
  metric: string;
  /** As published: percent as a fraction, `$276K` as 276000. */
  value: number;
}

/** One value of a series that belongs to no market. */
export interface MacroValue {
  series: string;
  date: string;
  value: number;
}

/** What one row of a file says: figures, or why it says none. A value that the publisher left open is `missing`. */
export interface RowReading<F> {
  figures: F[];
  problems: string[];
  missing: number;
}

/** How one column is taken. */
export interface ColumnUse {
  column: string;
  as: string;
}

/** A file whose layout is known, ready to be read row by row. */
export interface LayoutPlan<F = PublishedFigure | MacroValue> {
  layout: string;
  feed: 'published_metrics' | 'macro';
  mapping: ColumnUse[];
  /** What was decided, and what is left out, for the person who loads it. */
  notes: string[];
  /** True when the file has no header: its first row is data. */
  headerIsData?: boolean;
  read(cells: readonly string[]): RowReading<F>;
}

/** What a person says where the file itself leaves it open. */
export interface LayoutHints {
  /** Segment of a file that names none. */
  segment?: string | undefined;
  /** What a wide file measures, such as `rent_index`. */
  metric?: string | undefined;
}

/** A layout knows its files by their headers and first rows, never by their names. */
export interface Layout {
  name: string;
  title: string;
  /**
   * @param header the cells of the header row, as published
   * @param sample the rows below it, up to 1,000
   * @returns how to read the file; null when it is of another layout
   */
  recognise(header: readonly string[], sample: ReadonlyArray<readonly string[]>, hints: LayoutHints): LayoutPlan | null;
}

/** A row without figures, and why. */
export const refused = (...problems: string[]): RowReading<never> => ({ figures: [], problems, missing: 0 });
