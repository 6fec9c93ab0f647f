import { DateTime } from 'luxon';

/**
 * Whether a calendar day is a legal holiday on which some states forbid solicitation: the federal ones (5 U.S.C. 6103)
 * with the weekday on which they are observed, and Mardi Gras and Good Friday, which Gulf states keep.
 * @param day `YYYY-MM-DD` of the recipient's own calendar
 */
export function isLegalHoliday(day: string): boolean {
  const date = DateTime.fromISO(day, { zone: 'utc' });
  return holidaysOf(date.year).has(day) || holidaysOf(date.year + 1).has(day);
}

const known = new Map<number, ReadonlySet<string>>();

/** The holidays of a year; an observed New Year's Day may lie in the year before. */
function holidaysOf(year: number): ReadonlySet<string> {
  const cached = known.get(year);
  if (cached !== undefined) return cached;
  const easter = easterSunday(year);
  const fixed = [day(year, 1, 1), day(year, 6, 19), day(year, 7, 4), day(year, 11, 11), day(year, 12, 25)];
  const moving = [
    nthWeekday(year, 1, 1, 3),
    nthWeekday(year, 2, 1, 3),
    lastMonday(year, 5),
    nthWeekday(year, 9, 1, 1),
    nthWeekday(year, 10, 1, 2),
    nthWeekday(year, 11, 4, 4),
    easter.minus({ days: 47 }),
    easter.minus({ days: 2 }),
  ];
  const all = new Set([...fixed, ...fixed.map(observed), ...moving].map((date) => date.toISODate() ?? ''));
  known.set(year, all);
  return all;
}

const day = (year: number, month: number, of: number) => DateTime.utc(year, month, of);

/** A holiday on a Saturday is kept the Friday before, one on a Sunday the Monday after. */
function observed(date: DateTime): DateTime {
  if (date.weekday === 6) return date.minus({ days: 1 });
  return date.weekday === 7 ? date.plus({ days: 1 }) : date;
}

function nthWeekday(year: number, month: number, weekday: number, nth: number): DateTime {
  const first = day(year, month, 1);
  return first.plus({ days: ((weekday - first.weekday + 7) % 7) + 7 * (nth - 1) });
}

function lastMonday(year: number, month: number): DateTime {
  const last = day(year, month, 1).endOf('month').startOf('day');
  return last.minus({ days: last.weekday - 1 });
}

/** Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8). */
function easterSunday(year: number): DateTime {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  return day(year, month, ((h + l - 7 * m + 114) % 31) + 1);
}
