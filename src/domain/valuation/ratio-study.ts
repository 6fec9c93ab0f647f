import { ReosError } from '../errors.ts';
import { countedMedian, drawCounts, percentileInterval } from './bootstrap.ts';
import { quantileOfSorted } from './quantile.ts';
import { createRandom } from './random.ts';

/** The measures of a ratio study. A ratio is a value divided by the price that was paid. */
export interface RatioStatistics {
  count: number;
  median_ratio: number;
  mean_ratio: number;
  /** Sum of the values divided by the sum of the prices. */
  weighted_mean: number;
  /** Coefficient of dispersion, percent: mean distance of the ratios from their median, divided by it, times 100. */
  cod: number;
  /** Price-related differential: mean ratio divided by the weighted mean. Above 1: dear houses are valued lower. */
  prd: number;
  /** Price-related bias: change of the ratio, as a share of the median, when the value doubles. NaN when all rows are worth the same. */
  prb: number;
}

/** Measures with an interval of confidence. */
export type RatioMeasure = Exclude<keyof RatioStatistics, 'count'>;

export interface RatioStudy extends RatioStatistics {
  /** Share of confidence, 0.95 unless asked otherwise. */
  confidence: number;
  intervals: Record<RatioMeasure, { low: number; high: number }>;
}

/** A ratio study without its outliers. */
export interface TrimmedRatioStudy extends RatioStudy {
  /** Rows left out. */
  trimmed: number;
  /** Ratios outside these are left out. */
  kept: { low: number; high: number };
}

export interface RatioStudyOptions {
  /** Default 1,000. */
  resamples?: number;
  /** Default 7. */
  seed?: number;
  /** Default 0.95. */
  confidence?: number;
}

const MEASURES: readonly RatioMeasure[] = ['median_ratio', 'mean_ratio', 'weighted_mean', 'cod', 'prd', 'prb'];

/** Rows by rising ratio: results then depend on the set of rows, not on their order. */
interface Rows {
  ratios: Float64Array;
  values: Float64Array;
  prices: Float64Array;
}

/**
 * Median ratio, COD, PRD and PRB (IAAO Standard on Ratio Studies, 2013, section 5 and appendix; the same formulas as R's
 * assessr). PRB is the slope of (ratio − median) / median on log2 of half the sum of price and value / median.
 * @param values dollars; one below 0 counts as 0 in the logarithm of PRB
 * @throws ReosError `validation` for no rows, unequal lengths, a price that is not above 0, a median ratio not above 0
 */
export function ratioStatistics(values: ArrayLike<number>, prices: ArrayLike<number>): RatioStatistics {
  const rows = sortRows(values, prices);
  return statisticsOf(rows, new Uint32Array(rows.ratios.length).fill(1));
}

/**
 * The same for rows that always come in the same order: another order would move the last digits. Takes a third of the time.
 * @throws ReosError as `ratioStatistics`
 */
export function ratioStatisticsInOrder(values: ArrayLike<number>, prices: ArrayLike<number>): RatioStatistics {
  const rows = rowsOf(values, prices);
  const median = quantileOfSorted(rows.ratios.slice().sort(), 0.5);
  return statisticsOf(rows, new Uint32Array(rows.ratios.length).fill(1), median);
}

/**
 * The statistics with percentile-bootstrap intervals, rows drawn jointly: the way the standard names for COD and PRD,
 * used here for all measures. (assessr takes the regression's own interval for PRB, which outliers make too narrow.)
 * @throws ReosError as `ratioStatistics`
 */
export function ratioStudy(
  values: ArrayLike<number>,
  prices: ArrayLike<number>,
  { resamples = 1000, seed = 7, confidence = 0.95 }: RatioStudyOptions = {},
): RatioStudy {
  const rows = sortRows(values, prices);
  const counts = new Uint32Array(rows.ratios.length).fill(1);
  const statistics = statisticsOf(rows, counts);
  const random = createRandom(seed);
  const drawn = new Map(MEASURES.map((name) => [name, new Float64Array(resamples)]));
  for (let k = 0; k < resamples; k += 1) {
    drawCounts(random, counts);
    const resample = statisticsOf(rows, counts);
    for (const [name, estimates] of drawn) estimates[k] = resample[name];
  }
  const of = (name: RatioMeasure) => percentileInterval(drawn.get(name) ?? new Float64Array(), confidence);
  const intervals = {
    median_ratio: of('median_ratio'),
    mean_ratio: of('mean_ratio'),
    weighted_mean: of('weighted_mean'),
    cod: of('cod'),
    prd: of('prd'),
    prb: of('prb'),
  };
  return { ...statistics, confidence, intervals };
}

