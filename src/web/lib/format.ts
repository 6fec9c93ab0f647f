const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 });
const dollarsShort = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  notation: 'compact',
  minimumFractionDigits: 0,
  maximumFractionDigits: 1,
});
const count = new Intl.NumberFormat('en-US');
const moment = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'short' });
const day = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' });

const ago = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** What stands where nothing is known. */
export const UNKNOWN = '—';

/** A sign as wide as the plus and the figures, which also does not break from them. */
function minus(text: string): string {
  return text.replace(/^-/, '−');
}

/** `$412,500`, from dollars; a dash for null. */
export function formatDollars(value: number | null | undefined): string {
  return value === null || value === undefined ? UNKNOWN : minus(dollars.format(value));
}

/** `$412.5K`, from dollars; a dash for null. */
export function formatDollarsShort(value: number | null | undefined): string {
  return value === null || value === undefined ? UNKNOWN : minus(dollarsShort.format(value));
}

/** `$0.0123`, from 1e-6 dollars: small sums keep their digits. */
export function formatMicros(micros: number | null | undefined): string {
  if (micros === null || micros === undefined) return UNKNOWN;
  const value = micros / 1_000_000;
  const digits = value !== 0 && Math.abs(value) < 1 ? 4 : 2;
  return minus(value.toLocaleString('en-US', { style: 'currency', currency: 'USD', minimumFractionDigits: digits }));
}

/** `12,345`; a dash for null. */
export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined ? UNKNOWN : minus(count.format(value));
}

/** `7.9%`, from a fraction; a dash for null. */
export function formatPercent(fraction: number | null | undefined, digits = 1): string {
  return fraction === null || fraction === undefined ? UNKNOWN : minus(`${(fraction * 100).toFixed(digits)}%`);
}

/** A number with a bounded number of digits after the point; a dash for null. */
export function formatNumber(value: number | null | undefined, digits = 1): string {
  return value === null || value === undefined
    ? UNKNOWN
    : minus(value.toLocaleString('en-US', { maximumFractionDigits: digits }));
}

/** Date and time in the reader's zone, from ISO 8601; a dash for null. */
export function formatMoment(iso: string | number | null | undefined): string {
  return iso === null || iso === undefined ? UNKNOWN : moment.format(new Date(iso));
}

/** `Jun 3, 2025`, from `2025-06-03` or ISO 8601; a dash for null. */
export function formatDay(iso: string | null | undefined): string {
  return iso === null || iso === undefined ? UNKNOWN : day.format(new Date(iso));
}

/** `3 minutes ago`, `in 2 days`; a dash for null. */
export function formatAgo(iso: string | number | null | undefined, now: number = Date.now()): string {
  if (iso === null || iso === undefined) return UNKNOWN;
  const seconds = (new Date(iso).getTime() - now) / 1_000;
  const units: Array<[Intl.RelativeTimeFormatUnit, number]> = [
    ['year', 31_536_000],
    ['month', 2_592_000],
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  const [unit, size] = units.find(([, one]) => Math.abs(seconds) >= one) ?? ['second', 1];
  return ago.format(Math.round(seconds / size), unit);
}

/** `+12065550102` as `(206) 555-0102`; numbers of other countries as they are. */
export function formatPhone(phone: string): string {
  const [, area, exchange, line] = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone) ?? [];
  return area === undefined ? phone : `(${area}) ${exchange}-${line}`;
}

/** `packet_ready` → `Packet ready`. */
export function humanise(code: string): string {
  const words = code.replace(/[_.-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `1.2 MB`, in units of 1,024. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${units[unit]}`;
}
