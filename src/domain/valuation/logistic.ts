import { moments } from './statistics.ts';

/** A logistic regression over standardised features; a missing value counts as the average. */
export interface LogisticModel {
  means: number[];
  deviations: number[];
  intercept: number;
  weights: number[];
}

const RIDGE = 1;
const STEPS = 50;

/**
 * Fits by Newton's method (iteratively reweighted least squares) with a ridge of one row's weight on each standardised
 * feature, so that it always has one finite answer.
 * @param rows one per case, all of one length, NaN where missing; both answers must occur
 */
export function fitLogistic(rows: ReadonlyArray<readonly number[]>, answers: readonly boolean[]): LogisticModel {
  const columns = rows[0]?.length ?? 0;
  const scale = Array.from({ length: columns }, (_, j) => moments(rows.map((row) => row[j]!)));
  const means = scale.map(({ mean }) => mean);
  const deviations = scale.map(({ deviation }) => (deviation > 1e-12 ? deviation : 1));
  const x = rows.map((row) => [1, ...standardised(row, means, deviations)]);
  let beta = new Array<number>(columns + 1).fill(0);
  for (let step = 0; step < STEPS; step += 1) {
    const gradient = beta.map((b, j) => (j === 0 ? 0 : -RIDGE * b));
    const hessian = beta.map((_, j) => beta.map((__, k) => (j === k ? (j === 0 ? 1e-9 : RIDGE) : 0)));
    for (const [i, row] of x.entries()) {
      const p = sigmoid(dot(beta, row));
      const w = Math.max(1e-9, p * (1 - p));
      for (let j = 0; j <= columns; j += 1) {
        gradient[j]! += row[j]! * ((answers[i] ? 1 : 0) - p);
        for (let k = 0; k <= j; k += 1) hessian[j]![k]! += w * row[j]! * row[k]!;
      }
    }
    const change = solveSymmetric(hessian, gradient);
    // A step of at most 5 keeps separable data from leaping.
    const size = Math.max(...change.map(Math.abs));
    beta = beta.map((b, j) => b + change[j]! * Math.min(1, 5 / size));
    if (size < 1e-10) break;
  }
  const [intercept = 0, ...weights] = beta;
  return { means, deviations, intercept, weights };
}

/** Probability of yes and each feature's part of the log-odds; intercept + sum of parts is the log-odds. */
export function logisticOf(model: LogisticModel, row: readonly number[]): { probability: number; parts: number[] } {
  const parts = standardised(row, model.means, model.deviations).map((value, j) => value * model.weights[j]!);
  return { probability: sigmoid(parts.reduce((sum, part) => sum + part, model.intercept)), parts };
}

const standardised = (row: readonly number[], means: readonly number[], deviations: readonly number[]): number[] =>
  row.map((value, j) => (Number.isNaN(value) ? 0 : (value - means[j]!) / deviations[j]!));

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, j) => sum + value * b[j]!, 0);

/** Solves A x = b by Cholesky; only the lower triangle of A is read, and it is overwritten. */
function solveSymmetric(a: number[][], b: readonly number[]): number[] {
  const n = b.length;
  for (let j = 0; j < n; j += 1) {
    for (let k = 0; k < j; k += 1) a[j]![j]! -= a[j]![k]! ** 2;
    a[j]![j] = Math.sqrt(Math.max(1e-12, a[j]![j]!));
    for (let i = j + 1; i < n; i += 1) {
      for (let k = 0; k < j; k += 1) a[i]![j]! -= a[i]![k]! * a[j]![k]!;
      a[i]![j]! /= a[j]![j]!;
    }
  }
  const y = [...b];
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < i; k += 1) y[i]! -= a[i]![k]! * y[k]!;
    y[i]! /= a[i]![i]!;
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < n; k += 1) y[i]! -= a[k]![i]! * y[k]!;
    y[i]! /= a[i]![i]!;
  }
  return y;
}
