import type { Booster, LightGbm, Params } from './lightgbm/lightgbm.ts';
import type { SalesMatrix } from './matrix.ts';

/**
 * What a boosted model learns: the value from the whole row (`direct`), the correction of the local value from the whole
 * row (`correction`), or the value from what the house itself states (`plain`). Their mistakes differ; their mean is
 * better than each.
 */
export const MEMBER_KINDS = ['direct', 'correction', 'plain'] as const;
export type MemberKind = (typeof MEMBER_KINDS)[number];
export type Rounds = Record<MemberKind, number>;

/** One boosted model. */
export interface Member {
  kind: MemberKind;
  booster: Booster;
}

/** How the parts are mixed; the shares sum to 1. `trees` are the direct and the correcting members, half each. */
export interface Blend {
  trees: number;
  plain: number;
  local: number;
  hedonic: number;
}

/** The part of a matrix that values are made from. */
export type Rows = Pick<SalesMatrix, 'values' | 'columns' | 'plain' | 'local' | 'hedonic'>;

/** Rows [0, to) of a matrix to learn from; [to, validTo) to stop by. */
export interface FitRange {
  to: number;
  validTo?: number;
}

/** Least absolute error of the logarithm: it aims at the median, and wild prices do not pull it. */
const OBJECTIVE = { objective: 'regression_l1', metric: 'l1' };
const MOST_ROUNDS = 1_500;
const PATIENCE = 50;

/** Trains one member. With `validTo` it stops early on those rows; else it runs for so many rounds. */
export async function fitMember(
  lightgbm: LightGbm,
  matrix: SalesMatrix,
  range: FitRange,
  settings: { kind: MemberKind; seed: number; rounds: number },
  params: Params,
  signal?: AbortSignal,
): Promise<Member> {
  const { kind, seed } = settings;
  const { to, validTo } = range;
  const columns = kind === 'plain' ? matrix.plain.length : matrix.columns;
  const categorical = kind === 'plain' ? matrix.categorical.map((at) => matrix.plain.indexOf(at)) : matrix.categorical;
  const label = kind === 'correction' ? matrix.targets.map((target, i) => target - matrix.local[i]!) : matrix.targets;
  const part = (from: number, end: number) => ({
    values: valuesFor(kind, matrix, from, end),
    rows: end - from,
    cols: columns,
    label: label.subarray(from, end),
    categorical,
  });
  const train = lightgbm.dataset(part(0, to));
  const valid = validTo === undefined ? null : lightgbm.dataset({ ...part(to, validTo), reference: train });
  try {
    const booster = await lightgbm.train({
      train,
      ...(valid === null ? {} : { valid, earlyStoppingRounds: PATIENCE }),
      params: { ...params, ...OBJECTIVE, seed },
      rounds: valid === null ? settings.rounds : MOST_ROUNDS,
      ...(signal === undefined ? {} : { signal }),
    });
    return { kind, booster };
  } finally {
    valid?.free();
    train.free();
  }
}

/** Rows [from, to) as the kind of member reads them. */
export function valuesFor(
  kind: MemberKind,
  rows: Pick<Rows, 'values' | 'columns' | 'plain'>,
  from: number,
  to: number,
): Float64Array {
  const { columns, plain, values } = rows;
  if (kind !== 'plain') return values.subarray(from * columns, to * columns);
  const picked = new Float64Array((to - from) * plain.length);
  for (let row = from; row < to; row += 1) {
    const at = (row - from) * plain.length;
    for (let c = 0; c < plain.length; c += 1) picked[at + c] = values[row * columns + plain[c]!]!;
  }
  return picked;
}

/** The mean of the members of each side, on rows [from, to), without the level of prices. Zero where a side has none. */
export function predictMembers(
  members: readonly Member[],
  rows: Rows,
  from: number,
  to: number,
): { trees: Float64Array; plain: Float64Array } {
  const sums = { trees: new Float64Array(to - from), plain: new Float64Array(to - from) };
  const counts = { trees: 0, plain: 0 };
  for (const { booster, kind } of members) {
    const side = kind === 'plain' ? 'plain' : 'trees';
    const raw = booster.predict(valuesFor(kind, rows, from, to), to - from);
    const sum = sums[side];
    for (let i = 0; i < sum.length; i += 1) {
      sum[i] = sum[i]! + raw[i]! + (kind === 'correction' ? rows.local[from + i]! : 0);
    }
    counts[side] += 1;
  }
  return {
    trees: sums.trees.map((value) => value / Math.max(1, counts.trees)),
    plain: sums.plain.map((value) => value / Math.max(1, counts.plain)),
  };
}

/** All parts mixed, on rows [from, to), without the level of prices. */
export function mixMembers(
  blend: Blend,
  members: readonly Member[],
  rows: Rows,
  from: number,
  to: number,
): Float64Array {
  const { trees, plain } = predictMembers(members, rows, from, to);
  return mix(blend, { trees, plain, local: rows.local.subarray(from, to), hedonic: rows.hedonic.subarray(from, to) });
}

/** The parts' logarithms mixed by their shares. */
export function mix(blend: Blend, parts: Record<keyof Blend, Float64Array>): Float64Array {
  const { trees, plain, local, hedonic } = parts;
  return trees.map(
    (value, i) => blend.trees * value + blend.plain * plain[i]! + blend.local * local[i]! + blend.hedonic * hedonic[i]!,
  );
}

/** Mixtures that are this close to the best one are as good: what separates them is chance. */
const AS_GOOD = 1.005;

/**
 * The mean of all shares, in tenths, whose mean absolute error of the logarithm on rows that the trees had not seen comes
 * within half a percent of the least: steadier than the best one alone. The trees keep at least four tenths.
 */
export function chooseBlend(parts: Record<keyof Blend, Float64Array>, targets: Float64Array): Blend {
  const tried: Array<{ blend: Blend; loss: number }> = [];
  for (let plain = 0; plain <= 6; plain += 1) {
    for (let local = 0; plain + local <= 6; local += 1) {
      for (let hedonic = 0; plain + local + hedonic <= 6; hedonic += 1) {
        const trees = 10 - plain - local - hedonic;
        const blend = { trees: trees / 10, plain: plain / 10, local: local / 10, hedonic: hedonic / 10 };
        const mixed = mix(blend, parts);
        const loss = mixed.reduce((sum, value, i) => sum + Math.abs(value - targets[i]!), 0) / mixed.length;
        tried.push({ blend, loss });
      }
    }
  }
  const least = Math.min(...tried.map(({ loss }) => loss));
  const good = tried.filter(({ loss }) => loss <= least * AS_GOOD);
  const mean = (part: keyof Blend) => good.reduce((sum, { blend }) => sum + blend[part], 0) / good.length;
  return { trees: mean('trees'), plain: mean('plain'), local: mean('local'), hedonic: mean('hedonic') };
}
