import { parseDate } from '../../discover/date-parse.ts';

const MISSING = new Set(['', '.', '-', '--', '—', '–', 'na', 'n/a', '#n/a', 'nan', 'null', 'none', 'nd']);
const SCALE: Readonly<Record<string, number>> = { k: 3, m: 6, b: 9, t: 12 };
const NUMBER = /^([-+−]?)\$?([-+−]?)(\d{1,3}(?:,\d{3})+|\d*)(\.\d*)?(?:e([-+]?\d{1,3}))?\s*([kmbt])?\s*(%)?$/i;

/**
 * A number as publishers write it: `$276K` is 276000, `1.30%` is 0.013, `371,041`, `-9`, `2.5e+06`.
 * The decimal point is moved in the text, so the result is the double nearest to what is printed.
 * @returns null for a value that is not there (blank, `.`, `-`, `NA`), undefined for text that is no number
 */
export function parseFigure(text: string): number | null | undefined {
  const t = text.trim();
  if (MISSING.has(t.toLowerCase())) return null;
  const match = NUMBER.exec(t);
  if (match === null) return undefined;
  const [, sign, inner, whole = '', part = '', exponent = '0', suffix, percent] = match;
  if (`${whole}${part}`.replace(/\D/g, '') === '' || (sign !== '' && inner !== '')) return undefined;
  const shift = Number(exponent) + (SCALE[(suffix ?? '').toLowerCase()] ?? 0) - (percent === undefined ? 0 : 2);
  const value = Number(`${whole.replaceAll(',', '') || '0'}${part}e${shift}`);
  if (!Number.isFinite(value)) return undefined;
  return sign === '' && inner === '' ? value : (sign || inner) === '+' ? value : value === 0 ? 0 : -value;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** First day of the month that a text names: `Feb-19`, `February 2019`, `2019-02`, `02/2019`, or any day in it. Null when none. */
export function parseMonth(text: string): string | null {
  const t = text.trim();
  const named = /^([a-z]{3,9})\.?[-\s,/]+(\d{4}|\d{2})$/i.exec(t);
  if (named !== null) {
    const month = MONTHS.findIndex((name) => (named[1] ?? '').toLowerCase().startsWith(name));
    return month < 0 ? null : monthOf(fullYear(named[2] ?? ''), month + 1);
  }
  const numbers = /^(\d{4})-(\d{1,2})$/.exec(t) ?? /^(\d{4})(?:\/)(\d{1,2})$/.exec(t);
  if (numbers !== null) return monthOf(Number(numbers[1]), Number(numbers[2]));
  const reversed = /^(\d{1,2})\/(\d{4})$/.exec(t);
  if (reversed !== null) return monthOf(Number(reversed[2]), Number(reversed[1]));
  const day = parseDate(t);
  return day === null ? null : `${day.slice(0, 7)}-01`;
}

/** First day of a quarter, or null when these are no year and quarter. */
export function parseQuarter(year: string, quarter: string): string | null {
  const match = /^Q?([1-4])$/i.exec(quarter.trim());
  if (!/^\d{4}$/.test(year.trim()) || match === null) return null;
  return monthOf(Number(year), Number(match[1]) * 3 - 2);
}

const fullYear = (year: string) =>
  year.length === 4 ? Number(year) : Number(year) + (Number(year) > 68 ? 1900 : 2000);

function monthOf(year: number, month: number): string | null {
  if (year < 1600 || year > 2200 || month < 1 || month > 12) return null;
  return `${year}-${String(month).padStart(2, '0')}-01`;
}

/** White space collapsed and trimmed: a market's name as published. */
export const tidyName = (text: string): string => text.replace(/[\s\u00a0\ufeff]+/g, ' ').trim();

/** A name as a segment: `Condo/Co-op` is `condo-co-op`; everything is `all`. */
export function segmentOf(name: string): string {
  const slug = tidyName(name)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return slug === '' || slug === 'all-residential' || slug === 'all-homes' ? 'all' : slug;
}
