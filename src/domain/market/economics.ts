import { LEAST_SAMPLE } from './confidence.ts';
import { type Interval, shrunk, Z90 } from './probability.ts';

/** A mean of so many values with their standard deviation; null where it is not known. */
export interface MeanOf {
  count: number;
  mean: number | null;
  deviation: number | null;
}

/** As many homes of a market weigh as much as all markets do. */
export const ECONOMICS_STRENGTH = 10;

/** Mean and deviation of all groups taken together; zeros of nothing. */
export function pooledMean(groups: readonly MeanOf[]): { count: number; mean: number; deviation: number } {
  const known = groups.filter(({ count, mean }) => count > 0 && mean !== null);
  const count = known.reduce((sum, group) => sum + group.count, 0);
  if (count === 0) return { count: 0, mean: 0, deviation: 0 };
  const mean = known.reduce((sum, group) => sum + group.count * group.mean!, 0) / count;
  const squares = known.reduce(
    (sum, group) => sum + (group.count - 1) * (group.deviation ?? 0) ** 2 + group.count * (group.mean! - mean) ** 2,
    0,
  );
  return { count, mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0 };
}

/**
 * A market's mean, weighed n : 10 against all markets, with its 90% interval: the spread of all homes over √(n + 10). Null
 * when all markets together have fewer than five homes.
 */
export function marketMean(own: MeanOf | undefined, pool: ReturnType<typeof pooledMean>): Interval | null {
  if (pool.count < LEAST_SAMPLE) return null;
  const count = own?.count ?? 0;
  const value = shrunk(own?.mean ?? Number.NaN, count, pool.mean, ECONOMICS_STRENGTH);
  const half = (Z90 * pool.deviation) / Math.sqrt(count + ECONOMICS_STRENGTH);
  return { value, low: value - half, high: value + half };
}
