import { createRandom } from '../domain/valuation/random.ts';
import type { SaleRecord } from '../domain/valuation/sale-record.ts';
import type { SearchTrial } from '../domain/valuation/training-result.ts';
import type { Rounds } from './ensemble.ts';
import { DEFAULT_HISTORY, fitHistory, type HistorySettings, searchLocals } from './fit-history.ts';
import type { LightGbm, Params } from './lightgbm/lightgbm.ts';
import { buildMatrix } from './matrix.ts';
import { FEW_ROWS, rotations } from './rotations.ts';
import { searchTrees } from './tree-search.ts';

const VALIDATION_SHARE = 0.13;
/** Rounds for all of the rows against those that stopped best without the validation months. */
const MORE_ROUNDS = 1.1;
const MOST_VALIDATED = 1_500;
const DEFAULT_TRIALS = 8;

/** What was set by search, on the training part alone. */
export interface Chosen {
  history: HistorySettings;
  params: Params;
  rounds: Rounds;
  trials: SearchTrial[];
}

/** How the search is made. */
export interface SearchOptions {
  seed: number;
  /** Parameter sets to try for each part. Default 8. */
  trials?: number | undefined;
  onProgress?: ((message: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Settings by seeded search inside the training part: on the last eighth of it; for the boosted part of few undated sales on
 * each fifth in turn.
 */
export async function chooseSettings(
  lightgbm: LightGbm,
  sales: readonly SaleRecord[],
  trainRows: number,
  isDated: boolean,
  options: SearchOptions,
): Promise<Chosen> {
  const { seed, trials = DEFAULT_TRIALS, onProgress = () => undefined, signal } = options;
  const training = sales.slice(0, trainRows);
  const validationFrom = Math.floor(trainRows * (1 - VALIDATION_SHARE));
  onProgress(`searching the local part (${trials} trials)`);
  const random = createRandom(seed);
  const local = searchLocals(training, DEFAULT_HISTORY, {
    validationFrom,
    trials,
    random: random.unit,
    mostRows: MOST_VALIDATED,
  });
  onProgress(`searching the boosted part (${trials} trials)`);
  const turns = !isDated && trainRows < FEW_ROWS ? rotations(training) : [{ sales: training, to: validationFrom }];
  const folds = turns.map(({ sales: turned, to }) => {
    const history = fitHistory(turned.slice(0, to), local.settings);
    return { matrix: buildMatrix(history, turned, isDated ? turned.length : to), to };
  });
  const interruption = signal === undefined ? {} : { signal };
  const trees = await searchTrees(lightgbm, folds, { trials, random, seed, ...interruption });
  const more = (rounds: number) => Math.max(1, Math.round(rounds * MORE_ROUNDS));
  return {
    history: local.settings,
    params: trees.params,
    rounds: {
      plain: more(trees.rounds.plain),
      onHedonic: more(trees.rounds.onHedonic),
      onLocal: more(trees.rounds.onLocal),
    },
    trials: [...local.trials, ...trees.trials],
  };
}
