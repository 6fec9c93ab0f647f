import { ReosError } from '../errors.ts';

/**
 * Half-widths that hold the stated share of later sales, from the scores (absolute errors, or errors divided by their
 * expected size) of sales that the model had not seen. Split conformal prediction (Vovk, Gammerman and Shafer, 2005; Lei
 * et al., "Distribution-free predictive inference for regression", 2018): the ⌈(n + 1)·level⌉-th smallest score, which
 * holds at least `level` of exchangeable new sales whatever the errors' shape.
 * @param levels shares between 0 and 1, such as 0.5, 0.8, 0.9
 * @returns one per level, in their order; Infinity where there are too few scores to promise that share
 * @throws ReosError `validation` for a level outside (0, 1) or a score that is not a number
 */
export function conformalQuantiles(scores: ArrayLike<number>, levels: readonly number[]): number[] {
  const sorted = Float64Array.from(scores).sort();
  const n = sorted.length;
  // NaN sorts to the end.
  if (n > 0 && Number.isNaN(sorted[n - 1]))
    throw new ReosError('validation', 'An interval cannot be made: one of the scores is not a number.');
  return levels.map((level) => {
    if (!(level > 0 && level < 1))
      throw new ReosError('validation', `An interval's level is a share between 0 and 1, not ${level}.`);
    // 0.9 × 10 must be rank 9, not 10, whatever the last bit of the product.
    const rank = Math.max(1, Math.ceil((n + 1) * level - 1e-9));
    return rank > n ? Number.POSITIVE_INFINITY : (sorted[rank - 1] ?? Number.POSITIVE_INFINITY);
  });
}

/**
 * Share of prices inside their intervals, both ends included.
 * @throws ReosError `validation` when the lengths differ or there are no rows
 */
export function coverage(prices: ArrayLike<number>, lows: ArrayLike<number>, highs: ArrayLike<number>): number {
  const n = prices.length;
  if (n === 0 || lows.length !== n || highs.length !== n)
    throw new ReosError(
      'validation',
      `Coverage needs one interval per price, at least one: got ${n} prices, ${lows.length} lower and ${highs.length} upper ends.`,
    );
  let inside = 0;
  for (let i = 0; i < n; i += 1) if (prices[i]! >= lows[i]! && prices[i]! <= highs[i]!) inside += 1;
  return inside / n;
}
