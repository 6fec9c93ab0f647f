import { quantileOfSorted } from '../valuation/quantile.ts';
import { ratioStatistics } from '../valuation/ratio-study.ts';
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
export function pricingAccuracy(pairs: readonly PricePair[]): PricingAccuracy | null {
  const sound = pairs.filter(({ estimate, price }) => estimate > 0 && price > 0);
  if (sound.length < LEAST_SAMPLE) return null;
  const errors = Float64Array.from(sound, ({ estimate, price }) => estimate / price - 1).sort();
  const n = errors.length;
  const sizes = errors.map(Math.abs).sort();
  const reach = 0.98 * Math.sqrt(n);
  const low = Math.max(0, Math.floor(n / 2 - reach) - 1);
  const high = Math.min(n - 1, Math.ceil(n / 2 + reach));
  const { cod, prd, prb } = ratioStatistics(
    sound.map(({ estimate }) => estimate),
    sound.map(({ price }) => price),
  );
  const within = (most: number) => sizes.filter((size) => size <= most).length / n;
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

const BANDS = [200_000, 300_000, 400_000, 500_000, 750_000, 1_000_000];

/** The band of prices that a price lies in, such as `$300,000–$400,000`; bands sort by their first number. */
export function priceBand(price: number): { name: string; from: number } {
  const dollars = (value: number) => `$${value.toLocaleString('en-US')}`;
  const above = BANDS.findIndex((edge) => price < edge);
  if (above === 0) return { name: `below ${dollars(BANDS[0]!)}`, from: 0 };
  const from = above < 0 ? BANDS.at(-1)! : BANDS[above - 1]!;
  return { name: above < 0 ? `${dollars(from)} and above` : `${dollars(from)}–${dollars(BANDS[above]!)}`, from };
}
