import { gunzipSync, gzipSync } from 'node:zlib';
import type { AvmRoom, Training } from '../../src/activities/score/value-deps.ts';
import type { HeldOutValue } from '../../src/domain/valuation/promotion.ts';
import type { SaleRecord, ValuationSubject } from '../../src/domain/valuation/sale-record.ts';
import type { TrainedModel, ValuationMetrics } from '../../src/domain/valuation/training-result.ts';
import type { AvmModel, Valuation } from '../../src/domain/valuation/valuation.ts';

/** A model of one number: dollars per square foot, times a factor, with intervals of stated half widths. */
export interface PlainModel {
  version: string;
  market: string;
  perSqft: number;
  newestSale: string | null;
  /** Half width of the 80% interval as a share. */
  width?: number;
}

export const plainMetrics: ValuationMetrics = {
  rows: 400,
  mdape: 0.08,
  within_10: 0.6,
  within_20: 0.84,
  r2: 0.89,
  coverage_50: 0.5,
  coverage_80: 0.8,
  coverage_90: 0.9,
  median_ratio: 1,
  cod: 0.1,
  prd: 1,
  prb: 0,
};

/** The bytes of a plain model. */
export const plainArtifact = (model: PlainModel): Buffer => gzipSync(JSON.stringify(model));

const rowOf = ({ facts }: ValuationSubject) => Float64Array.of(facts.sqft ?? Number.NaN, facts.yearBuilt ?? Number.NaN);

/** Opens a plain model; `onFree` hears when it is given back. */
export function openPlain(artifact: Buffer, onFree: () => void = () => undefined): AvmModel {
  const plain = JSON.parse(gunzipSync(artifact).toString()) as PlainModel;
  const width = plain.width ?? 0.2;
  const value = (subject: ValuationSubject, asOf: string): Valuation => {
    const dollars = plain.perSqft * (subject.facts.sqft ?? 0);
    const interval = (half: number) => ({ low: dollars * (1 - half), high: dollars * (1 + half) });
    return {
      value: dollars,
      log: Math.log(dollars),
      intervals: { 50: interval(width / 2), 80: interval(width), 90: interval(width * 1.4) },
      confidence: 0.8,
      asOf,
      modelVersion: plain.version,
      notes: [],
    };
  };
  return {
    version: plain.version,
    market: plain.market,
    featureNames: ['sqft', 'year_built'],
    extraNames: [],
    newestSale: plain.newestSale,
    value,
    valueBatch: (subjects, asOf, seeRow) =>
      subjects.map((subject, at) => {
        if (subject.facts.sqft === null) return { refused: 'LivingArea is needed' };
        seeRow?.(at, () => rowOf(subject));
        return value(subject, asOf);
      }),
    explain: (subject, asOf) => ({
      ...value(subject, asOf),
      base: Math.log(plain.perSqft),
      contributions: [
        { feature: 'sqft', value: subject.facts.sqft, contribution: Math.log(subject.facts.sqft ?? Number.NaN) },
      ],
    }),
    featureRow: rowOf,
    leafShares: (subject, others) =>
      Float64Array.from(
        others,
        ({ facts }) => 1 - Math.min(1, Math.abs(1 - (facts.sqft ?? Number.NaN) / (subject.facts.sqft ?? Number.NaN))),
      ),
    free: onFree,
  };
}

/** A finished training of a plain model, with what a test wants different. */
export function plainTraining(
  model: PlainModel,
  more: { metrics?: Partial<ValuationMetrics>; baseline?: number; heldOut?: readonly HeldOutValue[] } = {},
): Training {
  const metrics = { ...plainMetrics, ...more.metrics };
  const baseline = { ...plainMetrics, mdape: more.baseline ?? 0.09 };
  const trained: TrainedModel = {
    market: model.market,
    version: model.version,
    featureNames: ['sqft', 'year_built'],
    featureHistograms: {
      sqft: { edges: [1_500, 2_000], shares: [0.3, 0.4, 0.3, 0] },
      year_built: { edges: [1960], shares: [0.5, 0.4, 0.1] },
    },
    dataFingerprint: 'f'.repeat(64),
    dataRows: 1_000,
    dataFrom: '2024-01-02',
    dataTo: model.newestSale,
    codeVersion: 'test',
    report: {
      split: { kind: 'date', testAfter: '2025-06-01', parts: 1, trainRows: 600, testRows: metrics.rows, note: '' },
      metrics,
      baselines: {
        plain: {
          ...baseline,
          description: 'a baseline',
          mdape_difference: { value: metrics.mdape - baseline.mdape, low: -0.02, high: -0.001 },
        },
      },
      groups: [{ by: 'age', group: 'new', rows: 10, mdape: 0.1, within_20: 0.8, median_ratio: 1 }],
      trials: [{ trial: 0, part: 'boosting', parameters: { num_leaves: 31 }, loss: 0.1, chosen: true }],
      hyperparameters: { num_leaves: 31 },
      seed: 7,
      notes: [],
    },
    artifact: plainArtifact(model),
  };
  return more.heldOut === undefined ? trained : { ...trained, heldOut: more.heldOut };
}

/** A room that opens plain models; it trains the median price per square foot. `freed` counts what was given back. */
export function plainRoom(): AvmRoom & { opened: number; freed: number; trainings: SaleRecord[][] } {
  const room = {
    opened: 0,
    freed: 0,
    trainings: [] as SaleRecord[][],
    open: async (artifact: Buffer) => {
      room.opened += 1;
      return openPlain(artifact, () => {
        room.freed += 1;
      });
    },
    train: async (data: Parameters<AvmRoom['train']>[0], options: Parameters<AvmRoom['train']>[1]) => {
      room.trainings.push(data.sales);
      const perSqft = data.sales
        .map(({ closePrice, facts }) => closePrice / (facts.sqft ?? Number.NaN))
        .sort((a, b) => a - b);
      const newestSale =
        data.sales
          .map(({ closeDate }) => closeDate)
          .sort()
          .at(-1) ?? null;
      return plainTraining({
        version: `plain-${data.fingerprint.slice(0, 6)}`,
        market: options.market,
        perSqft: perSqft[perSqft.length >> 1] ?? Number.NaN,
        newestSale,
      });
    },
  };
  return room;
}
