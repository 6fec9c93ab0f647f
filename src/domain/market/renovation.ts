import { quantileOf } from '../valuation/quantile.ts';
import type { Interval } from './probability.ts';

/** How much work a home needs. */
export const CONDITIONS = ['cosmetic', 'moderate', 'full_gut'] as const;
export type Condition = (typeof CONDITIONS)[number];

/** Dollars per square foot where nothing was finished yet: those that deals are worked out with (config/scoring.yaml). */
export const DEFAULT_COST_PER_SQFT: Readonly<Record<Condition, number>> = { cosmetic: 15, moderate: 40, full_gut: 90 };
/** Around a default: from 0.6 to 1.6 times it. */
const DEFAULT_SPREAD = { low: 0.6, high: 1.6 };

/** As many homes of the market weigh as much as all markets do, and as many of all markets as much as the default. */
export const RENOVATION_STRENGTH = 10;

/** What a square foot costs, dollars, and where that comes from. */
export interface RenovationCost {
  /** Median; low and high are the 10th and 90th percentile of homes. */
  perSqft: Interval;
  /** Weights of the three sources; they sum to 1. */
  weights: { market: number; all_markets: number; defaults: number };
  /** The source that weighs most. */
  basis: 'market' | 'all_markets' | 'defaults';
}

/**
 * Cost per square foot of one condition. Median, 10th and 90th percentile (type 7) of the market's finished homes, weighed
 * n : 10 against those of all markets, which are weighed n : 10 against the default. As all three are weighed alike, the
 * median lies between the others.
 * @param own dollars per sqft of the market's homes
 * @param all the same of all markets
 */
export function renovationCostPerSqft(
  condition: Condition,
  own: readonly number[],
  all: readonly number[],
): RenovationCost {
  const market = own.length / (own.length + RENOVATION_STRENGTH);
  const pool = (1 - market) * (all.length / (all.length + RENOVATION_STRENGTH));
  const weights = { market, all_markets: pool, defaults: 1 - market - pool };
  const usual = DEFAULT_COST_PER_SQFT[condition];
  const blend = (p: number, otherwise: number) => {
    const of = (values: readonly number[], weight: number) => (weight > 0 ? weight * quantileOf(values, p) : 0);
    return of(own, market) + of(all, pool) + weights.defaults * otherwise;
  };
  const perSqft = {
    value: blend(0.5, usual),
    low: blend(0.1, usual * DEFAULT_SPREAD.low),
    high: blend(0.9, usual * DEFAULT_SPREAD.high),
  };
  const basis =
    market >= Math.max(pool, weights.defaults) ? 'market' : pool >= weights.defaults ? 'all_markets' : 'defaults';
  return { perSqft, weights, basis };
}
