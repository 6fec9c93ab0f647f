import { conformalQuantiles } from '../domain/valuation/conformal.ts';
import { quantileOfSorted } from '../domain/valuation/quantile.ts';
import type { SaleRecord } from '../domain/valuation/sale-record.ts';
import { measureWidening } from './hidden-facts.ts';
import type { Booster, LightGbm } from './lightgbm/lightgbm.ts';
import type { SalesMatrix } from './matrix.ts';
import type { OutOfFold } from './out-of-fold.ts';

/** How wide a value's interval is. */
export interface IntervalModel {
  /** Expected size of the error (its logarithm) by the house's features. */
  booster: Booster;
  /** Half-widths in expected sizes that held 50, 80 and 90% of sales that the model had not seen. */
  halfWidths: { 50: number; 80: number; 90: number };
  /** Percentiles 0–100 of errors in expected sizes: how likely an error of a given size is. */
  percentiles: number[];
  /** How much wider the interval must be when a fact is missing, measured by hiding it. */
  widening: Record<string, number>;
}

/** An error of nothing has no logarithm; half a percent is as good as none. */
const LEAST_ERROR = 0.005;
const ROUNDS = 80;

/**
 * Learns from errors on unseen sales where values are sure and where they are not, then measures on the same errors how
 * many expected sizes hold each share (split conformal prediction): the first half teaches, the second half measures.
 * The taught model is then taught again on all of them.
 * @param sales that the matrix was made of
 */
export async function fitIntervals(
  lightgbm: LightGbm,
  sales: readonly SaleRecord[],
  matrix: SalesMatrix,
  outOfFold: OutOfFold,
  seed: number,
): Promise<IntervalModel> {
  const rows = outOfFold.residuals.length;
  const half = Math.floor(rows / 2);
  const first = await fitSize(lightgbm, matrix, outOfFold, half, seed);
  const scores = scoresOf(first, matrix, outOfFold, half);
  first.free();
  const booster = await fitSize(lightgbm, matrix, outOfFold, rows, seed);
  const [fifty, eighty, ninety] = conformalQuantiles(scores, [0.5, 0.8, 0.9]) as [number, number, number];
  const sorted = Float64Array.from(scores).sort();
  const percentiles = Array.from({ length: 101 }, (_, p) => quantileOfSorted(sorted, p / 100));
  const widening = measureWidening(sales, matrix, booster, outOfFold.hiddenErrors);
  return { booster, halfWidths: { 50: fifty, 80: eighty, 90: ninety }, percentiles, widening };
}

/** A model of the logarithm of the error's size from the first `count` of them. */
async function fitSize(
  lightgbm: LightGbm,
  matrix: SalesMatrix,
  outOfFold: OutOfFold,
  count: number,
  seed: number,
): Promise<Booster> {
  const { columns, values } = matrix;
  const label = outOfFold.residuals.subarray(0, count).map((residual) => Math.log(Math.abs(residual) + LEAST_ERROR));
  const train = lightgbm.dataset({
    values: values.subarray(outOfFold.from * columns, (outOfFold.from + count) * columns),
    rows: count,
    cols: columns,
    label,
  });
  try {
    return await lightgbm.train({
      train,
      params: {
        objective: 'regression',
        num_leaves: 15,
        learning_rate: 0.05,
        feature_fraction: 0.5,
        bagging_fraction: 0.7,
        bagging_freq: 1,
        min_data_in_leaf: Math.max(5, Math.min(60, Math.floor(count / 10))),
        lambda_l2: 10,
        seed,
      },
      rounds: ROUNDS,
    });
  } finally {
    train.free();
  }
}

function scoresOf(booster: Booster, matrix: SalesMatrix, outOfFold: OutOfFold, from: number): Float64Array {
  const rows = outOfFold.residuals.length - from;
  const at = (outOfFold.from + from) * matrix.columns;
  const sizes = booster.predict(matrix.values.subarray(at, at + rows * matrix.columns), rows);
  return sizes.map((size, i) => Math.abs(outOfFold.residuals[from + i]!) / Math.exp(size));
}

/** Share of errors, 0–1, that stay within `limit` (logarithm) when the expected size is `size`. */
export function chanceWithin(percentiles: readonly number[], size: number, limit: number): number {
  const score = limit / size;
  const above = percentiles.findIndex((value) => value >= score);
  if (above === -1) return 1;
  if (above === 0) return 0;
  const low = percentiles[above - 1]!;
  const high = percentiles[above]!;
  return (above - 1 + (high > low ? (score - low) / (high - low) : 0)) / 100;
}
