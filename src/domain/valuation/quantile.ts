/**
 * Quantile of ascending values by linear interpolation at the place (n − 1)·p, counted from 0 (Hyndman and Fan's type 7,
 * the rule of R and numpy). NaN when there are no values.
 * @param p share, 0–1
 */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = (sorted.length - 1) * p;
  const at = Math.floor(place);
  const low = sorted[at] ?? Number.NaN;
  const high = sorted[Math.min(at + 1, sorted.length - 1)] ?? Number.NaN;
  return low === high ? low : low + (high - low) * (place - at);
}

/** The quantile of values in any order; those that are NaN are left out. NaN when none is left. The input stays as it is. */
export function quantileOf(values: ArrayLike<number>, p: number): number {
  return quantileOfSorted(
    Float64Array.from(values)
      .filter((value) => !Number.isNaN(value))
      .sort(),
    p,
  );
}

/** Median of values in any order: the mean of the two in the middle when their number is even. As `quantileOf` else. */
export function medianOf(values: ArrayLike<number>): number {
  return quantileOf(values, 0.5);
}
