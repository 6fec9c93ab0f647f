import { createRandom } from '../domain/valuation/random.ts';
import type { SaleRecord } from '../domain/valuation/sale-record.ts';
import type { SearchTrial } from '../domain/valuation/training-result.ts';
import type { Rounds } from './ensemble.ts';
import { DEFAULT_HISTORY, fitHistory, type HistorySettings, searchLocals } from './fit-history.ts';
import type { LightGbm, Params } from './lightgbm/lightgbm.ts';
import { buildMatrix } from './matrix.ts';
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

/** Settings by seeded search on the last months inside the training part. */
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
  const known = isDated ? trainRows : validationFrom;
  const matrix = buildMatrix(fitHistory(training.slice(0, validationFrom), local.settings), training, known);
  onProgress(`searching the boosted part (${trials} trials)`);
  const trees = await searchTrees(lightgbm, matrix, {
    to: validationFrom,
    validTo: trainRows,
    trials,
    random,
    seed,
    ...(signal === undefined ? {} : { signal }),
  });
  const more = (rounds: number) => Math.max(1, Math.round(rounds * MORE_ROUNDS));
  return {
    history: local.settings,
    params: trees.params,
    rounds: {
      direct: more(trees.rounds.direct),
      correction: more(trees.rounds.correction),
      plain: more(trees.rounds.plain),
    },
    trials: [...local.trials, ...trees.trials],
  };
}
