import { quantileOfSorted } from '../valuation/quantile.ts';
import { ratioStatisticsInOrder } from '../valuation/ratio-study.ts';
import { LEAST_SAMPLE } from './confidence.ts';
import type { Interval } from './probability.ts';

/** An estimate and what the home was sold for, dollars. */
export interface PricePair {
  estimate: number;
  price: number;
}

/** How close estimates came to prices. Shares and ratios; COD in percent. */
export interface PricingAccuracy {
  pairs: number;
  /** Median estimate / price − 1, with its 95% interval; above 0: estimates are too high. */
  bias: Interval;
  /** Median of |estimate / price − 1|. */
  medianError: number;
  within5: number;
  within10: number;
  within20: number;
  cod: number;
  prd: number;
  /** Null where all homes are worth the same. */
  prb: number | null;
}

/**
 * Accuracy of estimates. Null with fewer than five pairs. COD, PRD and PRB are those of the ratio standard. The interval of
 * the bias is that of a median by order statistics: ranks n/2 ∓ 0.98 √n, which assumes no distribution.
 */
export const pricingAccuracy = (pairs: readonly PricePair[]): PricingAccuracy | null =>
  pricingAccuracyOf(
    pairs.map(({ estimate }) => estimate),
    pairs.map(({ price }) => price),
  );

/** `pricingAccuracy` of two lists of equal length; pairs with an unknown side (NaN) are left out. */
export function pricingAccuracyOf(estimates: ArrayLike<number>, prices: ArrayLike<number>): PricingAccuracy | null {
  const sound = soundPairs(estimates, prices);
  const n = sound.prices.length;
  if (n < LEAST_SAMPLE) return null;
  const errors = errorsOf(sound);
  const sizes = errors.map(Math.abs).sort();
  const reach = 0.98 * Math.sqrt(n);
  const low = Math.max(0, Math.floor(n / 2 - reach) - 1);
  const high = Math.min(n - 1, Math.ceil(n / 2 + reach));
  const { cod, prd, prb } = ratioStatisticsInOrder(sound.estimates, sound.prices);
  const within = (most: number) => (sizes.findLastIndex((size) => size <= most) + 1) / n;
  return {
    pairs: n,
    bias: { value: quantileOfSorted(errors, 0.5), low: errors[low]!, high: errors[high]! },
    medianError: quantileOfSorted(sizes, 0.5),
    within5: within(0.05),
    within10: within(0.1),
    within20: within(0.2),
    cod,
    prd,
    prb: Number.isNaN(prb) ? null : prb,
  };
}

/** The bias of `pricingAccuracyOf` alone, at a sixth of the work: a thousand markets are judged in one question. */
export function medianBiasOf(estimates: ArrayLike<number>, prices: ArrayLike<number>): number | null {
  const sound = soundPairs(estimates, prices);
  return sound.prices.length < LEAST_SAMPLE ? null : quantileOfSorted(errorsOf(sound), 0.5);
}

interface Pairs {
  estimates: Float64Array;
  prices: Float64Array;
}

/** The pairs both sides of which are above 0, in their order. */
function soundPairs(estimates: ArrayLike<number>, prices: ArrayLike<number>): Pairs {
  const kept = { estimates: new Float64Array(prices.length), prices: new Float64Array(prices.length) };
  let count = 0;
  for (let at = 0; at < prices.length; at += 1) {
    if (!(estimates[at]! > 0 && prices[at]! > 0)) continue;
    kept.estimates[count] = estimates[at]!;
    kept.prices[count] = prices[at]!;
    count += 1;
  }
  return { estimates: kept.estimates.subarray(0, count), prices: kept.prices.subarray(0, count) };
}

/** Estimate / price − 1 of each, ascending. */
const errorsOf = ({ estimates, prices }: Pairs): Float64Array =>
  estimates.map((estimate, at) => estimate / prices[at]! - 1).sort();

const BANDS = [200_000, 300_000, 400_000, 500_000, 750_000, 1_000_000];

/** The band below each edge, and the one above all. */
const NAMED_BANDS = [...BANDS, Number.POSITIVE_INFINITY].map((edge, at) => {
  const dollars = (value: number) => `$${value.toLocaleString('en-US')}`;
  const from = BANDS[at - 1] ?? 0;
  if (at === 0) return { name: `below ${dollars(edge)}`, from };
  return {
    name: edge === Number.POSITIVE_INFINITY ? `${dollars(from)} and above` : `${dollars(from)}–${dollars(edge)}`,
    from,
  };
});

/** The band of prices that a price lies in, such as `$300,000–$400,000`; bands sort by their first number. */
export function priceBand(price: number): { name: string; from: number } {
  return NAMED_BANDS[BANDS.findIndex((edge) => price < edge)] ?? NAMED_BANDS.at(-1)!;
}
