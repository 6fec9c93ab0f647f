import { coverage } from './conformal.ts';
import { medianOf } from './quantile.ts';
import { ratioStatistics } from './ratio-study.ts';
import type { ValuationMetrics } from './training-result.ts';

/** Ends of the intervals, dollars, one per row. */
export interface IntervalColumns {
  low50: Float64Array;
  high50: Float64Array;
  low80: Float64Array;
  high80: Float64Array;
  low90: Float64Array;
  high90: Float64Array;
}

/**
 * Errors of values against the prices that were paid, as fractions: the error of a row is |value / price − 1|, `within_k`
 * counts k itself as within, R² is of dollars. `cod` is a fraction here (0.089), a percentage in a ratio study (8.9).
 * `r2` is NaN when all prices are the same, `prb` when all rows are worth the same.
 * @param values dollars
 * @param prices dollars, above 0
 * @throws ReosError `validation` for no rows, unequal lengths, a price that is not above 0, a value that is not a number
 */
export function valuationMetrics(
  values: Float64Array,
  prices: Float64Array,
  intervals?: IntervalColumns,
): ValuationMetrics {
  const ratios = ratioStatistics(values, prices);
  const errors = percentageErrors(values, prices);
  const within = (limit: number) => errors.reduce((n, error) => n + (error <= limit ? 1 : 0), 0) / errors.length;
  const held = (low: Float64Array | undefined, high: Float64Array | undefined) =>
    low === undefined || high === undefined ? null : coverage(prices, low, high);
  return {
    rows: errors.length,
    mdape: medianOf(errors),
    within_10: within(0.1),
    within_20: within(0.2),
    r2: rSquared(values, prices),
    coverage_50: held(intervals?.low50, intervals?.high50),
    coverage_80: held(intervals?.low80, intervals?.high80),
    coverage_90: held(intervals?.low90, intervals?.high90),
    median_ratio: ratios.median_ratio,
    cod: ratios.cod / 100,
    prd: ratios.prd,
    prb: ratios.prb,
  };
}

/** |value / price − 1| per row: what `mdape` is the median of, and what two models are compared by. */
export function percentageErrors(values: ArrayLike<number>, prices: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: prices.length }, (_, i) => {
    const price = prices[i] ?? Number.NaN;
    // One division: value / price − 1 would put an error of exactly 10% beyond 10%.
    return Math.abs((values[i] ?? Number.NaN) - price) / price;
  });
}

/** 1 − (sum of squared errors) / (sum of squared distances of the prices from their mean). NaN when all prices are the same. */
export function rSquared(values: ArrayLike<number>, prices: ArrayLike<number>): number {
  const n = prices.length;
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += prices[i]!;
  const mean = sum / n;
  let squaredErrors = 0;
  let squaredDistances = 0;
  for (let i = 0; i < n; i += 1) {
    squaredErrors += (prices[i]! - values[i]!) ** 2;
    squaredDistances += (prices[i]! - mean) ** 2;
  }
  return squaredDistances === 0 ? Number.NaN : 1 - squaredErrors / squaredDistances;
}
