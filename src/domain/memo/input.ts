import type { ComparableSale, Property } from '../property.ts';

/** What the estimate is compared with. A closed sale or an assessment is never called an asking price. */
export type ReferencePriceKind = 'asking' | 'last_sale_indexed' | 'assessed' | 'none';

/** The county as the memo names it. `medianPriceCents` is in whole cents, null while no source is known. */
export interface MemoCounty {
  name: string;
  state: string;
  medianPriceCents: number | null;
  medianPriceSource: string | null;
  medianPriceYear: number | null;
}

/** One part of the score: its own value and score (0–100), its weight (a share) and what it adds to the total. */
export interface MemoScoreComponent {
  name: string;
  value: number | null;
  score: number | null;
  weight: number | null;
  contribution: number | null;
}

/** One reason for the score. `contribution` in points (negative lowers the score); `sources` are source names. */
export interface MemoScoreReason {
  code: string;
  label: string;
  contribution: number | null;
  sources: readonly string[];
}

/** The score as it was recorded. Scores 0–100, `confidence` and `roiEstimate` as shares (0.12 = 12%), money in cents. */
export interface MemoScore {
  birdDogScore: number | null;
  investmentScore: number | null;
  riskScore: number | null;
  roiEstimate: number | null;
  confidence: number | null;
  estimatedValueCents: number | null;
  valueLowCents: number | null;
  valueHighCents: number | null;
  referencePriceCents: number | null;
  referencePriceKind: ReferencePriceKind;
  components: readonly MemoScoreComponent[];
  reasons: readonly MemoScoreReason[];
  weightsVersion: string | null;
  modelVersion: string | null;
  /** ISO 8601. */
  scoredAt: string | null;
}

/** A past sale with its price brought to the subject (size, age, time) and its share in the estimate. */
export type MemoComparable = ComparableSale & { adjustedPriceCents: number | null; weight: number | null };

/** How a financial metric's number is read: `usd` in dollars, `percent` as a share (0.08 = 8%), the rest as they are. */
export type FinancialUnit = 'usd' | 'ratio' | 'percent' | 'years' | 'months' | 'score';

/** One of the financial metrics. `basis` says in words what it was computed from. */
export interface MemoFinancial {
  code: string;
  label: string;
  value: number | null;
  unit: FinancialUnit;
  basis: string;
  /** True when a value it was computed from came from an offline simulator. */
  simulated?: boolean;
}

/** Whom the reader turns to. `url` is shown as a link only when it is http(s). */
export interface MemoTenant {
  name: string;
  callToAction: { text: string; email?: string; url?: string };
}

/** Everything a memo says. Null means unknown, and the memo says so with the reason. */
export interface MemoInput {
  property: Property;
  county: MemoCounty;
  score: MemoScore;
  comparables: readonly MemoComparable[];
  financials: readonly MemoFinancial[];
  tenant: MemoTenant;
  /** Pictures as data: URIs (image/jpeg, png, webp, gif); any other address is left out. */
  images: readonly string[];
  /** ISO 8601; printed in the memo, so the same value is needed for the same bytes. */
  generatedAt: string;
}
