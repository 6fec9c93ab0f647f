import type { MarketHistory, PastView } from '../market-history.ts';
import type { ValuationFacts, ValuationSubject } from '../sale-record.ts';

/** What a feature is worked out from: a house, a day, and the past of its market as of that day. */
export interface FeatureContext {
  subject: ValuationSubject;
  facts: ValuationFacts;
  /** Day number of the valuation; NaN where the market's sales have no dates. */
  day: number;
  past: PastView;
  history: MarketHistory;
  /** Age in years as of the day, and since the last renovation (or construction); NaN when unknown. */
  age: number;
  effectiveAge: number;
}

export type ValuationFeatureFamily = 'property' | 'location' | 'market' | 'comparables';

/** One number of the feature row that the valuation model reads. */
export interface ValuationFeature {
  name: string;
  unit: string;
  family: ValuationFeatureFamily;
  /** Where it comes from: fields of the house by RESO name, the calendar, or past sales. */
  source: string;
  meaning: string;
  /**
   * `missing`: NaN, which the trees send the way that fitted training best, where the fact behind it was not imputed.
   * `zero`: nothing known means no effect.
   */
  nullPolicy: 'missing' | 'zero';
  /** True when it is added to the output one to one and hidden from the trees. */
  isOffset?: true;
  /** NaN when missing. Reads sales through `past` alone, which ends before the day. */
  compute: (context: FeatureContext) => number;
}

/** NaN for null and for what is no number. */
export const orNaN = (value: number | null): number => (value === null || !Number.isFinite(value) ? Number.NaN : value);

/** a / b; NaN when either is unknown or b is not above 0. */
export const ratioOf = (a: number, b: number): number => (b > 0 ? a / b : Number.NaN);

/** NaN unless above 0. */
export const positive = (value: number | null): number => (value !== null && value > 0 ? value : Number.NaN);
