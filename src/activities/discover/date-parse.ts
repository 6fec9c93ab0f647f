import type { ValueUnit } from './recipe-schema.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Reads a calendar day as YYYY-MM-DD from the spellings files use: ISO with or without time, `20141013T000000`,
 * US `4/23/2019`, `Sep 28, 2025`, `28-SEP-2025`, `January-13-2021`, `28.9.2025`, `Wed May 21 00:00:00 EDT 2008`, and milliseconds or
 * seconds since 1970 (UTC). `unit` says how the column writes what the text alone leaves open. Null when it is no real day.
 */
export function parseDate(text: string, unit?: ValueUnit): string | null {
  const t = text.trim();
  if (unit !== undefined && unit !== 'day-first') return coarseDate(t, unit) ?? parseDate(t);
  const iso =
    /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$/.exec(t) ?? /^(\d{4})(\d{2})(\d{2})(?:T\d{4,6}Z?)?$/.exec(t);
  if (iso !== null) return day(iso[1], iso[2], iso[3]);
  const us = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?:[ T].*)?$/.exec(t);
  if (us !== null) {
    const [month, date] = unit === 'day-first' ? [us[2], us[1]] : [us[1], us[2]];
    return day(fullYear(us[3]), month, date);
  }
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})(?:[ T].*)?$/.exec(t);
  if (dotted !== null) return day(fullYear(dotted[3]), dotted[2], dotted[1]);
  const named = /^([a-z]{3})[a-z]*\.?[ -](\d{1,2})(?:st|nd|rd|th)?,?[ -](\d{4})$/i.exec(t);
  if (named !== null) return day(named[3], numberOfMonth(named[1]), named[2]);
  const dayFirst = /^(\d{1,2})[- ]([a-z]{3})[a-z]*[- ,]+(\d{4}|\d{2})$/i.exec(t);
  if (dayFirst !== null) {
    return day(fullYear(dayFirst[3]), numberOfMonth(dayFirst[2]), dayFirst[1]);
  }
  const printed = /^[a-z]{3} ([a-z]{3}) (\d{1,2}) [\d:]+(?: [a-z]{3,5})? (\d{4})$/i.exec(t);
  if (printed !== null) return day(printed[3], numberOfMonth(printed[1]), printed[2]);
  if (/^-?\d{12,13}$/.test(t)) return new Date(Number(t)).toISOString().slice(0, 10);
  // Ten digits of this century so far are seconds.
  if (/^1[0-8]\d{8}$/.test(t)) return new Date(Number(t) * 1000).toISOString().slice(0, 10);
  return null;
}

/**
 * The day of a value that is a number of days, a whole month (its 15th) or six digits `yymmdd`; spreadsheets drop the zeros
 * in front of these.
 */
function coarseDate(text: string, unit: ValueUnit): string | null {
  if (unit === 'excel-serial') {
    const days = /^\d{5}(?:\.\d+)?$/.test(text) ? Math.floor(Number(text)) : 0;
    return days === 0 ? null : new Date(Date.UTC(1899, 11, 30) + days * 86_400_000).toISOString().slice(0, 10);
  }
  if (unit === 'decimal-year') {
    const match = /^(\d{4})(?:\.(\d+))?$/.exec(text);
    return match === null ? null : day(match[1], String(Math.floor(Number(`0.${match[2] ?? 0}`) * 12) + 1), '15');
  }
  if (unit === 'yymmdd') {
    const match = /^(\d{2})(\d{2})(\d{2})$/.exec(text.padStart(6, '0'));
    return match === null ? null : day(twoDigitYear(match[1]!), match[2], match[3]);
  }
  if (unit !== 'year-month') return null;
  const first = /^(\d{4})[-/. ]?(\d{1,2})$/.exec(text);
  if (first !== null) return day(first[1], first[2], '15');
  const last = /^(\d{1,2})[-/. ](\d{4})$/.exec(text);
  if (last !== null) return day(last[2], last[1], '15');
  const named = /^([a-z]{3})[a-z]*[-/. ,]+(\d{4}|\d{2})$/i.exec(text);
  return named === null ? null : day(fullYear(named[2]), numberOfMonth(named[1]), '15');
}

const fullYear = (year: string | undefined) => (year?.length === 2 ? twoDigitYear(year) : year);

/** '19' is 2019, '71' is 1971: sales files are older than they are in the future. */
const twoDigitYear = (yy: string) => String(Number(yy) > 68 ? 1900 + Number(yy) : 2000 + Number(yy));

const numberOfMonth = (name: string | undefined) => String(MONTHS.indexOf((name ?? '').toLowerCase()) + 1);

/** 1–12 for a month's English name, in full or cut to three letters or more; 0 for anything else. */
export function monthNumber(name: string): number {
  const full = /^([a-z]{3})[a-z]*\.?$/i.exec(name);
  return full === null ? 0 : MONTHS.indexOf((full[1] ?? '').toLowerCase()) + 1;
}

function day(year: string | undefined, month: string | undefined, date: string | undefined): string | null {
  const [y, m, d] = [Number(year), Number(month), Number(date)];
  const made = new Date(Date.UTC(y, m - 1, d));
  const real = made.getUTCFullYear() === y && made.getUTCMonth() === m - 1 && made.getUTCDate() === d;
  return real && y >= 1600 ? made.toISOString().slice(0, 10) : null;
}
