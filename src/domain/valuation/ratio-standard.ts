import type { RatioMeasure, RatioStudy } from './ratio-study.ts';

/** One line of the standard held against a study. */
export interface StandardCheck {
  measure: RatioMeasure;
  /** Accepted range, both ends included. */
  low: number;
  high: number;
  value: number;
  met: boolean;
  /** The interval of confidence lies wholly outside the range: chance is no explanation. */
  surelyMissed: boolean;
  /** What a value outside the range means; null when it is met. */
  meaning: string | null;
}

/**
 * Ranges of the IAAO Standard on Ratio Studies (2013): level of appraisal 0.90–1.10 (section 9.1), COD 5–15 for
 * single-family homes of an older or mixed area (table 1-3; 5–10 where homes are new and alike, to 20 for other
 * residential), PRD 0.98–1.03 and PRB ±0.05 (section 9.2.7).
 */
export const IAAO_RANGES = [
  {
    measure: 'median_ratio',
    low: 0.9,
    high: 1.1,
    below: 'values lie below prices',
    above: 'values lie above prices',
  },
  {
    measure: 'cod',
    low: 5,
    high: 15,
    below: 'suspiciously even: values may have been set after the sale, or rows are missing',
    above: 'like houses are valued unlike',
  },
  {
    measure: 'prd',
    low: 0.98,
    high: 1.03,
    below: 'dear houses are valued higher, measured by their price',
    above: 'dear houses are valued lower, measured by their price',
  },
  {
    measure: 'prb',
    low: -0.05,
    high: 0.05,
    below: 'the ratio falls as value rises',
    above: 'the ratio rises as value rises',
  },
] as const satisfies ReadonlyArray<{
  measure: RatioMeasure;
  low: number;
  high: number;
  below: string;
  above: string;
}>;

/** Samples below this say little about level or evenness (the standard's section on sample size). */
export const IAAO_MIN_SALES = 5;

/** Holds a study against the standard, measure by measure. A measure that is NaN is not met. */
export function checkStandard(study: RatioStudy): StandardCheck[] {
  return IAAO_RANGES.map(({ measure, low, high, below, above }) => {
    const value = study[measure];
    const interval = study.intervals[measure];
    const met = value >= low && value <= high;
    const surelyMissed = !met && (interval.high < low || interval.low > high);
    const meaning = met ? null : Number.isNaN(value) ? 'it cannot be measured here' : value < low ? below : above;
    return { measure, low, high, value, met, surelyMissed, meaning };
  });
}