/**
 * The study without ratios beyond the quartiles by more than three times the distance between them (the standard's
 * appendix B on outliers). Quartiles are those of R's `quantile` (type 7), as in assessr; the standard's own places,
 * 0.25·n + 0.25 and 0.75·n + 0.75, differ by less than one rank.
 * @throws ReosError as `ratioStatistics`
 */
export function ratioStudyTrimmed(
  values: ArrayLike<number>,
  prices: ArrayLike<number>,
  options: RatioStudyOptions & { iqrFactor?: number } = {},
): TrimmedRatioStudy {
  const rows = sortRows(values, prices);
  const first = quantileOfSorted(rows.ratios, 0.25);
  const third = quantileOfSorted(rows.ratios, 0.75);
  const reach = (options.iqrFactor ?? 3) * (third - first);
  const kept = { low: first - reach, high: third + reach };
  const isKept = (_: number, i: number) => rows.ratios[i]! >= kept.low && rows.ratios[i]! <= kept.high;
  const left = rows.values.filter(isKept);
  const study = ratioStudy(left, rows.prices.filter(isKept), options);
  return { ...study, trimmed: rows.values.length - left.length, kept };
}

/** The rows as they are given, checked. */
function rowsOf(values: ArrayLike<number>, prices: ArrayLike<number>): Rows {
  const n = values.length;
  if (n === 0 || n !== prices.length)
    throw new ReosError(
      'validation',
      `A ratio study needs one value per price, at least one: got ${n} values and ${prices.length} prices.`,
    );
  const ratios = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    const price = prices[i] ?? Number.NaN;
    const value = values[i] ?? Number.NaN;
    if (!(price > 0) || !Number.isFinite(price) || !Number.isFinite(value))
      throw new ReosError(
        'validation',
        `Row ${i} of the ratio study has value ${value} and price ${price}: a value must be a number, a price above 0. Leave the row out.`,
        { details: { row: i } },
      );
    ratios[i] = value / price;
  }
  return { ratios, values: Float64Array.from(values), prices: Float64Array.from(prices) };
}

/** The rows by their ratios, so that the order in which they are given changes nothing. */
function sortRows(given: ArrayLike<number>, paid: ArrayLike<number>): Rows {
  const { ratios, values, prices } = rowsOf(given, paid);
  const order = Uint32Array.from(ratios, (_, i) => i).sort(
    (i, j) => ratios[i]! - ratios[j]! || prices[i]! - prices[j]! || values[i]! - values[j]!,
  );
  const pick = (from: Float64Array) => Float64Array.from(order, (i) => from[i]!);
  return { ratios: pick(ratios), values: pick(values), prices: pick(prices) };
}

/** The statistics when each row counts as often as it was drawn. @param median of the ratios; that of sorted rows by default */
function statisticsOf(
  { ratios, values, prices }: Rows,
  counts: Uint32Array,
  median = countedMedian(ratios, counts),
): RatioStatistics {
  const n = ratios.length;
  if (!(median > 0))
    throw new ReosError(
      'validation',
      `The median ratio of value to price is ${median}; a ratio study needs values above 0.`,
    );
  // Close to the data, so that the sums of squares lose no digits.
  const shift = Math.log2(prices[0]!);
  let sumRatio = 0;
  let sumValue = 0;
  let sumPrice = 0;
  let distance = 0;
  let sumX = 0;
  let sumXX = 0;
  let sumXY = 0;
  for (let i = 0; i < n; i += 1) {
    const times = counts[i]!;
    if (times === 0) continue;
    const ratio = ratios[i]!;
    const x = Math.log2(0.5 * (prices[i]! + Math.max(0, values[i]!) / median)) - shift;
    sumRatio += times * ratio;
    sumValue += times * values[i]!;
    sumPrice += times * prices[i]!;
    distance += times * Math.abs(ratio - median);
    sumX += times * x;
    sumXX += times * x * x;
    sumXY += times * x * (ratio - median);
  }
  const spread = sumXX - (sumX * sumX) / n;
  const slope = (sumXY - (sumX * (sumRatio - n * median)) / n) / (spread * median);
  return {
    count: n,
    median_ratio: median,
    mean_ratio: sumRatio / n,
    weighted_mean: sumValue / sumPrice,
    cod: (100 * distance) / (n * median),
    prd: sumRatio / n / (sumValue / sumPrice),
    prb: spread > 1e-10 * n ? slope : Number.NaN,
  };
}
