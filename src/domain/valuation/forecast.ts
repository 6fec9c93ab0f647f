import { type FittedSeries, fitSeries, spreadAhead, valueAhead } from './forecast-series.ts';
import { quantileOfSorted } from './quantile.ts';

/** A month ahead; changes are fractions of today's level (0.03 = 3% above it). */
export interface MonthAhead {
  months: number;
  change: number;
  /** The interval that 80 of 100 are meant to fall into. */
  low: number;
  high: number;
}

/** A forecast with what its intervals were worth on the series' own past. */
export interface SeriesForecast {
  ahead: MonthAhead[];
  /**
   * Share of past forecasts whose interval held, each made from the months before it alone, its width too; null with
   * fewer than 20 of them.
   */
  coverage80: number | null;
  backtests: number;
  isSeasonal: boolean;
}

/** Months needed before anything is said. */
export const MIN_MONTHS = 6;
const LEVEL = 0.8;
const NORMAL_80 = 1.2816;
/** Past forecasts needed before their errors, rather than the method's own formula, set the width. */
const MIN_ERRORS = 12;
const MIN_BACKTESTS = 20;
/** Origins of past forecasts that are looked at, the newest: enough for a width, and quick. */
const MAX_ORIGINS = 60;

/** A series that once stood still and then jumped makes its past errors look boundless; a factor of ten says as much. */
const MOST_HALF = Math.log(10);

/** A past forecast's error in units of its own spread. */
interface Scaled {
  origin: number;
  months: number;
  size: number;
}

/**
 * Forecasts a monthly series of logarithms by a damped local trend. The width of the intervals is learned from the errors
 * of past forecasts (made again from each month, rolling), in units of the spread that the method itself expects.
 * @param logs one per month (or other period) without gaps, at least six
 * @param perYear periods of a year, an even number
 */
export function forecastSeries(logs: readonly number[], horizon: number, perYear = 12): SeriesForecast {
  const errors = rollingErrors(logs, horizon, perYear);
  const fit = fitSeries(logs, perYear);
  const now = logs.length;
  const base = fit.level + (fit.seasons === null ? 0 : fit.seasons[(now - 1) % fit.seasons.length]!);
  const width = widthFrom(errors, Number.POSITIVE_INFINITY);
  const ahead = Array.from({ length: horizon }, (_, k): MonthAhead => {
    const months = k + 1;
    const value = valueAhead(fit, now, months) - base;
    const half = Math.min(width * spreadAhead(fit, months), MOST_HALF);
    const change = (log: number) => Math.exp(log) - 1;
    return { months, change: change(value), low: change(value - half), high: change(value + half) };
  });
  return { ahead, ...heldShare(errors), isSeasonal: fit.seasons !== null };
}

function rollingErrors(logs: readonly number[], horizon: number, perYear: number): Scaled[] {
  const errors: Scaled[] = [];
  const first = Math.max(MIN_MONTHS, logs.length - MAX_ORIGINS);
  for (let origin = first; origin < logs.length; origin += 1) {
    const past: FittedSeries = fitSeries(logs.slice(0, origin), perYear);
    for (let months = 1; months <= horizon && origin + months <= logs.length; months += 1) {
      const error = logs[origin + months - 1]! - valueAhead(past, origin, months);
      errors.push({ origin, months, size: Math.abs(error) / spreadAhead(past, months) });
    }
  }
  return errors;
}

/** Half width in spreads, from the errors that were known at a month: those of forecasts whose month had come by then. */
function widthFrom(errors: readonly Scaled[], known: number): number {
  const sizes = errors.filter(({ origin, months }) => origin + months <= known).map(({ size }) => size);
  if (sizes.length < MIN_ERRORS) return 2 * NORMAL_80;
  const share = Math.min(1, (LEVEL * (sizes.length + 1)) / sizes.length);
  return quantileOfSorted(Float64Array.from(sizes).sort(), share);
}

function heldShare(errors: readonly Scaled[]): { coverage80: number | null; backtests: number } {
  const tested = errors.filter(
    ({ origin }) => errors.filter((e) => e.origin + e.months <= origin).length >= MIN_ERRORS,
  );
  if (tested.length < MIN_BACKTESTS) return { coverage80: null, backtests: tested.length };
  const widths = new Map<number, number>();
  const held = tested.filter(({ origin, size }) => {
    let width = widths.get(origin);
    if (width === undefined) {
      width = widthFrom(errors, origin);
      widths.set(origin, width);
    }
    return size <= width;
  });
  return { coverage80: held.length / tested.length, backtests: tested.length };
}
