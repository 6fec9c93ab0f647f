import { ReosError } from '../errors.ts';

/** How a feature was distributed in training. */
export interface Histogram {
  /** Ascending cuts between the bins: bin i holds edges[i − 1] < x ≤ edges[i]; the outer bins are open. */
  edges: number[];
  /** Share of rows per bin (one more than edges), then the share of missing values; they sum to 1. */
  shares: number[];
}

/** Bounds of the population stability index. Below `moderate` nothing has changed that matters. */
export const PSI_BOUNDS = {
  /** Siddiqi, "Credit Risk Scorecards" (2006), ch. 9: below 0.10 no change, up to 0.25 a small one, above a shift. */
  moderate: 0.1,
  large: 0.25,
  /** An empty bin counts as this share: its logarithm would be infinite. */
  shareFloor: 1e-4,
} as const;

export type DriftLevel = 'stable' | 'moderate' | 'large';

export interface FeatureDrift {
  feature: string;
  psi: number;
  level: DriftLevel;
  /** What chance alone reaches in one sample of twenty of this size; a PSI below it is `stable`, whatever its size. */
  chance: number;
}

/**
 * Histogram with bins of about equal count. A value that fills a whole bin by itself (0 of a yes-no feature, a constant)
 * gets a bin of its own, so that values on either side of it show. NaN is missing.
 * @throws ReosError `validation` without values
 */
export function histogramOf(values: ArrayLike<number>, bins = 10): Histogram {
  if (values.length === 0) throw new ReosError('validation', 'A histogram needs at least one value.');
  const present = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const n = present.length;
  const edges: number[] = [];
  if (n > 0) {
    const cuts = Array.from({ length: bins - 1 }, (_, k) => present[Math.ceil(((k + 1) * n) / bins) - 1] ?? 0);
    for (const [k, cut] of cuts.entries()) {
      const fillsBin = cut === (cuts[k + 1] ?? present[n - 1]) || cut === (cuts[k - 1] ?? present[0]);
      for (const edge of fillsBin ? [justBelow(cut), cut] : [cut])
        if (edge > (edges.at(-1) ?? Number.NEGATIVE_INFINITY)) edges.push(edge);
    }
  }
  return { edges, shares: sharesOf(edges, values) };
}

/** Shares of the values in the bins of a histogram, the share of missing values last. */
export function sharesOf(edges: readonly number[], values: ArrayLike<number>): number[] {
  const counts = new Array<number>(edges.length + 2).fill(0);
  for (let i = 0; i < values.length; i += 1) counts[binOf(edges, values[i] ?? Number.NaN)]! += 1;
  return counts.map((count) => count / Math.max(1, values.length));
}

/**
 * Population stability index: the sum over bins of (actual − expected) · ln(actual / expected), each share at least the
 * floor. 0 when the shares are alike, never below.
 * @throws ReosError `validation` when the numbers of bins differ
 */
export function psi(expectedShares: readonly number[], actualShares: readonly number[]): number {
  if (expectedShares.length !== actualShares.length)
    throw new ReosError(
      'validation',
      `Shares of ${expectedShares.length} and ${actualShares.length} bins cannot be compared; count both in the same bins.`,
    );
  return expectedShares.reduce((sum, share, i) => {
    const expected = Math.max(share, PSI_BOUNDS.shareFloor);
    const actual = Math.max(actualShares[i] ?? 0, PSI_BOUNDS.shareFloor);
    return sum + (actual - expected) * Math.log(actual / expected);
  }, 0);
}

/**
 * How far new rows have moved from the training's, feature by feature, the largest first. Few rows scatter: a level is
 * named only beyond what chance reaches (PSI times rows is about chi-squared with bins − 1 degrees; Yurdakul, "Statistical
 * properties of population stability index", 2018).
 * @param histograms of the training, by feature; features without one are an error
 * @param rows new feature rows in the order of `featureNames`, NaN where missing
 * @throws ReosError `validation` without rows, or when a feature has no histogram
 */
export function driftReport(
  histograms: Readonly<Record<string, Histogram>>,
  featureNames: readonly string[],
  rows: ReadonlyArray<ArrayLike<number>>,
): FeatureDrift[] {
  if (rows.length === 0) throw new ReosError('validation', 'Drift is measured on new rows; there are none yet.');
  const report = featureNames.map((feature, at): FeatureDrift => {
    const histogram = histograms[feature];
    if (histogram === undefined)
      throw new ReosError('validation', `The model has no histogram of feature "${feature}"; train it again.`, {
        details: { feature },
      });
    const column = Float64Array.from(rows, (row) => row[at] ?? Number.NaN);
    const index = psi(histogram.shares, sharesOf(histogram.edges, column));
    const filled = histogram.shares.filter((share) => share > 0).length;
    const chance = chiSquared95(Math.max(1, filled - 1)) / rows.length;
    return { feature, psi: index, level: index < chance ? 'stable' : levelOf(index), chance };
  });
  return report.sort((a, b) => b.psi - a.psi);
}

function levelOf(index: number): DriftLevel {
  if (index < PSI_BOUNDS.moderate) return 'stable';
  return index > PSI_BOUNDS.large ? 'large' : 'moderate';
}

/** The 95% quantile of chi-squared, by Wilson and Hilferty's cube root (1931). */
function chiSquared95(degrees: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + 1.6449 * Math.sqrt(spread)) ** 3;
}

function binOf(edges: readonly number[], value: number): number {
  if (Number.isNaN(value)) return edges.length + 1;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A number next below: one or two steps of double precision. */
function justBelow(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  return value - Math.max(Math.abs(value) * Number.EPSILON, Number.MIN_VALUE);
}
