import { availableParallelism } from 'node:os';
import { type Booster, loadBooster } from './booster.ts';
import { createDataset, type Dataset, type DatasetInput } from './dataset.ts';
import { loadLibrary } from './library.ts';
import { type TrainInput, train } from './train.ts';

export type { Booster } from './booster.ts';
export type { Dataset, DatasetInput } from './dataset.ts';
export type { Params } from './parameters.ts';
export type { TrainInput } from './train.ts';

/**
 * LightGBM in this process. What it makes lives outside JavaScript's memory: free it when done (what is forgotten is
 * freed some time after it can no longer be reached). Nothing is written to standard output.
 */
export type LightGbm = Readonly<{
  /** Bins rows for training. @throws ReosError 'validation' */
  dataset: (input: DatasetInput) => Dataset;
  /** Trains with fixed seed, repeatably, whatever the number of threads. @throws ReosError 'validation' */
  train: (input: TrainInput) => Promise<Booster>;
  /** A model from its text. @throws ReosError 'validation' */
  load: (modelText: string) => Booster;
}>;

/**
 * Up to so many rows one thread trains fastest: with two, waking the other cost more than its work. Measured on two shared
 * cores: 15,600 rows of 60 columns took 59 s with one thread and 176 s with two, for the same models.
 */
const FEW_ROWS = 50_000;

/**
 * Opens the library, as found by `findLightGbm` of the runtime.
 * @param options.threads for binning, training and batches; default: all that the machine has, but one for training on few
 *   rows
 * @throws ReosError 'missing_part' when it does not load or is not LightGBM
 */
export function openLightGbm(libraryPath: string, options: { threads?: number } = {}): LightGbm {
  const { threads } = options;
  const most = threads ?? availableParallelism();
  const forRows = (rows: number) => threads ?? (rows <= FEW_ROWS ? 1 : most);
  const library = loadLibrary(libraryPath, most, forRows);
  return {
    dataset: (input) => createDataset(library, input),
    train: (input) => train(library, input),
    load: (modelText) => loadBooster(library, modelText),
  };
}
