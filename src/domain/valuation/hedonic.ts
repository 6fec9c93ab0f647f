import { type CategoryColumn, type ColumnPlan, categoryOf, type NumberColumn, numberOf } from './columns.ts';
import { factorise, solveFactored } from './linear-algebra.ts';
import { medianOf } from './quantile.ts';
import type { ValuationSubject } from './sale-record.ts';

/**
 * A hedonic price model (Rosen 1974): the logarithm of the price as a sum of parts, one per number (straight and square)
 * and one per level of each category. It gives the local and the boosted parts something smooth to correct.
 */
export interface HedonicModel {
  plan: ColumnPlan;
  intercept: number;
  /** In the order of `designOf`. */
  weights: number[];
}

/** A hedonic model with those that each left a fifth of its sales out: what it says of a sale it has not learned from. */
export interface CrossFitted {
  full: HedonicModel;
  /** Model f has not learned from the training sales at positions i with i mod folds = f. */
  folds: HedonicModel[];
  /** Training sales, from the first position on. */
  trainedRows: number;
}

/** The model that has not learned from the training sale at this position; the full one for all others (−1: not among them). */
export const modelWithout = ({ full, folds, trainedRows }: CrossFitted, position: number): HedonicModel =>
  position >= 0 && position < trainedRows ? folds[position % folds.length]! : full;

/** Sparse design of one house: dense parts first, then the positions of its category levels. */
interface Design {
  dense: Float64Array;
  levels: Int32Array;
}

/** Dense parts per number: straight, square (about its own mean), missing. */
const PER_NUMBER = 3;

/** Position of each category's first level behind the dense parts, and the whole width. */
export function layoutOf(plan: ColumnPlan): { starts: number[]; width: number } {
  let at = plan.numbers.length * PER_NUMBER;
  const starts = plan.categories.map((category) => {
    const start = at;
    at += category.levels.length;
    return start;
  });
  return { starts, width: at };
}

const emptyDesign = ({ numbers, categories }: ColumnPlan): Design => ({
  dense: new Float64Array(numbers.length * PER_NUMBER),
  levels: new Int32Array(categories.length),
});

/** Turns subjects into designs, new or those given; keeps the look-up tables of the levels between calls. */
export function createDesigner(plan: ColumnPlan): (subject: ValuationSubject, day: number, into?: Design) => Design {
  const { starts } = layoutOf(plan);
  const tables = plan.categories.map((category) => new Map(category.levels.map((level, i) => [level, i])));
  return (subject, day, design = emptyDesign(plan)) => {
    const { dense, levels } = design;
    plan.numbers.forEach((column, i) => {
      const z = standardised(column, numberOf(column, subject, day));
      const isMissing = Number.isNaN(z);
      dense[i * PER_NUMBER] = isMissing ? 0 : z;
      dense[i * PER_NUMBER + 1] = isMissing ? 0 : z * z - 1;
      dense[i * PER_NUMBER + 2] = isMissing ? 1 : 0;
    });
    plan.categories.forEach((category, c) => {
      const level = categoryOf(category, subject);
      const at = level === null ? undefined : tables[c]!.get(level);
      levels[c] = at === undefined ? -1 : starts[c]! + at;
    });
    return design;
  };
}

/** The number as the model reads it: logarithm where the column says so, held within the training's range, in deviations. */
export function standardised(column: NumberColumn, raw: number): number {
  if (Number.isNaN(raw)) return Number.NaN;
  const used = column.isLog ? Math.log1p(Math.max(0, raw)) : raw;
  return (Math.max(column.low, Math.min(column.high, used)) - column.mean) / column.deviation;
}

/**
 * Fits by ridge regression with Huber weights (three rounds of reweighting), so that a few wild prices bend nothing.
 * Fits five more, each without a fifth of the sales, for an honest word about the sales themselves.
 * @param logs natural logarithms of the prices
 * @param penalty ridge penalty in rows: a part seen in `penalty` rows is halved
 */
export function fitHedonic(
  plan: ColumnPlan,
  subjects: readonly ValuationSubject[],
  days: Float64Array,
  logs: Float64Array,
  penalty: number,
): CrossFitted {
  const designOf = createDesigner(plan);
  const designs = subjects.map((subject, i) => designOf(subject, days[i]!));
  const folds = Array.from({ length: FOLDS }, (_, fold) => {
    const kept = designs.flatMap((_, i) => (i % FOLDS === fold ? [] : [i]));
    return fitRobust(
      plan,
      kept.map((i) => designs[i]!),
      Float64Array.from(kept, (i) => logs[i]!),
      penalty,
    );
  });
  return { full: fitRobust(plan, designs, logs, penalty), folds, trainedRows: subjects.length };
}

const FOLDS = 5;

