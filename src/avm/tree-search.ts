import type { Random } from '../domain/valuation/random.ts';
import type { SearchTrial } from '../domain/valuation/training-result.ts';
import { fitMember } from './ensemble.ts';
import type { LightGbm, Params } from './lightgbm/lightgbm.ts';
import type { SalesMatrix } from './matrix.ts';

/** What the search of the boosted part varies, and the values it draws from. */
const CHOICES = {
  num_leaves: [7, 15, 31, 47, 63],
  min_data_in_leaf: [8, 15, 25, 40],
  feature_fraction: [0.25, 0.35, 0.5, 0.7],
  bagging_fraction: [0.6, 0.75, 0.9],
  lambda_l2: [0.5, 2, 5, 15],
} as const;

const FIXED = { learning_rate: 0.05, bagging_freq: 1 };

/** What the first trial uses: the field's usual leaves and rate, with the sampling that wide rows want. */
const START = { num_leaves: 31, min_data_in_leaf: 20, feature_fraction: 0.5, bagging_fraction: 0.75, lambda_l2: 3 };

export interface TreeSearch {
  params: Params;
  /** Rounds at which each base stopped on the validation rows. */
  rounds: { none: number; local: number };
  trials: SearchTrial[];
}

/**
 * Draws parameters at random, trains a member of each base on the rows before the validation months, and keeps the set
 * with the least mean absolute error of their mean there. Seeded; every trial is kept.
 */
export async function searchTrees(
  lightgbm: LightGbm,
  matrix: SalesMatrix,
  options: { to: number; validTo: number; trials: number; random: Random; seed: number; signal?: AbortSignal },
): Promise<TreeSearch> {
  const { to, validTo, random, seed, signal } = options;
  const results: Array<{ params: Record<string, number>; rounds: TreeSearch['rounds']; loss: number }> = [];
  for (let trial = 0; trial < Math.max(1, options.trials); trial += 1) {
    const drawn = trial === 0 ? START : draw(random, to);
    const params = { ...FIXED, ...drawn, min_data_in_leaf: Math.min(drawn.min_data_in_leaf, Math.floor(to / 20)) };
    const none = await fitMember(lightgbm, matrix, { to, validTo }, { base: 'none', seed, rounds: 0 }, params, signal);
    const local = await fitMember(
      lightgbm,
      matrix,
      { to, validTo },
      { base: 'local', seed, rounds: 0 },
      params,
      signal,
    );
    const values = matrix.values.subarray(to * matrix.columns, validTo * matrix.columns);
    const a = none.booster.predict(values, validTo - to);
    const b = local.booster.predict(values, validTo - to);
    let loss = 0;
    for (let i = 0; i < a.length; i += 1) {
      loss += Math.abs((a[i]! + b[i]! + matrix.local[to + i]!) / 2 - matrix.targets[to + i]!);
    }
    results.push({ params, rounds: { none: none.rounds, local: local.rounds }, loss: loss / a.length });
    none.booster.free();
    local.booster.free();
  }
  const best = results.reduce((a, b) => (b.loss < a.loss ? b : a));
  return {
    params: best.params,
    rounds: best.rounds,
    trials: results.map(({ params, rounds, loss }, trial) => ({
      trial,
      part: 'boosting',
      parameters: { ...params, rounds_none: rounds.none, rounds_local: rounds.local },
      loss,
      chosen: results[trial] === best,
    })),
  };
}

/** One value of each choice; few rows do not get large trees. */
function draw(random: Random, rows: number): typeof START {
  const of = (values: readonly number[]) => values[random.below(values.length)]!;
  const leaves = CHOICES.num_leaves.filter((n) => n * 20 <= Math.max(rows, 140));
  return {
    num_leaves: of(leaves),
    min_data_in_leaf: of(CHOICES.min_data_in_leaf),
    feature_fraction: of(CHOICES.feature_fraction),
    bagging_fraction: of(CHOICES.bagging_fraction),
    lambda_l2: of(CHOICES.lambda_l2),
  };
}
