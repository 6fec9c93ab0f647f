import { DateTime } from 'luxon';
import type { Grain } from '../domain/market/metrics.ts';

const at = (day: string) => DateTime.fromISO(day, { zone: 'utc' });

/** The calendar day of a moment, in UTC, YYYY-MM-DD. */
export const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);

const DAY_MS = 86_400_000;

/** A day so many days later (or earlier). */
export const shiftDays = (day: string, days: number): string => dayOf(new Date(Date.parse(day) + days * DAY_MS));

/** Days from one day to another; negative when `to` lies before. */
export const ageDaysOf = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS;

/** First day of the period so many periods later (or earlier) than the one that starts on `day`. */
export function periodStart(day: string, grain: Grain, periods: number): string {
  const unit = { week: 'weeks', month: 'months', quarter: 'quarters' } as const;
  return at(day)
    .plus({ [unit[grain]]: periods })
    .toISODate()!;
}

/** First day of the period that a day lies in: a Monday, or the first of a month or quarter. */
export function periodOf(day: string, grain: Grain): string {
  return at(day).startOf(grain).toISODate()!;
}

/** The value of the period that starts on `day`; null when it is not there. */
export function valueAt(days: readonly string[], values: ReadonlyArray<number | null>, day: string): number | null {
  const index = days.indexOf(day);
  return index < 0 ? null : (values[index] ?? null);
}
