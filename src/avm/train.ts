import { createHash } from 'node:crypto';
import { dayNumber } from '../domain/valuation/days.ts';
import { histogramOf } from '../domain/valuation/drift.ts';
import { createFeatureRows } from '../domain/valuation/feature-row.ts';
import type { HeldOutValue } from '../domain/valuation/promotion.ts';
import type { SaleRecord, SalesData } from '../domain/valuation/sale-record.ts';
import type { TrainedModel, TrainingReport } from '../domain/valuation/training-result.ts';
import type { Valuation } from '../domain/valuation/valuation.ts';
import { trimSales, writeArtifact } from './artifact.ts';
import { valueByBaselines } from './baselines.ts';
import { chooseSettings } from './choose-settings.ts';
import { documentOf, type Fitted, fitModel, freeFitted } from './fit-model.ts';
import { type LightGbm, openLightGbm } from './lightgbm/lightgbm.ts';
import type { SalesMatrix } from './matrix.ts';
import { createAvm } from './model.ts';
import { compare, groupErrors, measure } from './report.ts';
import { splitSales } from './split.ts';

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
export const AVM_CODE_VERSION = 'avm-5';

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
  const chosen = await chooseSettings(lightgbm, sales, trainRows, isDated, options);

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
      blend: tested.outOfFold.blend,
      shift: tested.outOfFold.shift,
      history: chosen.history,
      bandwidth_days: final.matrix.history.model.bandwidthDays,
      widening: tested.intervals.widening,
    },
    seed,
    notes: [...notes, ...leftOutNotes(final.matrix)],
  };
  const result = {
    market: options.market,
    version,
    featureNames: final.matrix.names,
    featureHistograms: histogramsOf(sales, final.matrix),
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

/** Of the rows as the sales state them: that more houses lack a fact is a drift, too. */
function histogramsOf(sales: readonly SaleRecord[], matrix: SalesMatrix): TrainedModel['featureHistograms'] {
  const { names, columns, rows, history } = matrix;
  const feature = createFeatureRows(history);
  const values = matrix.values.slice();
  for (const [i, sale] of sales.slice(0, rows).entries()) {
    const day = dayNumber(sale.closeDate);
    if (history.impute(sale, day) === sale) continue;
    feature.writeStated(sale, day, history.view(history.impute(sale, day), day, i), values, i * columns, i);
  }
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
