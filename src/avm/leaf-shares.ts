import type { Member } from './ensemble.ts';

/**
 * For each row but the first: the share of all members' trees in which it falls into the same leaf as the first, 0–1.
 * @param rowsOf the rows as a kind of member reads them
 */
export function leafShares(
  members: readonly Member[],
  count: number,
  rowsOf: (kind: Member['kind']) => Float64Array,
): Float64Array {
  const shared = new Float64Array(Math.max(0, count - 1));
  if (shared.length === 0) return shared;
  let trees = 0;
  for (const { kind, booster } of members) {
    const leaves = booster.leaves(rowsOf(kind), count);
    const perRow = leaves.length / count;
    trees += perRow;
    for (let row = 1; row < count; row += 1) {
      let same = 0;
      for (let tree = 0; tree < perRow; tree += 1) if (leaves[tree] === leaves[row * perRow + tree]) same += 1;
      shared[row - 1] = shared[row - 1]! + same;
    }
  }
  return shared.map((same) => (trees === 0 ? Number.NaN : same / trees));
}
