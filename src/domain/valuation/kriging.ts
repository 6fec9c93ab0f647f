import { decay } from './decay.ts';
import type { KdTree, NearestFound } from './kd-tree.ts';

/** What the nearest past sales say about a house, in logarithms against the hedonic estimate. */
export interface LocalEstimate {
  /** Expected premium over the hedonic estimate. */
  premium: number;
  /** Share of the prior variance that is left, 0 (known) to 1 (nothing near). */
  doubt: number;
}

/** Names that houses share beside their coordinates: two that differ in one, or lack it, are farther apart. */
export interface SharedNames {
  /** Per kind of name: its number by position; −1 without one. */
  codes: readonly Int32Array[];
  /** Squared distance that each difference adds. */
  otherSquare: number;
}

/** Room for the matrices, reused between estimates. */
export interface KrigingScratch {
  /** Covariance row by row, and below it the two right sides. */
  matrix: Float64Array;
  /** Coordinates of the neighbours, side by side. */
  points: Float64Array;
  codes: Int32Array;
}

/** Rows whose covariances are worked out together; the last of them may lie beyond the neighbours. */
const TOGETHER = 4;

/** Room for up to `size` neighbours of so many coordinates and kinds of names. */
export const createKrigingScratch = (size: number, dimensions: number, kinds: number): KrigingScratch => ({
  matrix: new Float64Array((size + TOGETHER - 1) * size),
  points: new Float64Array((size + TOGETHER - 1) * dimensions),
  codes: new Int32Array((size + TOGETHER - 1) * kinds),
});

/**
 * Simple kriging (Gaussian process regression) on the nearest sales with an exponential covariance (Matérn ½):
 * covariance exp(−distance) between houses, and `noise` as the variance of a single sale relative to it.
 * @param residuals per position: what the sale fetched beyond the hedonic estimate and the price level of its day
 */
export function krige(
  tree: KdTree,
  found: NearestFound,
  residuals: Float64Array,
  noise: number,
  names: SharedNames,
  scratch: KrigingScratch,
): LocalEstimate {
  const size = found.count;
  if (size === 0) return { premium: 0, doubt: 1 };
  const { matrix } = scratch;
  gather(tree, found, names, scratch);
  writeCovariances(tree.dimensions, size, names, scratch);
  const signal = size * size;
  const kernel = signal + size;
  for (let i = 0; i < size; i += 1) {
    matrix[i * size + i] = 1 + noise;
    matrix[signal + i] = residuals[found.positions[i]!]!;
    matrix[kernel + i] = decay(Math.sqrt(found.squares[i]!));
  }
  // 1 + noise on the diagonal of a covariance matrix is always positive definite; a failure would be a defect.
  if (!reduce(matrix, size, size + 2)) throw new Error('the covariance of the neighbours is not positive definite');
  let premium = 0;
  let explained = 0;
  for (let i = 0; i < size; i += 1) {
    premium += matrix[signal + i]! * matrix[kernel + i]!;
    explained += matrix[kernel + i]! * matrix[kernel + i]!;
  }
  return { premium, doubt: Math.max(0, Math.min(1, 1 - explained)) };
}

/** Copies what tells the neighbours apart to where it lies side by side. */
function gather(
  { ordered, slots, stride, dimensions }: KdTree,
  found: NearestFound,
  names: SharedNames,
  to: KrigingScratch,
): void {
  const kinds = names.codes.length;
  for (let i = 0; i < found.count; i += 1) {
    const position = found.positions[i]!;
    const at = slots[position]! * stride;
    for (let d = 0; d < dimensions; d += 1) to.points[i * dimensions + d] = ordered[at + d]!;
    for (let g = 0; g < kinds; g += 1) to.codes[i * kinds + g] = names.codes[g]![position]!;
  }
}

/**
 * Covariances of all pairs, below the diagonal. First their squared distances, four rows at a time: they share what they
 * read and do not wait for each other. Rows beyond the last are never read: the right sides are written over them.
 */
