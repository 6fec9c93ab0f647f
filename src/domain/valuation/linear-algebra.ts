/**
 * Replaces a symmetric positive definite matrix (row-major, `size`²) by its lower Cholesky factor, in place.
 * @returns false when the matrix is not positive definite
 */
export function factorise(matrix: Float64Array, size: number): boolean {
  for (let i = 0; i < size; i += 1) {
    const rowI = i * size;
    for (let j = 0; j <= i; j += 1) {
      const rowJ = j * size;
      let sum = matrix[rowI + j]!;
      for (let k = 0; k < j; k += 1) sum -= matrix[rowI + k]! * matrix[rowJ + k]!;
      if (i === j) {
        if (!(sum > 0)) return false;
        matrix[rowI + i] = Math.sqrt(sum);
      } else matrix[rowI + j] = sum / matrix[rowJ + j]!;
    }
  }
  return true;
}

/** Solves L·x = b in place, with the factor of `factorise`. */
export function solveLower(factor: Float64Array, size: number, b: Float64Array): void {
  for (let i = 0; i < size; i += 1) {
    const row = i * size;
    let sum = b[i]!;
    for (let k = 0; k < i; k += 1) sum -= factor[row + k]! * b[k]!;
    b[i] = sum / factor[row + i]!;
  }
}

/** Solves Lᵀ·x = b in place, with the factor of `factorise`. */
export function solveUpper(factor: Float64Array, size: number, b: Float64Array): void {
  for (let i = size - 1; i >= 0; i -= 1) {
    let sum = b[i]!;
    for (let k = i + 1; k < size; k += 1) sum -= factor[k * size + i]! * b[k]!;
    b[i] = sum / factor[i * size + i]!;
  }
}

/** Solves A·x = b in place, with the factor that `factorise` made of A. */
export function solveFactored(factor: Float64Array, size: number, b: Float64Array): void {
  solveLower(factor, size, b);
  solveUpper(factor, size, b);
}
