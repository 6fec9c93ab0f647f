/** Weeks of the plain z-score's window. */
export const PLAIN_WEEKS = 26;
/** The threshold that is usual for it. */
export const PLAIN_Z = 3;

/**
 * The plain z-score, for comparison: each week's distance from the mean of the 26 weeks before it, over their standard
 * deviation (sample). NaN with fewer than 8 known weeks or no spread.
 */
export function plainZ(values: ArrayLike<number>): Float64Array {
  const z = new Float64Array(values.length).fill(Number.NaN);
  for (let at = 0; at < values.length; at += 1) {
    let count = 0;
    let sum = 0;
    let squares = 0;
    for (let u = Math.max(0, at - PLAIN_WEEKS); u < at; u += 1) {
      const value = values[u]!;
      if (Number.isNaN(value)) continue;
      count += 1;
      const step = value - sum;
      sum += step / count;
      squares += step * (value - sum);
    }
    const deviation = count < 8 ? Number.NaN : Math.sqrt(squares / (count - 1));
    if (deviation > 0) z[at] = (values[at]! - sum) / deviation;
  }
  return z;
}

/** Stretches of the plain z-score beyond a threshold, up to two weeks apart joined. */
export function plainEpisodes(z: Float64Array, first: number, threshold = PLAIN_Z) {
  const found: Array<{ direction: 1 | -1; from: number; to: number; alarmAt: number }> = [];
  for (const direction of [1, -1] as const) {
    let last: { direction: 1 | -1; from: number; to: number; alarmAt: number } | null = null;
    for (let at = first; at < z.length; at += 1) {
      if (!(direction * z[at]! >= threshold)) continue;
      if (last !== null && at - last.to <= 3) last.to = at;
      else {
        last = { direction, from: at, to: at, alarmAt: at };
        found.push(last);
      }
    }
  }
  return found;
}
