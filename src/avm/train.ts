import { createHash } from 'node:crypto';
import { dayNumber } from '../domain/valuation/days.ts';
import { histogramOf } from '../domain/valuation/drift.ts';
import { createFeatureRows } from '../domain/valuation/feature-row.ts';
import type { HeldOutValue } from '../domain/valuation/promotion.ts';
import type { SaleRecord, SalesData } from '../domain/valuation/sale-record.ts';
import type { TrainedModel, TrainingReport } from '../domain/valuation/training-result.ts';
import { trimSales, writeArtifact } from './artifact.ts';
import { chooseSettings } from './choose-settings.ts';
import { documentOf, fitModel, freeFitted } from './fit-model.ts';
import { joined, type Trial, tryTurn } from './held-out.ts';
import { openLightGbm } from './lightgbm/lightgbm.ts';
import type { SalesMatrix } from './matrix.ts';
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
 * the baselines, and then fitted again with the same choices on all sales for serving. Where each part of the sales is held
 * out in turn, everything is chosen and fitted anew for each, and once more on all.
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
  const { sales, turns, isDated, split, notes } = splitSales(data.sales, options);
  onProgress(`${split.trainRows} sales to learn from, ${split.testRows} held out`);
  const tried: Trial[] = [];
  for (const [part, turn] of turns.entries()) {
    if (turns.length > 1) onProgress(`part ${part + 1} of ${turns.length} held out`);
    tried.push(await tryTurn(lightgbm, turn, isDated, options));
  }
  const test = turns.flatMap(({ positions }) => positions.map((at) => sales[at]!));
  const valuations = tried.flatMap((trial) => trial.valuations);

  onProgress('fitting on all sales');
  // Of several parts none speaks for all sales: their settings and errors are found anew.
  const only = turns.length === 1 ? tried[0]! : undefined;
  const chosen = only?.chosen ?? (await chooseSettings(lightgbm, sales, sales.length, isDated, options));
  const final =
    only !== undefined && test.length === 0
      ? only.fitted
      : await fitModel(lightgbm, sales, sales.length, isDated, chosen, options, only?.fitted);
  const version = `${isDated ? (sales.at(-1)?.closeDate ?? '') : 'undated'}-${shortHash(data.fingerprint, seed, split)}`;
  const artifact = writeArtifact(
    documentOf(final, trimSales(sales, final.matrix.history.model), isDated, options.market, version),
  );
  const report: TrainingReport = {
    split,
    metrics: measure(test.length === 0 ? sales : test, valuations),
    baselines: compare(test, valuations, joined(tried), seed),
    groups: groupErrors(test.length === 0 ? sales : test, valuations),
    trials: chosen.trials,
    hyperparameters: {
      ...chosen.params,
      rounds: chosen.rounds,
      blend: final.outOfFold.blend,
      shift: final.outOfFold.shift,
      history: chosen.history,
      bandwidth_days: final.matrix.history.model.bandwidthDays,
      widening: final.intervals.widening,
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
  for (const fitted of [...tried.map((trial) => trial.fitted), final]) freeFitted(fitted);
  return result;
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