function fitRobust(plan: ColumnPlan, designs: readonly Design[], logs: Float64Array, penalty: number): HedonicModel {
  const { width } = layoutOf(plan);
  let model: HedonicModel = { plan, intercept: medianOf(logs), weights: new Array<number>(width).fill(0) };
  let rowWeights = new Float64Array(designs.length).fill(1);
  for (let round = 0; round < 3; round += 1) {
    model = solveWeighted(plan, designs, logs, rowWeights, penalty, width);
    const residuals = logs.map((log, i) => log - evaluate(model, designs[i]!));
    const limit = 1.345 * 1.4826 * Math.max(1e-6, medianOf(residuals.map(Math.abs)));
    rowWeights = residuals.map((residual) => Math.min(1, limit / Math.max(1e-12, Math.abs(residual))));
  }
  return model;
}

function solveWeighted(
  plan: ColumnPlan,
  designs: readonly Design[],
  logs: Float64Array,
  rowWeights: Float64Array,
  penalty: number,
  width: number,
): HedonicModel {
  // Parts that no house has stay 0 and are left out of the equations; the intercept is the last unknown, without a penalty.
  const parts = usedParts(designs, width);
  const places = new Int32Array(width + 1).fill(-1);
  parts.forEach((part, i) => {
    places[part] = i;
  });
  const last = parts.length;
  const size = last + 1;
  const normal = new Float64Array(size * size);
  const right = new Float64Array(size);
  const at = new Int32Array(size);
  const value = new Float64Array(size);
  designs.forEach((design, i) => {
    const weight = rowWeights[i]!;
    let used = 0;
    for (let j = 0; j < design.dense.length; j += 1) {
      if (design.dense[j] === 0) continue;
      at[used] = places[j]!;
      value[used] = design.dense[j]!;
      used += 1;
    }
    for (const level of design.levels) {
      if (level < 0) continue;
      at[used] = places[level]!;
      value[used] = 1;
      used += 1;
    }
    at[used] = last;
    value[used] = 1;
    used += 1;
    for (let a = 0; a < used; a += 1) {
      const row = at[a]! * size;
      const scaled = weight * value[a]!;
      right[at[a]!] = right[at[a]!]! + scaled * logs[i]!;
      for (let b = 0; b <= a; b += 1) normal[row + at[b]!] = normal[row + at[b]!]! + scaled * value[b]!;
    }
  });
  for (let j = 0; j < last; j += 1) normal[j * size + j] = normal[j * size + j]! + penalty;
  normal[last * size + last] = normal[last * size + last]! + 1e-9;
  if (!factorise(normal, size)) throw new Error('the normal equations are not positive definite');
  solveFactored(normal, size, right);
  const weights = new Array<number>(width).fill(0);
  parts.forEach((part, i) => {
    weights[part] = right[i]!;
  });
  return { plan, intercept: right[last]!, weights };
}

/** The parts of the design that some house has, in order. */
function usedParts(designs: readonly Design[], width: number): number[] {
  const isUsed = new Uint8Array(width);
  for (const { dense, levels } of designs) {
    for (let j = 0; j < dense.length; j += 1) if (dense[j] !== 0) isUsed[j] = 1;
    for (const level of levels) if (level >= 0) isUsed[level] = 1;
  }
  return Array.from({ length: width }, (_, part) => part).filter((part) => isUsed[part] === 1);
}

function evaluate(model: HedonicModel, design: Design): number {
  let sum = model.intercept;
  for (let j = 0; j < design.dense.length; j += 1) sum += design.dense[j]! * model.weights[j]!;
  for (const level of design.levels) if (level >= 0) sum += model.weights[level]!;
  return sum;
}

/** The model as a function from subject and day to the logarithm of dollars. */
export function hedonicEstimator(model: HedonicModel): (subject: ValuationSubject, day: number) => number {
  const designOf = createDesigner(model.plan);
  const design = emptyDesign(model.plan);
  return (subject, day) => evaluate(model, designOf(subject, day, design));
}

/** How much each level of a category adds to the logarithm of the price; absent levels are unknown. */
export function levelEffects(model: HedonicModel, category: CategoryColumn): Map<string, number> {
  const at = model.plan.categories.indexOf(category);
  const start = layoutOf(model.plan).starts[at] ?? 0;
  return new Map(category.levels.map((level, i) => [level, model.weights[start + i]!]));
}

/** How much a number moves the price: one deviation's worth, straight and square together, as a spread of logarithms. */
export function numberStrength(model: HedonicModel, index: number): number {
  const straight = model.weights[index * PER_NUMBER]!;
  const square = model.weights[index * PER_NUMBER + 1]!;
  return Math.sqrt(straight * straight + 2 * square * square);
}
