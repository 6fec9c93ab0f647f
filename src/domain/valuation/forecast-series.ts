import { quantileOfSorted } from './quantile.ts';

/** A damped local trend of a series, monthly unless said, with yearly seasons where there is enough of it. */
export interface FittedSeries {
  level: number;
  trend: number;
  /** Share of the trend that is left a month later. */
  damping: number;
  smoothing: { level: number; trend: number };
  /** Deviation of each month (or period) of the year, index 0 = the series' first; null below two years. */
  seasons: number[] | null;
  /** Standard deviation of the one-month error, robust. */
  sigma: number;
}

/** Years needed before seasons are told apart from chance. */
const SEASON_YEARS = 2;
const MONTHS = 12;
const GRID = {
  level: [0.2, 0.35, 0.5, 0.7, 0.9],
  trend: [0.02, 0.08, 0.2, 0.4],
  damping: [0.8, 0.9, 0.97],
} as const;

/**
 * Fits Holt's linear method with a damped trend (Gardner and McKenzie, "Forecasting trends in time series", 1985) by the
 * smallest mean absolute one-month error, after taking out yearly seasons when there are at least two years.
 * @param values one per month (or other period), at least four
 * @param perYear periods of a year, an even number
 */
export function fitSeries(values: readonly number[], perYear = MONTHS): FittedSeries {
  const seasons = values.length >= SEASON_YEARS * perYear ? seasonsOf(values, perYear) : null;
  const plain = seasons === null ? values : values.map((value, at) => value - seasons[at % perYear]!);
  let best: { error: number; fit: ReturnType<typeof smooth>; level: number; trend: number; damping: number } | null =
    null;
  for (const level of GRID.level) {
    for (const trend of GRID.trend) {
      for (const damping of GRID.damping) {
        const fit = smooth(plain, level, trend, damping);
        const error = fit.errors.reduce((sum, each) => sum + Math.abs(each), 0);
        if (best === null || error < best.error) best = { error, fit, level, trend, damping };
      }
    }
  }
  const { fit, level, trend, damping } = best!;
  const sizes = Float64Array.from(fit.errors, Math.abs).sort();
  return {
    level: fit.level,
    trend: fit.trend,
    damping,
    smoothing: { level, trend },
    seasons,
    // 1.4826 times the median absolute error is the standard deviation of normal errors; a flat series still has some.
    sigma: Math.max(1e-4, 1.4826 * quantileOfSorted(sizes, 0.5)),
  };
}

/** The fitted value so many months after the last of the `length` months it was fitted to. */
export function valueAhead(fit: FittedSeries, length: number, months: number): number {
  let damped = 0;
  for (let k = 1; k <= months; k += 1) damped += fit.damping ** k;
  const season = fit.seasons === null ? 0 : fit.seasons[(length - 1 + months) % fit.seasons.length]!;
  return fit.level + damped * fit.trend + season;
}

/** Standard deviation of the error so many months ahead, by the method's own formula (Hyndman et al., 2008, ch. 6). */
export function spreadAhead({ smoothing, damping, sigma }: FittedSeries, months: number): number {
  let variance = 1;
  let damped = 0;
  for (let k = 1; k < months; k += 1) {
    damped += damping ** k;
    variance += (smoothing.level + smoothing.level * smoothing.trend * damped) ** 2;
  }
  return sigma * Math.sqrt(variance);
}

function smooth(values: readonly number[], alpha: number, beta: number, damping: number) {
  let level = values[0]!;
  let trend = (values[Math.min(3, values.length - 1)]! - values[0]!) / Math.min(3, values.length - 1);
  const errors: number[] = [];
  for (let t = 1; t < values.length; t += 1) {
    const expected = level + damping * trend;
    const error = values[t]! - expected;
    // The first months only teach where the series starts.
    if (t >= Math.min(3, values.length - 1)) errors.push(error);
    level = expected + alpha * error;
    trend = damping * trend + alpha * beta * error;
  }
  return { level, trend, errors };
}

/** Deviations from the centred yearly mean by month of the year, summing to 0, drawn towards 0 where years are few. */
function seasonsOf(values: readonly number[], perYear: number): number[] {
  const deviations: number[][] = Array.from({ length: perYear }, () => []);
  for (let t = perYear / 2; t + perYear / 2 < values.length; t += 1) {
    let sum = (values[t - perYear / 2]! + values[t + perYear / 2]!) / 2;
    for (let k = 1 - perYear / 2; k < perYear / 2; k += 1) sum += values[t + k]!;
    deviations[t % perYear]!.push(values[t]! - sum / perYear);
  }
  const raw = deviations.map((of) => {
    const middle = quantileOfSorted(Float64Array.from(of).sort(), 0.5);
    return of.length === 0 ? 0 : (middle * of.length) / (of.length + 1);
  });
  const mean = raw.reduce((sum, value) => sum + value, 0) / perYear;
  return raw.map((value) => value - mean);
}
