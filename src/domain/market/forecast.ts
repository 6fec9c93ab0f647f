import { forecastSeries } from '../valuation/forecast.ts';
import { fitSeries, valueAhead } from '../valuation/forecast-series.ts';
import { quantileOf } from '../valuation/quantile.ts';
import { GRAINS, type Grain } from './metrics.ts';

/** Ways to forecast: a damped trend with seasons; tomorrow as today; the same period of the year before. */
export type ForecastMethod = 'damped_trend' | 'naive' | 'seasonal_naive';

/** A period ahead, in the figure's unit. */
export interface PeriodAhead {
  ahead: number;
  value: number;
  low: number;
  high: number;
}

/** A forecast with what each way was worth on the series' own past, or why there is none. */
export type FigureForecast =
  | { available: false; statement: string; periods: number; needed: number }
  | {
      available: true;
      statement: string;
      periods: number;
      /** The way that erred least, by which the forecast is made. */
      method: ForecastMethod;
      /** Mean absolute errors of past forecasts 1 to `horizon` ahead, in the figure's unit; null where it cannot be made. */
      mae: Record<ForecastMethod, number | null>;
      backtests: number;
      /** Share of past intervals of the damped trend that held; null with fewer than 20, or when another way is used. */
      coverage_80: number | null;
      forecast: PeriodAhead[];
    };

/** Periods in a row that a forecast needs. */
export const LEAST_PERIODS = { week: 26, month: 12, quarter: 8 } as const;
/** Newest periods that are looked at: older markets were others, and every fit takes time. */
export const MOST_PERIODS = { week: 156, month: 120, quarter: 60 } as const;
/** Missing periods in a row that are bridged; a longer gap cuts the series. */
const MAX_GAP = 2;
/** Starts of past forecasts, the newest. */
const ORIGINS = 24;

/**
 * Forecasts a figure of a market. All ways are tried on the newest 24 starts of its own past, each from the periods before
 * it alone; the one with the smallest mean absolute error makes the forecast. Intervals of 80% come from the errors of past
 * forecasts.
 * @param values one per period, oldest first, positive or zero, null where missing
 */
export function forecastFigure(values: ReadonlyArray<number | null>, grain: Grain, horizon: number): FigureForecast {
  const series = newestRun(values).slice(-MOST_PERIODS[grain]);
  const needed = LEAST_PERIODS[grain];
  if (series.length < needed) {
    const statement = `No forecast: ${series.length} ${grain}s in a row, at least ${needed} are needed.`;
    return { available: false, statement, periods: series.length, needed };
  }
  const scale = scaleOf(series);
  const season = GRAINS[grain].perYear;
  const logs = series.map(scale.to);
  const errors = backtest(logs, series, { season, horizon, from: scale.from, least: Math.ceil(needed / 2) });
  const mae = Object.fromEntries(
    METHODS.map((method) => [method, meanOf(errors[method].map(({ error }) => error))]),
  ) as Record<ForecastMethod, number | null>;
  const method = METHODS.reduce((best, one) => ((mae[one] ?? Infinity) < (mae[best] ?? Infinity) ? one : best));
  const model = forecastSeries(logs, horizon, season);
  const fit = fitSeries(logs, season);
  let widest = 0;
  const forecast = Array.from({ length: horizon }, (_, k): PeriodAhead => {
    const ahead = k + 1;
    const { change, low, high } = model.ahead[k]!;
    const point =
      method === 'damped_trend' ? valueAhead(fit, logs.length, ahead) : plainAhead(logs, method, ahead, season)!;
    const own = Math.log((1 + high) / (1 + change));
    const below = Math.log((1 + change) / (1 + low));
    // Intervals of the plain ways: what 80% of their past errors so far ahead stayed within, never narrower further on.
    widest = Math.max(widest, quantileOf(sizesAt(errors[method], ahead), 0.8) || 0);
    const [down, up] = method === 'damped_trend' ? [below, own] : [widest, widest];
    return { ahead, value: scale.from(point), low: scale.from(point - down), high: scale.from(point + up) };
  });
  const backtests = errors.naive.length;
  const coverage = method === 'damped_trend' ? model.coverage80 : null;
  return {
    available: true,
    statement: statementOf(method, mae, backtests),
    periods: series.length,
    method,
    mae,
    backtests,
    coverage_80: coverage,
    forecast,
  };
}

