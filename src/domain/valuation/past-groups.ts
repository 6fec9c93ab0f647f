import { countBefore } from './price-index.ts';

/** Past sales by a name they share (a plat, a postal code): how much more than expected they fetched. */
export interface PastGroups {
  byName: Map<string, { days: Float64Array; sums: Float64Array; positions: Int32Array }>;
}

/** A mean counts as if so many sales at 0 had been seen beside it. */
const PRIOR_SALES = 3;

/**
 * Groups positions by name.
 * @param days ascending or NaN throughout
 */
export function buildPastGroups(
  names: ReadonlyArray<string | null>,
  days: Float64Array,
  residuals: Float64Array,
): PastGroups {
  const members = new Map<string, number[]>();
  names.forEach((name, position) => {
    if (name === null) return;
    const list = members.get(name);
    if (list === undefined) members.set(name, [position]);
    else list.push(position);
  });
  const byName: PastGroups['byName'] = new Map();
  for (const [name, positions] of members) {
    const sums = new Float64Array(positions.length);
    let sum = 0;
    positions.forEach((position, i) => {
      sum += residuals[position]!;
      sums[i] = sum;
    });
    byName.set(name, {
      days: Float64Array.from(positions, (position) => days[position]!),
      sums,
      positions: Int32Array.from(positions),
    });
  }
  return { byName };
}

/**
 * Mean residual of the group's sales before the day, drawn to 0 when they are few, and their number. Without dates all
 * but the position `except` count.
 */
export function pastMean(
  groups: PastGroups,
  name: string | null,
  day: number,
  except: number,
  residuals: Float64Array,
): { mean: number; count: number } {
  const group = name === null ? undefined : groups.byName.get(name);
  if (group === undefined) return { mean: 0, count: 0 };
  if (Number.isNaN(day)) {
    const own = group.positions.includes(except);
    const count = group.positions.length - (own ? 1 : 0);
    const sum = group.sums[group.sums.length - 1]! - (own ? residuals[except]! : 0);
    return { mean: sum / (count + PRIOR_SALES), count };
  }
  const count = countBefore(group.days, day);
  return { mean: count === 0 ? 0 : group.sums[count - 1]! / (count + PRIOR_SALES), count };
}
