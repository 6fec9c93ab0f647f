/** Difference of two medians with the interval that 95% of paired resamples fall into. */
export interface PairedDifference {
  value: number;
  low: number;
  high: number;
}

/** A small seeded generator (mulberry32): the same seed gives the same numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The middle value; of an even number of them the mean of the two in the middle. NaN when there are none. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Absolute error as a share of the price: |value / price − 1|. */
export const shareOff = (value: number, price: number): number => Math.abs(value / price - 1);

/**
 * Median of `ours` minus median of `theirs`, errors of two models on the same rows, with the percentile interval of a
 * paired bootstrap: each resample draws rows, so that both models meet the same ones.
 * @param ours one error per row, in the order of `theirs`
 */
export function pairedMedianDifference(
  ours: readonly number[],
  theirs: readonly number[],
  options: { seed: number; resamples?: number },
): PairedDifference {
  const n = Math.min(ours.length, theirs.length);
  if (n === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const resamples = options.resamples ?? 2_000;
  const random = seededRandom(options.seed);
  const a = rank(ours);
  const b = rank(theirs);
  const counts = new Int32Array(n);
  const differences = new Float64Array(resamples);
  for (let r = 0; r < resamples; r += 1) {
    counts.fill(0);
    for (let i = 0; i < n; i += 1) counts[Math.floor(random() * n)]! += 1;
    differences[r] = countedMedian(a, counts) - countedMedian(b, counts);
  }
  differences.sort();
  const at = (share: number) => differences[Math.min(resamples - 1, Math.floor(share * resamples))]!;
  return { value: median(ours.slice(0, n)) - median(theirs.slice(0, n)), low: at(0.025), high: at(0.975) };
}

interface Ranked {
  errors: readonly number[];
  /** Row numbers from the smallest error to the largest. */
  order: Int32Array;
}

function rank(errors: readonly number[]): Ranked {
  return { errors, order: Int32Array.from(errors.keys()).sort((i, j) => errors[i]! - errors[j]!) };
}

/** Median of the rows, each as often as counted: a walk in the order of the errors, without sorting again. */
function countedMedian({ errors, order }: Ranked, counts: Int32Array): number {
  const n = order.length;
  const upper = (n >> 1) + 1;
  const lower = n % 2 === 1 ? upper : upper - 1;
  let seen = 0;
  let low = Number.NaN;
  for (const row of order) {
    seen += counts[row]!;
    if (Number.isNaN(low) && seen >= lower) low = errors[row]!;
    if (seen >= upper) return (low + errors[row]!) / 2;
  }
  return low;
}
