import { SIMILARITY_DIMENSIONS, type SimilarityFacts } from './dimensions.ts';

/** Number of dimensions of a similarity vector. */
export const DIMENSIONS = 35;

/** Standardised values are held within this many deviations: one odd fact must not outweigh all others. */
const LIMIT = 4;
/** The median absolute deviation of a normal distribution is this share of its standard deviation. */
const MAD_SHARE = 0.6745;

/** What a dimension's values are standardised by. */
export interface DimensionScale {
  median: number;
  /** Robust standard deviation, > 0; 0 when the dimension never differs, which silences it. */
  spread: number;
}

/** Houses as vectors, ready to be searched: row i of `vectors` belongs to `ids[i]`. */
export interface SimilarityIndex {
  ids: readonly string[];
  rowOf: ReadonlyMap<string, number>;
  scales: readonly DimensionScale[];
  /** `ids.length` × 35 values standardised by the scales, row by row; 0 where unknown. */
  vectors: Float32Array;
  /** Length of each vector. */
  norms: Float32Array;
}

/** The 35 values of a house before they are standardised, NaN where unknown. */
export function rawVector(facts: SimilarityFacts, asOf: string): Float64Array {
  const vector = new Float64Array(DIMENSIONS);
  writeRaw(vector, 0, facts, asOf);
  return vector;
}

function writeRaw(into: Float64Array, from: number, facts: SimilarityFacts, asOf: string): void {
  for (let d = 0; d < DIMENSIONS; d += 1) {
    const value = SIMILARITY_DIMENSIONS[d]!.read(facts, asOf);
    into[from + d] = value === null || !Number.isFinite(value) ? Number.NaN : value;
  }
}

type Houses = ReadonlyArray<{ id: string; facts: SimilarityFacts }>;

/**
 * Standardises the houses by the median and median absolute deviation of their own values, so the scales are those of
 * the market at hand. O(n log n) once; 140 bytes a house.
 * @param asOf YYYY-MM-DD, the day that ages are counted to
 */
export function buildIndex(houses: Houses, asOf: string): SimilarityIndex {
  const steps = indexSteps(houses, asOf);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

const ROWS_A_STEP = 5_000;

/** `buildIndex` in steps of a few milliseconds, for a caller that has other things to do in between. */
export function* indexSteps(houses: Houses, asOf: string): Generator<undefined, SimilarityIndex> {
  const raw = new Float64Array(houses.length * DIMENSIONS);
  for (const [row, { facts }] of houses.entries()) {
    writeRaw(raw, row * DIMENSIONS, facts, asOf);
    if (row % ROWS_A_STEP === ROWS_A_STEP - 1) yield;
  }
  const scales: DimensionScale[] = [];
  for (let dimension = 0; dimension < DIMENSIONS; dimension += 1) {
    scales.push(scaleOf(raw, dimension));
    yield;
  }
  const vectors = new Float32Array(raw.length);
  const norms = new Float32Array(houses.length);
  for (let row = 0; row < houses.length; row += 1) {
    if (row % ROWS_A_STEP === ROWS_A_STEP - 1) yield;
    let sum = 0;
    for (let d = 0; d < DIMENSIONS; d += 1) {
      const at = row * DIMENSIONS + d;
      const value = standardise(raw[at]!, scales[d]!);
      vectors[at] = value;
      sum += value * value;
    }
    norms[row] = Math.sqrt(sum);
  }
  const ids = houses.map(({ id }) => id);
  return { ids, rowOf: new Map(ids.map((id, row) => [id, row])), scales, vectors, norms };
}

function standardise(value: number, scale: DimensionScale): number {
  if (Number.isNaN(value) || scale.spread === 0) return 0;
  return Math.max(-LIMIT, Math.min(LIMIT, (value - scale.median) / scale.spread));
}

/** Median and spread of one dimension. Where more than half are equal the mean absolute deviation takes over. */
function scaleOf(raw: Float64Array, dimension: number): DimensionScale {
  const known = new Float64Array(raw.length / DIMENSIONS);
  let count = 0;
  for (let at = dimension; at < raw.length; at += DIMENSIONS) {
    const value = raw[at]!;
    if (!Number.isNaN(value)) known[count++] = value;
  }
  const values = known.subarray(0, count).sort();
  if (values.length === 0) return { median: 0, spread: 0 };
  const median = middleOf(values);
  const deviations = values.map((value) => Math.abs(value - median)).sort();
  const mad = middleOf(deviations) / MAD_SHARE;
  if (mad > 0) return { median, spread: mad };
  const mean = deviations.reduce((sum, deviation) => sum + deviation, 0) / deviations.length;
  return { median, spread: mean * Math.sqrt(Math.PI / 2) };
}

const middleOf = (sorted: Float64Array): number =>
  ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
