import { dayNumber } from '../../valuation/days.ts';
import type { Random } from '../../valuation/random.ts';
import { type Holiday, holidayOf } from '../holidays.ts';
import { normal } from './draws.ts';
import type { MacroValue } from './shape.ts';

/** Place in the year, 0–1, of a day. */
const yearShare = (day: string) => (dayNumber(day) - dayNumber(`${day.slice(0, 4)}-01-01`)) / 365.25;

/**
 * How far a week lies from the yearly mean, −1 in deep winter to about +1 in early summer, with a second, weaker wave.
 * @param lagWeeks later than sales peak: inventory follows sales by some weeks
 */
export function seasonOf(week: string, shiftWeeks: number, lagWeeks = 0): number {
  const angle = 2 * Math.PI * (yearShare(week) - (shiftWeeks + lagWeeks) / 52);
  return 0.9 * Math.cos(angle - 2 * Math.PI * 0.46) + 0.15 * Math.cos(2 * angle - 2 * Math.PI * 0.3);
}

/** Share of ordinary business that is done in the week of a holiday. */
const HOLIDAY_SHARE: Readonly<Record<Holiday, number>> = {
  christmas: 0.6,
  new_year: 0.72,
  thanksgiving: 0.75,
  independence: 0.88,
};

/** Share of ordinary business done in a week. */
export function holidayShare(week: string): number {
  const holiday = holidayOf(week);
  return holiday === null ? 1 : HOLIDAY_SHARE[holiday];
}

/** Mortgage rate (percent, weekly), affordability index and builders' cancellation rate (fraction, monthly). */
export function drawMacro(random: Random, weeks: readonly string[]): MacroValue[] {
  const values: MacroValue[] = [];
  let rate = 6.4 + 0.4 * normal(random);
  for (const week of weeks) {
    rate = Math.max(3, rate + 0.05 * normal(random) + 0.01 * (6.4 - rate));
    values.push({ series: 'mortgage_rate_30y', date: week, value: round(rate, 2) });
    if (Number(week.slice(8)) > 7) continue;
    values.push({
      series: 'affordability_index',
      date: week,
      value: round(102 - 6 * (rate - 6.4) + 0.8 * normal(random), 1),
    });
    const cancelled = Math.max(0.02, 0.16 + 0.03 * (rate - 6.4) + 0.01 * normal(random));
    values.push({ series: 'builder_cancellation_rate', date: week, value: round(cancelled, 3) });
  }
  return values;
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));
