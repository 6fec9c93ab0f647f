import { medianOf, quantileOfSorted } from '../valuation/quantile.ts';

type Values = ReadonlyArray<number | null>;

/** A slope with the interval that holds it 90 times of 100. */
export interface Slope {
  value: number;
  low: number;
  high: number;
  pairs: number;
}

/** Standard normal quantile of 95%: 5% are left out at each end. */
const NORMAL_90 = 1.644_853_626_951_472_2;

/**
 * Theil–Sen slope per period with its interval by Sen's method (Sen, 1968; Gilbert, "Statistical Methods for Environmental
 * Pollution Monitoring", 1987, 16.5): ranks of the pairwise slopes from the variance of Kendall's S, n(n−1)(2n+5)/18.
 * Null with fewer than three values.
 * @param values one per period, oldest first, null where missing
 */
export function slopeOf(values: Values): Slope | null {
  const known = values.flatMap((value, at) => (value === null ? [] : [{ at, value }]));
  const n = known.length;
  if (n < 3) return null;
  const slopes = new Float64Array((n * (n - 1)) / 2);
  let count = 0;
  for (let i = 0; i < n; i += 1) {
    for (let j = i + 1; j < n; j += 1) {
      slopes[count] = (known[j]!.value - known[i]!.value) / (known[j]!.at - known[i]!.at);
      count += 1;
    }
  }
  slopes.sort();
  const half = NORMAL_90 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  // Ranks M₁ and M₂ + 1 of the sorted slopes, counted from 1, between which it is interpolated.
  const at = (rank: number) => quantileOfSorted(slopes, Math.max(0, Math.min(1, (rank - 1) / (count - 1))));
  return {
    value: quantileOfSorted(slopes, 0.5),
    low: at((count - half) / 2),
    high: at((count + half) / 2 + 1),
    pairs: count,
  };
}

/** Change from the same period a year before: relative for amounts, a difference for shares; null where either is missing. */
export function yearChanges(values: Values, perYear: number, isRelative: boolean): Array<number | null> {
  return values.map((value, at) => changeOf(values[at - perYear] ?? null, value, isRelative));
}

/** Change between two values; null when either is missing, or when it is relative to nothing. */
export function changeOf(before: number | null, after: number | null, isRelative: boolean): number | null {
  if (before === null || after === null || (isRelative && !(before > 0))) return null;
  return isRelative ? after / before - 1 : after - before;
}

/** Where a figure is going. */
export type Direction = 'rising' | 'falling' | 'flat' | 'mixed' | 'unknown';

/** How the direction was found: from changes to a year before, which have no season in them, or from the slope alone. */
export interface DirectionFinding {
  direction: Direction;
  method: 'year_over_year' | 'slope' | 'none';
}

/** Changes smaller than this a year count as none: half a percent of an amount, 0.2 points of a share. */
export const FLAT = { relative: 0.005, difference: 0.002 } as const;
/** Share of the newest yearly changes that must point one way. */
const AGREEING = 0.75;
/** Values below which no direction is named. */
const LEAST_VALUES = 5;

/**
 * The word for a trend. With yearly changes in the newest quarter of a year: their median decides, and three quarters of
 * them must agree (else `mixed`). Without: the slope's interval must lie on one side of zero (else `flat`, when even its
 * ends are small over a year, or `mixed`).
 * @param level the newest value, by which the slope of an amount is measured
 */
export function directionOf(
  changes: Values,
  slope: Slope | null,
  about: { perYear: number; isRelative: boolean; level: number | null; known: number },
): DirectionFinding {
  const { perYear, isRelative, level, known } = about;
  const flat = isRelative ? FLAT.relative : FLAT.difference;
  const newest = changes.slice(-Math.max(2, perYear / 4)).filter((value) => value !== null);
  if (newest.length >= 2) {
    const median = medianOf(newest);
    if (Math.abs(median) <= flat) return { direction: 'flat', method: 'year_over_year' };
    const agreeing = newest.filter((value) => Math.sign(value) === Math.sign(median)).length / newest.length;
    const word = median > 0 ? 'rising' : 'falling';
    return { direction: agreeing >= AGREEING ? word : 'mixed', method: 'year_over_year' };
  }
  if (slope === null || known < LEAST_VALUES) return { direction: 'unknown', method: 'none' };
  const unit = isRelative ? Math.abs(level ?? 0) : 1;
  if (slope.low > 0) return { direction: 'rising', method: 'slope' };
  if (slope.high < 0) return { direction: 'falling', method: 'slope' };
  const isSmall = Math.max(Math.abs(slope.low), Math.abs(slope.high)) * perYear <= flat * unit;
  return { direction: isSmall ? 'flat' : 'mixed', method: 'slope' };
}

/** How much faster it goes than before, by the same method as the direction. */
export interface Acceleration {
  value: number;
  method: 'year_over_year' | 'slopes_of_halves';
}

/**
 * The newest yearly change less that of a quarter of a year earlier; without those, the slope of the later half less that
 * of the earlier half, in the figure's unit per period. Null when neither can be told.
 */
export function accelerationOf(values: Values, changes: Values, perYear: number): Acceleration | null {
  const last = changes.at(-1) ?? null;
  const before = changes.at(-1 - Math.round(perYear / 4)) ?? null;
  if (last !== null && before !== null) return { value: last - before, method: 'year_over_year' };
  const half = Math.floor(values.length / 2);
  const [early, late] = [slopeOf(values.slice(0, half)), slopeOf(values.slice(-half))];
  if (half < LEAST_VALUES || early === null || late === null) return null;
  return { value: late.value - early.value, method: 'slopes_of_halves' };
}
