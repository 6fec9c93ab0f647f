import { ReosError } from '../../domain/errors.ts';
import { checkMatrix } from './dataset.ts';
import { codes, type Handle, type Library } from './library.ts';
import { checkModelText } from './model-text.ts';
import { ownMemory } from './owned-memory.ts';
import { parameterText } from './parameters.ts';

/** What is known of a training beyond the model itself. */
export type TrainingFacts = { iterations: number; bestScore: { metric: string; value: number } | null };

/** A model, ready to predict. Needs none of the data sets it was trained on. */
export type Booster = Readonly<{
  /** Rounds that were trained; after `load`, those in the text. */
  iterations: number;
  /** Rounds that the model keeps and predicts with: those up to the best one on the validation set. */
  bestIteration: number;
  /** The metric of the validation set at the best round; null without one and after `load`. */
  bestScore: TrainingFacts['bestScore'];
  featureCount: number;
  featureNames: readonly string[];
  /** The raw score of each row (the objective's scale before any transformation). `iterations`: the first n rounds only. */
  predict: (values: Float64Array, rows: number, options?: { iterations?: number }) => Float64Array;
  /** The raw score of one row, without setting anything up (3 to 5 µs). */
  predictOne: (row: Float64Array) => number;
  /** Exact contributions (TreeSHAP), rows × (featureCount + 1); the last of each row is the base. They sum to the raw score. */
  contributions: (values: Float64Array, rows: number) => Float64Array;
  /** The leaf that each row reaches in each tree, rows × bestIteration. */
  leaves: (values: Float64Array, rows: number) => Int32Array;
  /** Total gain of each feature. */
  importance: () => Float64Array;
  /** The model as text, same bytes for the same data, parameters and seed. */
  save: () => string;
  /** Gives the memory back; harmless when called twice. */
  free: () => void;
}>;

/**
 * A booster from the text of `save` or of any LightGBM with one score per row.
 * @throws ReosError 'validation' when the text is cut off, was changed, is no model, or gives several scores per row
 */
export function loadBooster(library: Library, text: string, facts?: TrainingFacts): Booster {
  checkModelText(text);
  const out = new BigUint64Array(1);
  const count = new Int32Array(1);
  library.call('BoosterLoadModelFromString', text, count, out);
  const pointer = out[0]!;
  const bestIteration = count[0]!;
  const owned: Owned = { booster: pointer, fast: 0n };
  const readCount = (name: 'BoosterGetNumFeature' | 'BoosterNumModelPerIteration') => {
    library.call(name, pointer, count);
    return count[0]!;
  };
  if (readCount('BoosterNumModelPerIteration') !== 1) {
    library.call('BoosterFree', pointer);
    throw refuse('the model gives several scores per row');
  }
  const featureCount = readCount('BoosterGetNumFeature');
  const [alone, together] = [1, library.threads].map((threads) =>
    parameterText({}, library.parameterNames, { threads }),
  ) as [string, string];
  const single = { row: new Float64Array(1), length: new BigInt64Array(1) };

  const alive = () => {
    if (memory.isFreed()) throw refuse('it was freed; load it again before use');
    return pointer;
  };
  const predictInto = (kind: number, values: Float64Array, rows: number, perRow: number, iterations = -1) => {
    checkMatrix(values, rows, featureCount);
    const result = new Float64Array(rows * perRow);
    const input = [values, codes.float64, rows, featureCount, codes.rowMajor] as const;
    const length = new BigInt64Array(1);
    // Waking other threads costs more than a few rows.
    const parameters = rows < 32 ? alone : together;
    library.call('BoosterPredictForMat', alive(), ...input, kind, 0, iterations, parameters, length, result);
    if (Number(length[0]) !== result.length) throw refuse(`it answered ${length[0]} numbers, not ${result.length}`);
    return result;
  };
  const prepareFast = () => {
    const input = [codes.raw, 0, -1, codes.float64, featureCount, alone] as const;
    library.call('BoosterPredictForMatSingleRowFastInit', alive(), ...input, out);
    owned.fast = out[0]!;
  };

  const booster: Booster = {
    iterations: facts?.iterations ?? bestIteration,
    bestIteration,
    bestScore: facts?.bestScore ?? null,
    featureCount,
    featureNames: (/^feature_names=(.*)$/m.exec(text)?.[1] ?? '').split(' '),
    predict(values, rows, options = {}) {
      const { iterations } = options;
      if (
        iterations !== undefined &&
        !(Number.isInteger(iterations) && iterations > 0 && iterations <= bestIteration)
      ) {
        throw refuse(`it has rounds 1–${bestIteration}, not ${iterations}`);
      }
      return predictInto(codes.raw, values, rows, 1, iterations);
    },
    predictOne(row) {
      alive();
      if (row.length !== featureCount) checkMatrix(row, 1, featureCount);
      if (owned.fast === 0n) prepareFast();
      if (library.bare.predictOne(owned.fast, row, single.length, single.row) !== 0) {
        throw library.failure('BoosterPredictForMatSingleRowFast');
      }
      return single.row[0]!;
    },
    contributions: (values, rows) => predictInto(codes.contributions, values, rows, featureCount + 1),
    leaves: (values, rows) => Int32Array.from(predictInto(codes.leaf, values, rows, bestIteration)),
    importance() {
      const gains = new Float64Array(featureCount);
      library.call('BoosterFeatureImportance', alive(), -1, codes.gain, gains);
      return gains;
    },
    save() {
      alive();
      return text;
    },
    free: () => memory.free(),
  };
  const memory = ownMemory(booster, releaseBooster(library, owned));
  return booster;
}

type Owned = { booster: Handle; fast: Handle };

function releaseBooster(library: Library, owned: Owned): () => void {
  return () => {
    if (owned.fast !== 0n) library.call('FastConfigFree', owned.fast);
    library.call('BoosterFree', owned.booster);
  };
}

function refuse(what: string): ReosError {
  return new ReosError('validation', `LightGBM model: ${what}`);
}
