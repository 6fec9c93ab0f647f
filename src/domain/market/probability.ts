/** A number with the ends of its interval. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

/** Two-sided 90% and 95% of the normal distribution. */
export const Z90 = 1.644_853_626_951_472;
export const Z95 = 1.959_963_984_540_054;

/**
 * Share of a standard normal below z, by the fractional-error-bounded fit of the complementary error function in Press et
 * al., "Numerical Recipes", section 6.2 (relative error below 1.2e-7). 0–1, never falling in z beyond that error.
 */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const terms = [
    0.170_872_77, -0.822_152_23, 1.488_515_87, -1.135_203_98, 0.278_868_07, -0.186_288_06, 0.096_784_18, 0.374_091_96,
    1.000_023_68,
  ];
  const fit = terms.reduce((sum, term) => sum * t + term, 0);
  const erfc = t * Math.exp(-x * x - 1.265_512_23 + t * fit);
  return z > 0 ? 1 - erfc / 2 : erfc / 2;
}

/**
 * Chance that a figure with a normal 90% interval around it is below 0. Without a width: 1 below 0, else 0.
 * @param of its value in the middle of `low` and `high`
 */
export function chanceBelowZero({ value, low, high }: Interval): number {
  const sigma = (high - low) / (2 * Z90);
  return sigma > 0 ? normalCdf(-value / sigma) : Number(value < 0);
}

/** Two-sided p-value of a standard normal statistic. */
export const twoSidedP = (z: number): number => Math.min(1, 2 * normalCdf(-Math.abs(z)));

/**
 * A share with Wilson's score interval (Wilson, 1927): sensible for few trials and shares near 0 or 1. The whole of 0–1
 * without trials, with NaN for the share.
 */
export function shareInterval(successes: number, trials: number, z = Z95): Interval {
  if (!(trials > 0)) return { value: Number.NaN, low: 0, high: 1 };
  const p = successes / trials;
  const square = (z * z) / trials;
  const middle = (p + square / 2) / (1 + square);
  const half = (z * Math.sqrt((p * (1 - p)) / trials + square / (4 * trials))) / (1 + square);
  return { value: p, low: Math.max(0, Math.min(p, middle - half)), high: Math.min(1, Math.max(p, middle + half)) };
}

/** How two shares differ. */
export interface ShareDifference {
  /** Second share less the first, with Newcombe's interval made of both Wilson intervals (Newcombe, 1998, method 10). */
  difference: Interval;
  /** Of the two-proportion z-test with pooled variance and Yates's continuity correction; 1 when it cannot be run. */
  pValue: number;
}

/** Compares `after` with `before`; each is successes of trials, successes at most trials. */
export function compareShares(before: readonly [number, number], after: readonly [number, number]): ShareDifference {
  const [x0, n0] = before;
  const [x1, n1] = after;
  if (!(n0 > 0) || !(n1 > 0)) return { difference: { value: Number.NaN, low: -1, high: 1 }, pValue: 1 };
  const first = shareInterval(x0, n0);
  const second = shareInterval(x1, n1);
  const value = second.value - first.value;
  const low = value - Math.hypot(second.value - second.low, first.high - first.value);
  const high = value + Math.hypot(second.high - second.value, first.value - first.low);
  const pooled = (x0 + x1) / (n0 + n1);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / n0 + 1 / n1));
  const corrected = Math.max(0, Math.abs(value) - 0.5 * (1 / n0 + 1 / n1));
  return { difference: { value, low, high }, pValue: error > 0 ? twoSidedP(corrected / error) : 1 };
}

/** `own` weighed n : strength against `other`: few rows lean on what is known of the whole. `other` when n is 0. */
export function shrunk(own: number, n: number, other: number, strength: number): number {
  if (!(n > 0) || !Number.isFinite(own)) return other;
  return (n * own + strength * other) / (n + strength);
}
