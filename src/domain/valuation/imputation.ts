import { type ColumnPlan, numberOf, putNumber } from './columns.ts';
import { standardised } from './hedonic.ts';
import { factorise, solveFactored } from './linear-algebra.ts';
import type { Places } from './location.ts';
import { changedFacts, type ValuationSubject } from './sale-record.ts';

/**
 * What a house likely has that it does not state. Trees learn where to send a fact that is missing from sales that lack it;
 * of a fact that hardly any sale lacks they have learned nothing, and LightGBM would read it as 0: a lot of no size.
 */
export interface Imputation {
  /** Numbers of the plan (by position) that hardly any training sale lacks. */
  columns: number[];
  /** Inverse of their correlations, row by row. */
  precision: number[];
  /** Hardly any sale lacks coordinates; hardly any lacks a postal code. */
  place: { coordinates: boolean; postalCode: boolean };
}

/** Fills in what a subject lacks; the subject itself when it lacks nothing that can be filled in. */
export type Impute = <S extends ValuationSubject>(subject: S, day: number) => S;

/** A column that more of the training sales lack is left to the trees. */
const RARELY = 0.05;
/** Added to each column's own correlation of 1: columns that say the same (living area, and its floors' sum) stay apart. */
const RIDGE = 0.01;
/** The ridge rules it out: it would be a defect. */
const DEPENDENT = 'the correlations are not positive definite';
/** Follows from the year built and is worked out from it. */
const DERIVED = 'effectiveAge';
const PLACE: ReadonlySet<string> = new Set(['latitude', 'longitude']);

/** Learns how the numbers of the training sales go together. A number that a sale lacks counts as the mean. */
export function learnImputation(
  plan: ColumnPlan,
  subjects: readonly ValuationSubject[],
  days: Float64Array,
): Imputation {
  const columns = plan.numbers.flatMap(({ name, missing }, at) => (missing < RARELY && name !== DERIVED ? [at] : []));
  const size = columns.length;
  const sums = new Float64Array(size * size);
  const row = new Float64Array(size);
  subjects.forEach((subject, i) => {
    for (let a = 0; a < size; a += 1) {
      const column = plan.numbers[columns[a]!]!;
      const z = standardised(column, numberOf(column, subject, days[i]!));
      row[a] = Number.isNaN(z) ? 0 : z;
      for (let b = 0; b <= a; b += 1) sums[a * size + b] = sums[a * size + b]! + row[a]! * row[b]!;
    }
  });
  const without = subjects.filter(({ facts }) => facts.zipCode === null).length;
  return {
    columns,
    precision: [...inverseOf(correlationsOf(sums, size), size)],
    place: {
      coordinates: columns.some((at) => PLACE.has(plan.numbers[at]!.name)),
      postalCode: without < RARELY * subjects.length,
    },
  };
}

/**
 * Conditional mean imputation (Buck 1960; Little and Rubin, "Statistical Analysis with Missing Data", ch. 4): numbers are
 * taken as jointly normal, and what is missing is expected to be as the others say, within the range of training. With
 * P the inverse of the correlations, of the missing numbers m given the known ones k: E[m] = −P(m,m)⁻¹ P(m,k) k.
 * Coordinates and postal code stand for each other where one is known: no other fact tells a place.
 */
export function createImputer(
  plan: ColumnPlan,
  { columns, precision, place }: Imputation,
  { postalPlaces }: Places,
): Impute {
  const size = columns.length;
  const numbers = columns.map((at) => plan.numbers[at]!);
  const known = new Float64Array(size);
  const { levels = [] } = plan.categories.find(({ name }) => name === 'zipCode') ?? {};
  const codes = place.postalCode ? levels.filter((code) => code in postalPlaces) : [];
  const isCode = new Set<string | null>(codes);

  return (given, day) => {
    const subject = place.coordinates ? locate(given) : given;
    const missing: number[] = [];
    for (let a = 0; a < size; a += 1) {
      known[a] = standardised(numbers[a]!, numberOf(numbers[a]!, subject, day));
      if (Number.isNaN(known[a]!)) missing.push(a);
    }
    if (missing.every((a) => PLACE.has(numbers[a]!.name))) return subject;
    const expected = expectedOf(missing);
    const parts = { facts: changedFacts(subject.facts), extras: { ...subject.extras } };
    missing.forEach((a, i) => {
      const column = numbers[a]!;
      if (PLACE.has(column.name)) return;
      const used = Math.max(column.low, Math.min(column.high, column.mean + expected[i]! * column.deviation));
      putNumber(column, column.isLog ? Math.expm1(used) : used, parts, day);
    });
    return { ...subject, ...parts };
  };

  /** Coordinates from the postal code; or the postal code, of those that the model knows, whose middle is nearest. */
  function locate<S extends ValuationSubject>(subject: S): S {
    const { latitude, longitude, zipCode } = subject.facts;
    if (latitude === null || longitude === null) {
      const middle = zipCode === null ? undefined : postalPlaces[zipCode];
      return middle === undefined ? subject : { ...subject, facts: changedFacts(subject.facts, middle) };
    }
    if (codes.length === 0 || isCode.has(zipCode?.trim() ?? null)) return subject;
    const east = Math.cos((latitude * Math.PI) / 180);
    const distances = codes.map((code) => {
      const middle = postalPlaces[code]!;
      return Math.hypot(middle.latitude - latitude, (middle.longitude - longitude) * east);
    });
    const nearest = codes[distances.indexOf(Math.min(...distances))]!;
    return { ...subject, facts: changedFacts(subject.facts, { zipCode: nearest }) };
  }

  function expectedOf(missing: readonly number[]): Float64Array {
    const count = missing.length;
    const own = new Float64Array(count * count);
    const right = new Float64Array(count);
    missing.forEach((a, i) => {
      for (let b = 0; b < size; b += 1) {
        if (!Number.isNaN(known[b]!)) right[i] = right[i]! - precision[a * size + b]! * known[b]!;
      }
      missing.forEach((b, j) => {
        own[i * count + j] = precision[a * size + b]!;
      });
    });
    if (!factorise(own, count)) throw new Error(DEPENDENT);
    solveFactored(own, count, right);
    return right;
  }
}

/** Lower triangle of sums of products to correlations. */
function correlationsOf(sums: Float64Array, size: number): Float64Array {
  const scales = Float64Array.from({ length: size }, (_, a) => Math.sqrt(Math.max(sums[a * size + a]!, 1e-12)));
  return sums.map((sum, at) => {
    const [a, b] = [Math.floor(at / size), at % size];
    return a === b ? 1 + RIDGE : sum / (scales[a]! * scales[b]!);
  });
}

function inverseOf(matrix: Float64Array, size: number): Float64Array {
  if (!factorise(matrix, size)) throw new Error(DEPENDENT);
  const inverse = new Float64Array(size * size);
  for (let a = 0; a < size; a += 1) {
    const unit = inverse.subarray(a * size, (a + 1) * size);
    unit[a] = 1;
    solveFactored(matrix, size, unit);
  }
  return inverse;
}
