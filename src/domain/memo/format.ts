/** What the memo prints where no source gave a value. */
export const NOT_KNOWN = 'Not known';

const wholeDollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });
const exactDollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const dayFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

type Maybe<T> = T | null | undefined;

/** True for a finite number: what may be printed. */
export function isNumber(value: Maybe<number>): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

// Making a formatter costs far more than using one.
const numberFormats = new Map<number, Intl.NumberFormat>();

function numberFormat(digits: number): Intl.NumberFormat {
  let format = numberFormats.get(digits);
  if (format === undefined) {
    format = new Intl.NumberFormat('en-US', { maximumFractionDigits: digits });
    numberFormats.set(digits, format);
  }
  return format;
}

/** A number with thousands separators and at most `digits` decimals. Null when unknown or not finite. */
export function formatNumber(value: Maybe<number>, digits = 0): string | null {
  if (!isNumber(value)) return null;
  return withMinusSign(numberFormat(digits).format(value));
}

/** Whole cents as whole dollars (`$1,225,000`). Null when unknown. */
export function formatCents(cents: Maybe<number>): string | null {
  return isNumber(cents) ? formatDollars(cents / 100) : null;
}

/** Dollars: whole from $100 on, with cents below. Null when unknown. */
export function formatDollars(dollars: Maybe<number>): string | null {
  if (!isNumber(dollars)) return null;
  const format = Math.abs(dollars) >= 100 || Number.isInteger(dollars) ? wholeDollars : exactDollars;
  return withMinusSign(format.format(dollars));
}

/** Dollars in few characters, for the axis of a chart (`$1.23M`, `$450K`). */
export function formatShortDollars(dollars: number): string {
  const size = Math.abs(dollars);
  if (size >= 1_000_000) return `$${(dollars / 1_000_000).toFixed(2)}M`;
  return size >= 1_000 ? `$${Math.round(dollars / 1_000)}K` : `$${Math.round(dollars)}`;
}

/** A share as percent (0.123 → `12.3%`). Null when unknown. */
export function formatPercent(share: Maybe<number>, digits = 1): string | null {
  const text = isNumber(share) ? formatNumber(share * 100, digits) : null;
  return text === null ? null : `${text}%`;
}

/** Points of a score with their sign (`+4.2`, `−1.5`). */
export function formatPoints(points: number): string {
  const text = formatNumber(Math.abs(points), 1) ?? '0';
  if (text === '0') return '0';
  return points < 0 ? `\u2212${text}` : `+${text}`;
}

/** An ISO date or time as `12 Mar 2025` (UTC). Null when unknown or no date. */
export function formatDay(iso: Maybe<string>): string | null {
  if (typeof iso !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(iso)) return null;
  const time = Date.parse(iso);
  return Number.isNaN(time) ? null : dayFormat.format(time);
}

/** Metres as `240 m` or `1.3 km`, with miles beside them. Null when unknown. */
export function formatDistance(metres: Maybe<number>): string | null {
  if (!isNumber(metres)) return null;
  const near = metres < 995 ? `${Math.round(metres)} m` : `${(metres / 1_000).toFixed(1)} km`;
  return `${near} (${(metres / 1_609.344).toFixed(2)} mi)`;
}

/** Characters that change the order of what a reader sees, or are no text: dropped from everything that comes in. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;
/** Accents beyond three on one letter would be drawn over the lines above. */
const PILED_MARKS = /(\p{M}{3})\p{M}+/gu;
const LONE_SURROGATE = /\p{Cs}/gu;
const NO_VALUE = /^(?:null|undefined|nan|none|n\/?a|-+)?$/i;

/**
 * Text from outside, ready to be printed: controls and direction overrides dropped, blanks collapsed, template braces
 * pulled apart (no reader may take them for an unfilled placeholder), cut at a word within `limit` characters.
 * @returns null when nothing readable is left, or the text only says that there is no value (`N/A`, `NULL`)
 */
export function cleanText(text: Maybe<string>, limit = 300): string | null {
  if (typeof text !== 'string') return null;
  const clean = text
    .replace(/\s+/g, ' ')
    .replace(UNPRINTABLE, '')
    .replace(PILED_MARKS, '$1')
    .replace(/\{(?=\{)/g, '{ ')
    .replace(/\}(?=\})/g, '} ')
    .replace(/\s+/g, ' ')
    .trim();
  if (NO_VALUE.test(clean)) return null;
  return clean.length <= limit ? clean : `${cutAtWord(clean, limit)} …`;
}

function cutAtWord(text: string, limit: number): string {
  const part = text.slice(0, limit).replace(LONE_SURROGATE, '');
  const blank = part.lastIndexOf(' ');
  return blank > limit * 0.8 ? part.slice(0, blank) : part;
}

/** A printed minus is U+2212, and rounding a small negative number leaves no sign. */
function withMinusSign(text: string): string {
  if (!text.startsWith('-')) return text;
  return /^-\$?0(?:\.0+)?$/.test(text) ? text.slice(1) : `\u2212${text.slice(1)}`;
}
