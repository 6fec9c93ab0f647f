import { setImmediate } from 'node:timers/promises';
import { ReosError } from '../../domain/errors.ts';
import { type Booster, loadBooster, type TrainingFacts } from './booster.ts';
import type { Dataset } from './dataset.ts';
import { codes, type Handle, type Library, readMetricNames } from './library.ts';
import { withChecksum } from './model-text.ts';
import { type Params, parameterText } from './parameters.ts';

/** What a training needs. */
export type TrainInput = {
  train: Dataset;
  /** Made with `reference: train`. */
  valid?: Dataset;
  params: Params;
  /** The most rounds (trees) there will be. */
  rounds: number;
  /** Stop when the first metric of the validation set has not improved for so many rounds; the best round is kept. */
  earlyStoppingRounds?: number;
  /** True: a model that answers one number for every row is an answer too. Otherwise it is refused. */
  allowConstant?: boolean;
  /** Told after each round; `value` is the first metric of the validation set, null without one. */
  onRound?: (progress: { round: number; value: number | null }) => void;
  signal?: AbortSignal;
};

/** Metrics that are better when higher; all others are losses. */
const higherIsBetter = /^(auc|auc_mu|average_precision|ndcg|map|r2)(@|$)/;

/**
 * Trains, giving the event loop a turn after each round. Both data sets may be freed afterwards.
 * @throws ReosError 'validation' for input that cannot be learned from; the signal's reason when it is aborted
 */
export async function train(library: Library, input: TrainInput): Promise<Booster> {
  checkInput(input);
  const text = parameterText(input.params, library.parameterNames, {
    threads: library.trainingThreads(input.train.rows),
  });
  const out = new BigUint64Array(1);
  const releases = [input.train, input.valid].map((dataset) => dataset?.hold());
  try {
    library.call('BoosterCreate', input.train.handle(), text, out);
    const pointer = out[0]!;
    try {
      if (input.valid) library.call('BoosterAddValidData', pointer, input.valid.handle());
      const { kept, ...facts } = await runRounds(library, pointer, input);
      if (input.allowConstant !== true) refuseWithoutSplit(library, pointer, input);
      return loadBooster(library, textOf(library, pointer, kept), facts);
    } finally {
      library.call('BoosterFree', pointer);
    }
  } finally {
    for (const release of releases) release?.();
  }
}

async function runRounds(
  library: Library,
  booster: Handle,
  input: TrainInput,
): Promise<TrainingFacts & { kept: number }> {
  const { valid, rounds, earlyStoppingRounds, onRound, signal } = input;
  const metrics = valid ? readMetricNames(library, booster) : [];
  const metric = metrics[0];
  if (earlyStoppingRounds !== undefined && metric === undefined) throw refuse('to stop early, it needs a metric');
  const sign = metric !== undefined && higherIsBetter.test(metric) ? -1 : 1;
  const finished = new Int32Array(1);
  const length = new Int32Array(1);
  const values = new Float64Array(metrics.length);
  let best = { round: 0, value: Number.NaN };
  let round = 0;
  while (round < rounds) {
    library.call('BoosterUpdateOneIter', booster, finished);
    // The round that finds no split any more adds no tree, but for the very first.
    if (finished[0] === 1) break;
    round += 1;
    if (metric !== undefined) {
      library.call('BoosterGetEval', booster, 1, length, values);
      if (best.round === 0 || sign * values[0]! < sign * best.value) best = { round, value: values[0]! };
    }
    onRound?.({ round, value: metric === undefined ? null : values[0]! });
    if (earlyStoppingRounds !== undefined && round - best.round >= earlyStoppingRounds) break;
    // The timers' setImmediate: I/O and timers of the process get their turn.
    await setImmediate();
    signal?.throwIfAborted();
  }
  return {
    iterations: round,
    kept: earlyStoppingRounds === undefined ? round : best.round,
    bestScore:
      metric === undefined ? null : { metric, value: earlyStoppingRounds === undefined ? values[0]! : best.value },
  };
}

function checkInput({ train: dataset, valid, rounds, earlyStoppingRounds }: TrainInput): void {
  if (!Number.isInteger(rounds) || rounds < 1) throw refuse(`${rounds} rounds: a whole number above 0 is needed`);
  if (!dataset.labelled) throw refuse('the training set has no label');
  if (dataset.constantLabel) throw refuse('each label of the training set is the same number: nothing can be learned');
  if (valid && !valid.labelled) throw refuse('the validation set has no label');
  if (valid && valid.reference !== dataset) throw refuse('make the validation set with `reference: train`');
  if (earlyStoppingRounds === undefined) return;
  if (!valid) throw refuse('to stop early, it needs a validation set');
  if (!Number.isInteger(earlyStoppingRounds) || earlyStoppingRounds < 1) {
    throw refuse(`early stopping after ${earlyStoppingRounds} rounds: a whole number above 0 is needed`);
  }
}

/** A model of constants would answer with one number for every row: that is no model. */
function refuseWithoutSplit(library: Library, booster: Handle, { train: { rows, cols } }: TrainInput): void {
  const gains = new Float64Array(cols);
  library.call('BoosterFeatureImportance', booster, -1, codes.gain, gains);
  if (gains.some((gain) => gain > 0)) return;
  throw refuse(`no column tells the ${rows} rows apart. Give columns that vary, or more rows`);
}

/** The model's text with a checksum, without the number of threads, which changes nothing in it. */
function textOf(library: Library, booster: Handle, rounds: number): string {
  const length = new BigInt64Array(1);
  library.call('BoosterSaveModelToString', booster, 0, rounds, codes.gain, 0, length, null);
  const text = Buffer.alloc(Number(length[0]));
  library.call('BoosterSaveModelToString', booster, 0, rounds, codes.gain, text.length, length, text);
  const model = text.toString('utf8', 0, text.length - 1);
  return withChecksum(model.replace(/^\[num_threads: \d+\]$/m, '[num_threads: 0]'));
}

function refuse(what: string): ReosError {
  return new ReosError('validation', `LightGBM training: ${what}`);
}
