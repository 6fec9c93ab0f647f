import { createHash } from 'node:crypto';
import { histogramOf } from '../domain/valuation/drift.ts';
import type { HeldOutValue } from '../domain/valuation/promotion.ts';
import { createRandom } from '../domain/valuation/random.ts';
import type { SaleRecord, SalesData } from '../domain/valuation/sale-record.ts';
import type { TrainedModel, TrainingReport } from '../domain/valuation/training-result.ts';
import type { Valuation } from '../domain/valuation/valuation.ts';
import { type ModelDocument, trimSales, writeArtifact } from './artifact.ts';
import { valueByBaselines } from './baselines.ts';
import { fitMember, MEMBER_KINDS, type Member, type Rounds } from './ensemble.ts';
import { DEFAULT_HISTORY, fitHistory, type HistorySettings, searchLocals } from './fit-history.ts';
import { measureWidening } from './hidden-facts.ts';
import { fitIntervals, type IntervalModel } from './intervals.ts';
import { type LightGbm, openLightGbm, type Params } from './lightgbm/lightgbm.ts';
import { buildMatrix, type SalesMatrix } from './matrix.ts';
import { createAvm } from './model.ts';
import { type OutOfFold, walkForward } from './out-of-fold.ts';
import { compare, groupErrors, measure } from './report.ts';
import { splitSales } from './split.ts';
import { searchTrees } from './tree-search.ts';

