import type { Booster, LightGbm, Params } from './lightgbm/lightgbm.ts';
import type { SalesMatrix } from './matrix.ts';

/** One boosted model: whether it learns the value or the correction of the local value, and from which seed. */
export interface MemberSettings {
  base: 'none' | 'local';
  seed: number;
  rounds: number;
}

/** How the parts are mixed; the shares sum to 1. */
export interface Blend {
  trees: number;
  local: number;
  hedonic: number;
}

export interface Member extends MemberSettings {
  booster: Booster;
}

/** Rows [0, to) of a matrix to learn from; [to, validTo) to stop by. */
export interface FitRange {
  to: number;
  validTo?: number;
}

/** Least absolute error of the logarithm: it aims at the median, and wild prices do not pull it. */
const OBJECTIVE = { objective: 'regression_l1', metric: 'l1' };
const MOST_ROUNDS = 1_500;
const PATIENCE = 50;

/** Trains one member. With `validTo` it stops early on those rows; else it runs for the settings' rounds. */
export async function fitMember(
  lightgbm: LightGbm,
  matrix: SalesMatrix,
  range: FitRange,
  settings: MemberSettings,
  params: Params,
  signal?: AbortSignal,
): Promise<Member> {
  const { to, validTo } = range;
  const { columns, values } = matrix;
  const label =
    settings.base === 'none' ? matrix.targets : matrix.targets.map((target, i) => target - matrix.local[i]!);
  const part = (from: number, end: number) => ({
    values: values.subarray(from * columns, end * columns),
    rows: end - from,
    cols: columns,
    label: label.subarray(from, end),
  });
  const train = lightgbm.dataset(part(0, to));
  const valid = validTo === undefined ? null : lightgbm.dataset({ ...part(to, validTo), reference: train });
  try {
    const booster = await lightgbm.train({
      train,
      ...(valid === null ? {} : { valid, earlyStoppingRounds: PATIENCE }),
      params: { ...params, ...OBJECTIVE, seed: settings.seed },
      rounds: valid === null ? settings.rounds : MOST_ROUNDS,
      ...(signal === undefined ? {} : { signal }),
    });
    return { ...settings, rounds: booster.bestIteration, booster };
  } finally {
    valid?.free();
    train.free();
  }
}

/** The members' mean on rows [from, to), without the level of prices. */
export function predictMembers(
  members: readonly Member[],
  matrix: Pick<SalesMatrix, 'values' | 'columns' | 'local'>,
  from: number,
  to: number,
): Float64Array {
  const rows = to - from;
  const values = matrix.values.subarray(from * matrix.columns, to * matrix.columns);
  const sum = new Float64Array(rows);
  for (const { booster, base } of members) {
    const raw = booster.predict(values, rows);
    for (let i = 0; i < rows; i += 1) sum[i] = sum[i]! + raw[i]! + (base === 'local' ? matrix.local[from + i]! : 0);
  }
  return sum.map((value) => value / members.length);
}

/** Trees, local and hedonic value mixed, without the level of prices. */
export function mix(blend: Blend, trees: Float64Array, local: Float64Array, hedonic: Float64Array): Float64Array {
  return trees.map((value, i) => blend.trees * value + blend.local * local[i]! + blend.hedonic * hedonic[i]!);
}

/**
 * The shares, in tenths, with the least mean absolute error of the logarithm on rows that the trees had not seen; the
 * trees keep at least half.
 */
export function chooseBlend(
  trees: Float64Array,
  local: Float64Array,
  hedonic: Float64Array,
  targets: Float64Array,
): Blend {
  let best: { blend: Blend; loss: number } = {
    blend: { trees: 1, local: 0, hedonic: 0 },
    loss: Number.POSITIVE_INFINITY,
  };
  for (let l = 0; l <= 5; l += 1) {
    for (let h = 0; h + l <= 5; h += 1) {
      const blend = { trees: (10 - l - h) / 10, local: l / 10, hedonic: h / 10 };
      const mixed = mix(blend, trees, local, hedonic);
      const loss = mixed.reduce((sum, value, i) => sum + Math.abs(value - targets[i]!), 0) / mixed.length;
      if (loss < best.loss - 1e-12) best = { blend, loss };
    }
  }
  return best.blend;
}