const METHODS = ['damped_trend', 'seasonal_naive', 'naive'] as const;

/** The newest run of periods, single missing ones bridged on a straight line. */
export function newestRun(values: ReadonlyArray<number | null>): number[] {
  const run: number[] = [];
  let gap = 0;
  for (const value of values) {
    if (value === null) {
      gap += 1;
      continue;
    }
    if (gap > MAX_GAP) run.length = 0;
    const before = run.at(-1);
    for (let k = 1; before !== undefined && k <= gap; k += 1) run.push(before + ((value - before) * k) / (gap + 1));
    run.push(value);
    gap = 0;
  }
  return run;
}

/** Logarithms of amounts; of counts that touch zero, of one more. */
function scaleOf(series: readonly number[]) {
  return series.some((value) => value <= 0)
    ? { to: (value: number) => Math.log1p(Math.max(0, value)), from: (log: number) => Math.max(0, Math.expm1(log)) }
    : { to: Math.log, from: Math.exp };
}

interface PastError {
  ahead: number;
  /** In the figure's unit. */
  error: number;
  /** On the logarithmic scale. */
  size: number;
}

function backtest(
  logs: readonly number[],
  series: readonly number[],
  about: { season: number; horizon: number; from: (log: number) => number; least: number },
): Record<ForecastMethod, PastError[]> {
  const { season, horizon, from, least } = about;
  const errors: Record<ForecastMethod, PastError[]> = { damped_trend: [], naive: [], seasonal_naive: [] };
  const first = Math.max(least, logs.length - ORIGINS);
  // All ways are held against the same periods: the seasonal one counts only when it can forecast them all.
  const isSeasonal = first >= season;
  for (let origin = first; origin < logs.length; origin += 1) {
    const past = logs.slice(0, origin);
    const fit = fitSeries(past, season);
    for (let ahead = 1; ahead <= horizon && origin + ahead <= logs.length; ahead += 1) {
      const at = origin + ahead - 1;
      const add = (method: ForecastMethod, log: number) =>
        errors[method].push({ ahead, error: Math.abs(series[at]! - from(log)), size: Math.abs(logs[at]! - log) });
      add('damped_trend', valueAhead(fit, origin, ahead));
      add('naive', past.at(-1)!);
      if (isSeasonal) add('seasonal_naive', plainAhead(past, 'seasonal_naive', ahead, season)!);
    }
  }
  return errors;
}

function plainAhead(
  logs: readonly number[],
  method: ForecastMethod,
  ahead: number,
  season: number,
): number | undefined {
  if (method === 'naive') return logs.at(-1);
  return logs[logs.length - season + ((ahead - 1) % season)];
}

const sizesAt = (errors: readonly PastError[], ahead: number) =>
  errors.filter((one) => one.ahead === ahead).map(({ size }) => size);
const meanOf = (values: readonly number[]) =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

const NAMES: Record<ForecastMethod, string> = {
  damped_trend: 'the damped trend',
  naive: 'the last value',
  seasonal_naive: 'the value of a year before',
};

function statementOf(method: ForecastMethod, mae: Record<ForecastMethod, number | null>, backtests: number): string {
  const others = METHODS.filter((one) => one !== method && mae[one] !== null);
  const digits = (value: number) => Number(value.toPrecision(3)).toString();
  const rest = others.map((one) => `${NAMES[one]} by ${digits(mae[one]!)}`).join(', ');
  return `Made by ${NAMES[method]}, which erred by ${digits(mae[method]!)} on average in ${backtests} past forecasts (${rest}).`;
}