/** What a training is told. */
export interface TrainAvmOptions {
  market: string;
  /** Of LightGBM, as the runtime finds it. */
  libraryPath: string;
  seed: number;
  testAfter?: string | undefined;
  testShare?: number | undefined;
  /** Parameter sets to try for each part. Default 8. */
  trials?: number | undefined;
  onProgress?: ((message: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Raised when a change of the code changes what a training makes of the same sales. */
export const AVM_CODE_VERSION = 'avm-1';

/** Members of each kind, by seed: their mean is steadier than one. */
const SEEDS_PER_KIND = 2;
const VALIDATION_SHARE = 0.13;
/** Rounds for all of the rows against those that stopped best without the validation months. */
const MORE_ROUNDS = 1.1;
const MOST_VALIDATED = 1_500;
const DEFAULT_TRIALS = 8;

/** What was set by search, on the training part alone. */
interface Chosen {
  history: HistorySettings;
  params: Params;
  rounds: Rounds;
  trials: TrainingReport['trials'];
}

/**
 * Trains a valuation model: everything is chosen and fitted on the training part, tested on the held-out sales beside
 * the baselines, and then fitted again with the same choices on all sales for serving.
 *
 * A held-out sale is valued as of its day: from the models of the training part and from sales that closed before that
 * day. Same sales, options and code give the same artefact, byte for byte.
 * @throws ReosError `validation` when nothing can be learned from the sales: what is wrong and what to do
 */
export async function trainAvm(
  data: SalesData,
  options: TrainAvmOptions,
): Promise<TrainedModel & { heldOut: HeldOutValue[] }> {
  const { seed, onProgress = () => undefined } = options;
  const lightgbm = openLightGbm(options.libraryPath);
  const { sales, trainRows, isDated, split, notes } = splitSales(data.sales, options);
  const test = sales.slice(trainRows);
  onProgress(`${trainRows} sales to learn from, ${test.length} held out`);
  const chosen = await choose(lightgbm, sales, trainRows, isDated, options);

  onProgress('fitting on the training part');
  const tested = await fitModel(lightgbm, sales, trainRows, isDated, chosen, options);
  const valuations = await valueHeldOut(lightgbm, sales, trainRows, isDated, tested, options.market);
  onProgress('training the baselines');
  const baselines = test.length === 0 ? {} : await valueByBaselines(lightgbm, sales, trainRows);

  onProgress('fitting on all sales');
  const final =
    test.length === 0 ? tested : await fitModel(lightgbm, sales, sales.length, isDated, chosen, options, tested);
  const version = `${isDated ? (sales.at(-1)?.closeDate ?? '') : 'undated'}-${shortHash(data.fingerprint, seed, split)}`;
  const artifact = writeArtifact(
    documentOf(final, trimSales(sales, final.matrix.history.model), isDated, options.market, version),
  );
  const report: TrainingReport = {
    split,
    metrics: measure(test.length === 0 ? sales : test, valuations),
    baselines: compare(test, valuations, baselines, seed),
    groups: groupErrors(test.length === 0 ? sales : test, valuations),
    trials: chosen.trials,
    hyperparameters: {
      ...chosen.params,
      rounds: chosen.rounds,
      seeds_per_kind: SEEDS_PER_KIND,
      blend: tested.walk.blend,
      shift: tested.walk.shift,
      history: chosen.history,
      bandwidth_days: final.matrix.history.model.bandwidthDays,
      widening: final.widening,
    },
    seed,
    notes: [...notes, ...leftOutNotes(final.matrix)],
  };
  const result = {
    market: options.market,
    version,
    featureNames: final.matrix.names,
    featureHistograms: histogramsOf(final.matrix),
    dataFingerprint: data.fingerprint,
    dataRows: sales.length,
    dataFrom: isDated ? (sales[0]?.closeDate ?? null) : null,
    dataTo: isDated ? (sales.at(-1)?.closeDate ?? null) : null,
    codeVersion: AVM_CODE_VERSION,
    report,
    artifact,
    heldOut: test.map(({ row, closeDate, closePrice }, i) => ({
      row,
      closeDate,
      value: valuations[i]!.value,
      price: closePrice,
    })),
  };
  freeFitted(tested);
  if (final !== tested) freeFitted(final);
  return result;
}

/** Settings by seeded search on the last months inside the training part. */
async function choose(
  lightgbm: LightGbm,
  sales: readonly SaleRecord[],
  trainRows: number,
  isDated: boolean,
  options: TrainAvmOptions,
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

/** A model of the first `rows` sales, with what it takes to serve it. */
interface Fitted {
  matrix: SalesMatrix;
  rows: number;
  members: Member[];
  walk: OutOfFold;
  intervals: IntervalModel;
  widening: Record<string, number>;
}

/**
 * Fits history and members on the first `rows`. Errors on unseen sales come from walking forward over them, or from an
 * earlier fit whose errors are already known.
 */
async function fitModel(
  lightgbm: LightGbm,
  sales: readonly SaleRecord[],
  rows: number,
  isDated: boolean,
  chosen: Chosen,
  { seed, signal }: TrainAvmOptions,
  earlier?: Fitted,
): Promise<Fitted> {
  const history = fitHistory(sales.slice(0, rows), chosen.history);
  const matrix = buildMatrix(history, sales, isDated ? sales.length : rows);
  const { params, rounds } = chosen;
  const interruption = signal === undefined ? {} : { signal };
  const walk =
    earlier?.walk ?? (await walkForward(lightgbm, sales.slice(0, rows), { ...chosen, isDated, seed, ...interruption }));
  const members: Member[] = [];
  for (let s = 0; s < SEEDS_PER_KIND; s += 1) {
    for (const kind of MEMBER_KINDS) {
      if (kind === 'plain' && walk.blend.plain === 0) continue;
      const settings = { kind, seed: seed + s, rounds: rounds[kind] };
      members.push(await fitMember(lightgbm, matrix, { to: rows }, settings, params, signal));
    }
  }
  if (earlier !== undefined) return { ...earlier, matrix, rows, members };
  const intervals = await fitIntervals(lightgbm, matrix, walk, seed);
  const model = { members, blend: walk.blend, shift: walk.shift, intervals };
  const range = rows < sales.length ? { from: rows, to: sales.length } : { from: Math.floor(rows * 0.8), to: rows };
  const widening = measureWidening(sales, matrix, range, model);
  return { matrix, rows, members, walk, intervals, widening };
}

/** What the fitted model says of the held-out sales (of all, when none are held out), each as of its day. */
async function valueHeldOut(
  lightgbm: LightGbm,
  sales: readonly SaleRecord[],
  trainRows: number,
  isDated: boolean,
  fitted: Fitted,
  market: string,
): Promise<Valuation[]> {
  const known = isDated ? sales : sales.slice(0, trainRows);
  const model = createAvm(documentOf(fitted, [...known], isDated, market, 'held-out'), lightgbm);
  try {
    const wanted = trainRows === sales.length ? sales : sales.slice(trainRows);
    const valued: Valuation[] = [];
    for (const sale of wanted) valued.push(model.value(sale, sale.closeDate ?? '1970-01-01'));
    return valued;
  } finally {
    model.free();
  }
}

function documentOf(
  fitted: Fitted,
  sales: SaleRecord[],
  isDated: boolean,
  market: string,
  version: string,
): ModelDocument {
  const { matrix, walk, intervals, members, widening, rows } = fitted;
  const mean = (values: Float64Array) => values.subarray(0, rows).reduce((sum, value) => sum + value, 0) / rows;
  return {
    format: 1,
    market,
    version,
    history: matrix.history.model,
    sales,
    isDated,
    featureNames: matrix.names,
    members: members.map(({ kind, booster }) => ({ kind, booster: booster.save() })),
    blend: walk.blend,
    shift: walk.shift,
    averages: { local: mean(matrix.local), hedonic: mean(matrix.hedonic), level: mean(matrix.levels) },
    intervals: {
      booster: intervals.booster.save(),
      halfWidths: intervals.halfWidths,
      percentiles: intervals.percentiles,
    },
    widening,
  };
}

function histogramsOf({ names, columns, rows, values }: SalesMatrix): TrainedModel['featureHistograms'] {
  return Object.fromEntries(
    names.map((name, c) => [
      name,
      histogramOf(Float64Array.from({ length: rows }, (_, r) => values[r * columns + c]!)),
    ]),
  );
}

const leftOutNotes = (matrix: SalesMatrix): string[] =>
  matrix.history.model.hedonic.full.plan.leftOut.map(
    ({ column, reason }) => `Column "${column}" is not learned from: ${reason}.`,
  );

const shortHash = (...parts: unknown[]) =>
  createHash('sha256')
    .update(JSON.stringify([AVM_CODE_VERSION, ...parts]))
    .digest('hex')
    .slice(0, 8);

function freeFitted(fitted: Fitted): void {
  for (const { booster } of fitted.members) booster.free();
  fitted.intervals.booster.free();
}
