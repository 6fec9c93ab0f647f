import type { Random } from '../domain/valuation/random.ts';
import type { SearchTrial } from '../domain/valuation/training-result.ts';
import { fitMember, MEMBER_KINDS, meanAbsoluteError, mix, predictParts, type Rounds } from './ensemble.ts';
import type { LightGbm, Params } from './lightgbm/lightgbm.ts';
import type { SalesMatrix } from './matrix.ts';
import { FEW_ROWS } from './rotations.ts';

/** What the search of the boosted part varies, and the values it draws from. */
const CHOICES = {
  num_leaves: [7, 15, 23, 31],
  min_data_in_leaf: [8, 15, 25, 40],
  feature_fraction: [0.25, 0.35, 0.5, 0.7],
  bagging_fraction: [0.6, 0.75, 0.9],
  lambda_l2: [0.5, 2, 5, 15],
} as const;

const FIXED = { bagging_freq: 1 };

/** With many rows the faster rate is as good and takes half the trees; with few, small steps are better. */
const learningRateFor = (rows: number) => (rows < FEW_ROWS ? 0.05 : 0.1);

/** What the first trial uses: the field's usual leaves and rate, with the sampling that wide rows want. */
const START = { num_leaves: 31, min_data_in_leaf: 20, feature_fraction: 0.5, bagging_fraction: 0.75, lambda_l2: 3 };

export interface TreeSearch {
  params: Params;
  /** Rounds at which each kind of member stopped on the validation rows. */
  rounds: Rounds;
  trials: SearchTrial[];
}

/** Rows [0, to) of a matrix to learn from, and [to, matrix.rows) to choose and to stop by. */
export interface SearchFold {
  matrix: SalesMatrix;
  to: number;
}

interface Trial {
  params: Record<string, number>;
  rounds: Rounds;
  loss: number;
}

/**
 * Draws parameters at random, trains a member of each kind on the learning rows of each fold, and keeps the set with the
 * least mean absolute error of their mean on the folds' other rows. Rounds are the mean over the folds. Seeded; every
 * trial is kept.
 */
export async function searchTrees(
  lightgbm: LightGbm,
  folds: readonly SearchFold[],
  options: { trials: number; random: Random; seed: number; signal?: AbortSignal },
): Promise<TreeSearch> {
  const { random } = options;
  const rows = folds[0]!.to;
  const results: Trial[] = [];
  for (let trial = 0; trial < Math.max(1, options.trials); trial += 1) {
    const drawn = trial === 0 ? START : draw(random, rows);
    const leafRows = Math.min(drawn.min_data_in_leaf, Math.floor(rows / 20));
    const params = { ...FIXED, learning_rate: learningRateFor(rows), ...drawn, min_data_in_leaf: leafRows };
    results.push(await tryParams(lightgbm, folds, params, options));
  }
  const best = results.reduce((a, b) => (b.loss < a.loss ? b : a));
  return {
    params: best.params,
    rounds: best.rounds,
    trials: results.map(({ params, rounds, loss }, trial) => ({
      trial,
      part: 'boosting',
      parameters: {
        ...params,
        rounds_plain: rounds.plain,
        rounds_on_hedonic: rounds.onHedonic,
        rounds_on_local: rounds.onLocal,
      },
      loss,
      chosen: results[trial] === best,
    })),
  };
}

const EQUAL_SHARES = { plain: 1 / 3, onHedonic: 1 / 3, onLocal: 1 / 3, hedonic: 0, local: 0 };

async function tryParams(
  lightgbm: LightGbm,
  folds: readonly SearchFold[],
  params: Record<string, number>,
  { seed, signal }: { seed: number; signal?: AbortSignal },
): Promise<Trial> {
  const rounds: Rounds = { plain: 0, onHedonic: 0, onLocal: 0 };
  let [loss, rows] = [0, 0];
  for (const { matrix, to } of folds) {
    const validTo = matrix.rows;
    const members = [];
    for (const kind of MEMBER_KINDS) {
      members.push(await fitMember(lightgbm, matrix, { to, validTo }, { kind, seed, rounds: 0 }, params, signal));
    }
    const values = mix(EQUAL_SHARES, predictParts(members, matrix, to, validTo));
    loss += meanAbsoluteError(values, matrix.targets.subarray(to)) * values.length;
    rows += values.length;
    for (const { kind, booster } of members) {
      rounds[kind] += booster.bestIteration / folds.length;
      booster.free();
    }
  }
  for (const kind of MEMBER_KINDS) rounds[kind] = Math.round(rounds[kind]);
  return { params, rounds, loss: loss / rows };
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