function writeCovariances(dimensions: number, size: number, names: SharedNames, scratch: KrigingScratch): void {
  const { matrix, points, codes } = scratch;
  const { otherSquare } = names;
  const kinds = names.codes.length;
  for (let j = 0; j + 1 < size; j += 1) {
    const from = j * dimensions;
    for (let i = j + 1; i < size; i += TOGETHER) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let g = 0; g < kinds; g += 1) {
        const code = codes[j * kinds + g]!;
        const at = i * kinds + g;
        if (code === -1 || codes[at]! !== code) a += otherSquare;
        if (code === -1 || codes[at + kinds]! !== code) b += otherSquare;
        if (code === -1 || codes[at + 2 * kinds]! !== code) c += otherSquare;
        if (code === -1 || codes[at + 3 * kinds]! !== code) d += otherSquare;
      }
      let atA = i * dimensions;
      for (let at = from; at < from + dimensions; at += 1) {
        const value = points[at]!;
        const ofA = points[atA]! - value;
        const ofB = points[atA + dimensions]! - value;
        const ofC = points[atA + 2 * dimensions]! - value;
        const ofD = points[atA + 3 * dimensions]! - value;
        a += ofA * ofA;
        b += ofB * ofB;
        c += ofC * ofC;
        d += ofD * ofD;
        atA += 1;
      }
      const to = i * size + j;
      matrix[to] = a;
      matrix[to + size] = b;
      matrix[to + 2 * size] = c;
      matrix[to + 3 * size] = d;
    }
  }
  for (let i = 1; i < size; i += 1) {
    for (let at = i * size; at < i * size + i; at += 1) matrix[at] = decay(Math.sqrt(matrix[at]!));
  }
}

/**
 * Cholesky factor L of the first `size` rows (symmetric, row-major, lower half given), in place; every further row b
 * becomes the solution x of L·x = b. Two columns of four rows at a time: each sum is what it would be alone, but they
 * share what they read and do not wait for each other.
 * @returns false when the matrix is not positive definite
 */
function reduce(matrix: Float64Array, size: number, rows: number): boolean {
  for (let j = 0; j < size; j += 2) {
    const p = j * size;
    const q = p + size;
    const first = pivotOf(matrix, p, j);
    if (!(first > 0)) return false;
    matrix[p + j] = first;
    if (j + 1 === size) {
      for (let i = size; i < rows; i += 1) matrix[i * size + j] = sumOf(matrix, i * size, p, j) / first;
      break;
    }
    const across = sumOf(matrix, q, p, j) / first;
    matrix[q + j] = across;
    const second = pivotOf(matrix, q, j + 1);
    if (!(second > 0)) return false;
    matrix[q + j + 1] = second;
    let i = j + 2;
    for (; i + 3 < rows; i += 4) {
      const a = i * size;
      const b = a + size;
      const c = b + size;
      const d = c + size;
      let a0 = matrix[a + j]!;
      let b0 = matrix[b + j]!;
      let c0 = matrix[c + j]!;
      let d0 = matrix[d + j]!;
      let a1 = matrix[a + j + 1]!;
      let b1 = matrix[b + j + 1]!;
      let c1 = matrix[c + j + 1]!;
      let d1 = matrix[d + j + 1]!;
      for (let k = 0; k < j; k += 1) {
        const x = matrix[p + k]!;
        const y = matrix[q + k]!;
        const ofA = matrix[a + k]!;
        const ofB = matrix[b + k]!;
        const ofC = matrix[c + k]!;
        const ofD = matrix[d + k]!;
        a0 -= ofA * x;
        a1 -= ofA * y;
        b0 -= ofB * x;
        b1 -= ofB * y;
        c0 -= ofC * x;
        c1 -= ofC * y;
        d0 -= ofD * x;
        d1 -= ofD * y;
      }
      a0 /= first;
      b0 /= first;
      c0 /= first;
      d0 /= first;
      matrix[a + j] = a0;
      matrix[b + j] = b0;
      matrix[c + j] = c0;
      matrix[d + j] = d0;
      matrix[a + j + 1] = (a1 - a0 * across) / second;
      matrix[b + j + 1] = (b1 - b0 * across) / second;
      matrix[c + j + 1] = (c1 - c0 * across) / second;
      matrix[d + j + 1] = (d1 - d0 * across) / second;
    }
    for (; i < rows; i += 1) {
      const a = i * size;
      matrix[a + j] = sumOf(matrix, a, p, j) / first;
      matrix[a + j + 1] = sumOf(matrix, a, q, j + 1) / second;
    }
  }
  return true;
}

/** What is left of column `count` of the row at `row` after the columns before it, against the row at `by`. */
function sumOf(matrix: Float64Array, row: number, by: number, count: number): number {
  let sum = matrix[row + count]!;
  for (let k = 0; k < count; k += 1) sum -= matrix[row + k]! * matrix[by + k]!;
  return sum;
}

/** The diagonal of the factor in the row at `row`; NaN when the matrix is not positive definite. */
const pivotOf = (matrix: Float64Array, row: number, at: number): number => Math.sqrt(sumOf(matrix, row, row, at));
