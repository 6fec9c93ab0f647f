import type { ValuationSubject } from './sale-record.ts';

/** Interval of the value in dollars. */
export interface ValueInterval {
  low: number;
  high: number;
}

/** What a model says about one house as of a date. */
export interface Valuation {
  /** Dollars. */
  value: number;
  /** The model's own output: natural logarithm of dollars, before rounding. `value` is its exponential. */
  log: number;
  /** Intervals that held 50, 80 and 90% of later sales when they were measured on held-out time. */
  intervals: { 50: ValueInterval; 80: ValueInterval; 90: ValueInterval };
  /** Estimated probability, 0–1, that a sale closes within 20% of the value. */
  confidence: number;
  /** YYYY-MM-DD: only sales before it were looked at. */
  asOf: string;
  /** Version of the model. */
  modelVersion: string;
  /** Sentences for the reader: what was missing or out of range and by how much the interval was widened. Empty when nothing. */
  notes: string[];
}

/** One feature's part in the value. */
export interface FeatureContribution {
  feature: string;
  /** The feature's value in its unit; a category as its text; null when missing. */
  value: number | string | null;
  /** Part of the model's logarithmic output; all parts and the base sum to `Valuation.log`. */
  contribution: number;
}

/** A valuation with its exact decomposition: base + sum of contributions = log, within 1e-6. */
export interface ExplainedValuation extends Valuation {
  /** The average house of the training data, logarithm of dollars. */
  base: number;
  /** Strongest first. */
  contributions: FeatureContribution[];
}

/** A trained valuation model, ready to serve. Stateless between calls; `free` releases the library's memory. */
export interface AvmModel {
  version: string;
  market: string;
  /** Names of the features in the order of the rows. */
  featureNames: readonly string[];
  /** Columns of the source, beside the facts, that it reads of a house. */
  extraNames: readonly string[];
  /** Close date of the newest sale it learned from, YYYY-MM-DD; null when the data had no dates. */
  newestSale: string | null;
  /** @throws ReosError `validation` when the subject states too little to be valued at all: which fields are needed */
  value(subject: ValuationSubject, asOf: string): Valuation;
  /**
   * One valuation or one refusal per subject, in their order. Far faster than one by one.
   * @param seeRow may read the feature row of each that is valued as the house states it, NaN where it states nothing; the
   * row holds until it returns
   */
  valueBatch(
    subjects: readonly ValuationSubject[],
    asOf: string,
    seeRow?: (at: number, row: () => Float64Array) => void,
  ): Array<Valuation | { refused: string }>;
  explain(subject: ValuationSubject, asOf: string): ExplainedValuation;
  /**
   * The feature row that a valuation is made from, in the order of `featureNames`. What the house lacks is imputed where
   * hardly any training sale lacked it, else NaN.
   */
  featureRow(subject: ValuationSubject, asOf: string): Float64Array;
  /**
   * How alike the model finds other houses and the subject as of a day: the share of its trees that put both into one
   * leaf, 0–1, in their order; NaN for a house of which too little is known.
   */
  leafShares(subject: ValuationSubject, others: readonly ValuationSubject[], asOf: string): Float64Array;
  free(): void;
}
