import { medianOf } from '../valuation/quantile.ts';

/** Turns the median absolute deviation of normal values into their standard deviation: 1 / Φ⁻¹(3/4). */
const MAD_TO_SIGMA = 1.482_602_218_505_602;

/** The middle and the spread of values, neither of which a few wild ones can move. */
export interface RobustLevel {
  median: number;
  /** 1.4826 × median absolute deviation: in the values' unit, comparable with a standard deviation. */
  sigma: number;
  count: number;
}

/** Median and scaled median absolute deviation (Hampel, 1974). Values that are NaN are left out; NaN of none. */
export function robustLevel(values: ArrayLike<number>): RobustLevel {
  const known = Float64Array.from(values).filter((value) => !Number.isNaN(value));
  const median = medianOf(known);
  const sigma = MAD_TO_SIGMA * medianOf(known.map((value) => Math.abs(value - median)));
  return { median, sigma, count: known.length };
}

/**
 * How many robust standard deviations a value lies above (positive) or below the history's median (Iglewicz and Hoaglin,
 * "How to Detect and Handle Outliers", 1993). Null with fewer than `needed` values.
 * @param floor the least spread that is believed, in the values' unit: a flat history makes no alarm out of nothing
 */
export function robustZ(value: number, history: ArrayLike<number>, floor: number, needed = 8): number | null {
  const { median, sigma, count } = robustLevel(history);
  if (count < needed || Number.isNaN(value)) return null;
  return (value - median) / Math.max(sigma, floor);
}

/**
 * Slope of y over x by the median of the slopes between all pairs (Theil, 1950; Sen, 1968): up to 29% wild points do not
 * move it. NaN with fewer than two points of different x.
 */
export function theilSenSlope(xs: ArrayLike<number>, ys: ArrayLike<number>): number {
  const slopes: number[] = [];
  for (let i = 0; i < xs.length; i += 1) {
    for (let j = i + 1; j < xs.length; j += 1) {
      const run = xs[j]! - xs[i]!;
      const rise = ys[j]! - ys[i]!;
      if (run !== 0 && !Number.isNaN(rise)) slopes.push(rise / run);
    }
  }
  return medianOf(slopes);
}

/** Relative change from `before` to `after`; null when either is unknown or `before` is not positive. */
export function relativeChange(before: number | null, after: number | null): number | null {
  if (before === null || after === null || !(before > 0)) return null;
  return after / before - 1;
}
