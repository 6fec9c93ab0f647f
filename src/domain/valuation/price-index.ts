/** How the level of prices moved, as it could be seen on each day from the sales before it. */
export interface PriceIndex {
  /** Weight of a sale falls to 1/e in so many days. */
  bandwidthDays: number;
  /** Days with sales, ascending. */
  days: Float64Array;
  /** Weighted sum of residuals up to and including each day, and the sum of weights, both as of that day. */
  sums: Float64Array;
  weights: Float64Array;
}

/** An index that knows so little stays near 0: as if so many sales at 0 had been seen. */
const PRIOR_SALES = 3;

/**
 * Builds the index from the residuals of a model that knows no time.
 * @param days ascending, one per sale; NaN for sales without a date, which have no say
 */
export function buildPriceIndex(days: Float64Array, residuals: Float64Array, bandwidthDays: number): PriceIndex {
  const seen: number[] = [];
  const sums: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < days.length; i += 1) {
    const day = days[i]!;
    if (Number.isNaN(day)) continue;
    const last = seen.length - 1;
    if (last < 0 || seen[last] !== day) {
      const decay = last < 0 ? 0 : Math.exp(-(day - seen[last]!) / bandwidthDays);
      seen.push(day);
      sums.push(last < 0 ? 0 : sums[last]! * decay);
      weights.push(last < 0 ? 0 : weights[last]! * decay);
    }
    const at = seen.length - 1;
    sums[at] = sums[at]! + residuals[i]!;
    weights[at] = weights[at]! + 1;
  }
  return {
    bandwidthDays,
    days: Float64Array.from(seen),
    sums: Float64Array.from(sums),
    weights: Float64Array.from(weights),
  };
}

/** The level (logarithm) that sales strictly before the day show; 0 without any, and for NaN. */
export function priceLevel(index: PriceIndex, day: number): number {
  const at = countBefore(index.days, day) - 1;
  if (at < 0) return 0;
  const decay = Math.exp(-(day - index.days[at]!) / index.bandwidthDays);
  const weight = index.weights[at]! * decay;
  // A quiet time leaves the level where it was: only the number of sales behind it counts, not how long ago they were.
  return (index.sums[at]! * decay) / (weight + PRIOR_SALES * decay);
}

/** How many of the ascending numbers lie strictly before the value; 0 for NaN. */
export function countBefore(ascending: Float64Array, value: number): number {
  if (Number.isNaN(value)) return 0;
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Standard error that the level may have from the chance of which houses sold. */
const LEVEL_ERROR = 0.005;
const LEAST_DAYS = 7;
const MOST_DAYS = 365;

/**
 * The shortest bandwidth that still averages enough sales for a standard error of half a percent: a level that follows a
 * turn of the market late is wrong for every house, one that is a little noisy for none by much. An exponential window of
 * so many days averages twice as many sales as fall into it.
 * @param scale spread of a single sale's residual (standard deviation)
 */
export function chooseBandwidth(days: Float64Array, scale: number): number {
  const dated = days.filter((day) => !Number.isNaN(day));
  const span = dated.length < 2 ? 0 : dated[dated.length - 1]! - dated[0]!;
  if (span === 0) return MOST_DAYS;
  const perDay = dated.length / (span + 1);
  const wanted = (scale / LEVEL_ERROR) ** 2 / (2 * perDay);
  return Math.round(Math.max(LEAST_DAYS, Math.min(MOST_DAYS, wanted)));
}
