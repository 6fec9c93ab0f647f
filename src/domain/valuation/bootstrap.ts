import { ReosError } from '../errors.ts';
import { quantileOfSorted } from './quantile.ts';
import { createRandom, type Random } from './random.ts';

/** A number with its interval of confidence. */
export interface Estimate {
  value: number;
  low: number;
  high: number;
}

export interface BootstrapOptions {
  /** Default 2,000. */
  resamples?: number;
  /** Default 7. The same seed gives the same interval. */
  seed?: number;
  /** Default 0.95. */
  level?: number;
}

/**
 * Percentile interval (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 13): the quantiles
 * (1 − level) / 2 and (1 + level) / 2 of the resampled estimates by linear interpolation (type 7). Estimates that are not
 * finite are left out; without any, both ends are NaN.
 */
export function percentileInterval(estimates: Float64Array, level = 0.95): { low: number; high: number } {
  const sorted = estimates.filter(Number.isFinite).sort();
  return { low: quantileOfSorted(sorted, (1 - level) / 2), high: quantileOfSorted(sorted, (1 + level) / 2) };
}

/** Draws as many rows as there are, with replacement: how often each was drawn is written into `counts`. */
export function drawCounts(random: Random, counts: Uint32Array): void {
  counts.fill(0);
  const n = counts.length;
  for (let i = 0; i < n; i += 1) counts[random.below(n)]! += 1;
}

/** Median of ascending values of which each counts `counts[order[i]]` times. The counts sum to the number of values. */
export function countedMedian(sorted: Float64Array, counts: Uint32Array, order: Uint32Array | null = null): number {
  const n = sorted.length;
  const lower = Math.floor((n - 1) / 2);
  const upper = Math.floor(n / 2);
  let seen = 0;
  let low = Number.NaN;
  for (let i = 0; i < n; i += 1) {
    seen += counts[order === null ? i : order[i]!]!;
    if (Number.isNaN(low) && seen > lower) low = sorted[i]!;
    if (seen > upper) return low + (sorted[i]! - low) / 2;
  }
  return Number.NaN;
}

/**
 * How much larger the median absolute error of A is than that of B on the same rows, with its percentile interval: each
 * resample draws the rows once, for both. Below 0 throughout: A is better. The order of the rows does not matter.
 * @param errorsA one error per row, with or without sign; fractions or dollars, as B
 * @throws ReosError `validation` when there are no rows, the lengths differ or an error is not a number
 */
export function pairedBootstrap(
  errorsA: ArrayLike<number>,
  errorsB: ArrayLike<number>,
  { resamples = 2000, seed = 7, level = 0.95 }: BootstrapOptions = {},
): Estimate {
  const n = errorsA.length;
  if (n === 0 || n !== errorsB.length)
    throw new ReosError(
      'validation',
      `Two models are compared on the same rows, at least one: got ${n} and ${errorsB.length} errors.`,
    );
  const absA = Float64Array.from(errorsA, Math.abs);
  const absB = Float64Array.from(errorsB, Math.abs);
  const bad = absA.findIndex((error, i) => !Number.isFinite(error) || !Number.isFinite(absB[i]));
  if (bad >= 0)
    throw new ReosError('validation', `Row ${bad} of the comparison has an error that is not a number.`, {
      details: { row: bad },
    });
  // Rows sorted by both errors: the draw then depends on the set of rows alone, and a median is one scan of counts.
  const byA = Uint32Array.from({ length: n }, (_, i) => i).sort((i, j) => absA[i]! - absA[j]! || absB[i]! - absB[j]!);
  const a = Float64Array.from(byA, (i) => absA[i]!);
  const paired = Float64Array.from(byA, (i) => absB[i]!);
  const byB = Uint32Array.from({ length: n }, (_, i) => i).sort((i, j) => paired[i]! - paired[j]! || i - j);
  const b = Float64Array.from(byB, (i) => paired[i]!);
  const random = createRandom(seed);
  const counts = new Uint32Array(n).fill(1);
  const value = countedMedian(a, counts) - countedMedian(b, counts, byB);
  const differences = new Float64Array(resamples);
  for (let k = 0; k < resamples; k += 1) {
    drawCounts(random, counts);
    differences[k] = countedMedian(a, counts) - countedMedian(b, counts, byB);
  }
  return { value, ...percentileInterval(differences, level) };
}
