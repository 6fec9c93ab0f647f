import { decay } from './decay.ts';
import type { NearestFound } from './kd-tree.ts';
import { quantileOfSorted } from './quantile.ts';

/** Mean over the found, nearer ones counting for more; NaN without any that has a value. */
export function meanAround(found: NearestFound, values: Float64Array): number {
  let sum = 0;
  let weights = 0;
  for (let i = 0; i < found.count; i += 1) {
    const value = values[found.positions[i]!]!;
    if (Number.isNaN(value)) continue;
    const weight = decay(Math.sqrt(found.squares[i]!));
    sum += weight * value;
    weights += weight;
  }
  return weights > 0 ? sum / weights : Number.NaN;
}

/**
 * Median over the found; NaN without any that has a value.
 * @param room for as many values as may be found
 */
export function medianAround(found: NearestFound, of: (position: number) => number, room: Float64Array): number {
  let count = 0;
  for (let i = 0; i < found.count; i += 1) {
    const value = of(found.positions[i]!);
    if (Number.isNaN(value)) continue;
    room[count] = value;
    count += 1;
  }
  return quantileOfSorted(room.subarray(0, count).sort(), 0.5);
}

/** Distance to the nearest of the found; NaN without any. */
export function nearestAround(found: NearestFound): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < found.count; i += 1) least = Math.min(least, found.squares[i]!);
  return found.count === 0 ? Number.NaN : Math.sqrt(least);
}
