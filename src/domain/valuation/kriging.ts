import type { KdTree, NearestFound } from './kd-tree.ts';
import { factorise, solveLower } from './linear-algebra.ts';

/** What the nearest past sales say about a house, in logarithms against the hedonic estimate. */
export interface LocalEstimate {
  /** Expected premium over the hedonic estimate. */
  premium: number;
  /** Share of the prior variance that is left, 0 (known) to 1 (nothing near). */
  doubt: number;
}

/** Room for the matrices, reused between estimates. */
export interface KrigingScratch {
  matrix: Float64Array;
  signal: Float64Array;
  kernel: Float64Array;
}

/** Room for up to `size` neighbours. */
export const createKrigingScratch = (size: number): KrigingScratch => ({
  matrix: new Float64Array(size * size),
  signal: new Float64Array(size),
  kernel: new Float64Array(size),
});

/**
 * Simple kriging (Gaussian process regression) on the nearest sales with an exponential covariance (Matérn ½):
 * covariance exp(−distance) between houses, and `noise` as the variance of a single sale relative to it.
 * @param residuals per position: what the sale fetched beyond the hedonic estimate and the price level of its day
 * @param mismatch squared distance that two positions have beyond their coordinates
 */
export function krige(
  tree: KdTree,
  found: NearestFound,
  residuals: Float64Array,
  noise: number,
  mismatch: (a: number, b: number) => number,
  scratch: KrigingScratch,
): LocalEstimate {
  const size = found.count;
  if (size === 0) return { premium: 0, doubt: 1 };
  const { matrix, signal, kernel } = scratch;
  const { points, dimensions } = tree;
  for (let i = 0; i < size; i += 1) {
    const a = found.positions[i]!;
    signal[i] = residuals[a]!;
    kernel[i] = Math.exp(-Math.sqrt(found.squares[i]!));
    for (let j = 0; j < i; j += 1) {
      const b = found.positions[j]!;
      let square = mismatch(a, b);
      for (let d = 0; d < dimensions; d += 1) {
        const gap = points[a * dimensions + d]! - points[b * dimensions + d]!;
        square += gap * gap;
      }
      matrix[i * size + j] = Math.exp(-Math.sqrt(square));
    }
    matrix[i * size + i] = 1 + noise;
  }
  // 1 + noise on the diagonal of a covariance matrix is always positive definite; a failure would be a defect.
  if (!factorise(matrix, size)) throw new Error('the covariance of the neighbours is not positive definite');
  solveLower(matrix, size, signal);
  solveLower(matrix, size, kernel);
  let premium = 0;
  let explained = 0;
  for (let i = 0; i < size; i += 1) {
    premium += signal[i]! * kernel[i]!;
    explained += kernel[i]! * kernel[i]!;
  }
  return { premium, doubt: Math.max(0, Math.min(1, 1 - explained)) };
}
