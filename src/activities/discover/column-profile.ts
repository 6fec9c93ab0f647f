import type { AreaUnit } from './recipe-schema.ts';
import { areaUnit, UNKNOWN } from './value-parse.ts';

/** What the values of one column look like. Shares are of the filled values, 0–1. */
export interface ColumnProfile {
  filled: number;
  distinct: number;
  /** Values that are a number once currency, grouping and a unit or scale word are taken off. */
  numberShare: number;
  /** Middle of those numbers as published, without any scale; null without numbers. */
  median: number | null;
  /** The same over the numbers above 0. */
  medianPositive: number | null;
  low: number | null;
  high: number | null;
  /** Values with decimals. */
  fractionShare: number;
  /** The currency sign most values carry, such as `$`, `R$`, `€`, `GBP`; null when none. */
  currency: string | null;
  /** Values that name a scale: `$450K`, `1.2M`. */
  scaleShare: number;
  /** Values grouped by thousands: `1,200,000`. */
  groupedShare: number;
  /** The unit that most values name; null when none. */
  area: AreaUnit | null;
  /** How decimals are written; null when the column does not say. */
  decimal: 'comma' | 'point' | null;
  /** How dates are written; null when the values are no dates. */
  date:
    | 'plain'
    | 'day-first'
    | 'month-first'
    | 'excel-serial'
    | 'year-month'
    | 'yymmdd'
    | 'decimal-year'
    | 'year'
    | null;
  /** Some value has a leading zero before another digit. */
  isCode: boolean;
}

const MOST = 0.8;
const AMOUNT =
  /^(-?)\s*(US\$|R\$|A\$|AU\$|C\$|NZ\$|HK\$|\$|€|£|¥|₹|(?:USD|EUR|GBP|AUD|CAD|NZD|CHF|SEK|NOK|DKK|JPY|CNY|RMB|INR|SGD|HKD|ZAR|BRL|MXN|AED|SAR|PLN|CZK|HUF|RON|TRY|RUB|UAH|KRW|THB|MYR|IDR|PHP|VND|COP|CLP|PEN|ARS|NGN|KES|EGP|PKR|BDT|LKR|ILS|QAR|KWD|TWD)(?=[\s\d]))?\s*(-?[\d][\d.,\s']*(?:e[-+]?\d+)?|-?\.\d+)\s*(k|m|mm|mio|million|thousand|b|billion)?\b\.?\s*(.*)$/i;

/** Looks at all values of a column once; each distinct text counts as often as it occurs. */
export function profileColumn(texts: readonly string[], assumed: 'comma' | 'point' = 'point'): ColumnProfile {
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== '') counts.set(text, (counts.get(text) ?? 0) + 1);
  for (const text of counts.keys()) if (UNKNOWN.has(text.toLowerCase())) counts.delete(text);
  let filled = 0;
  for (const n of counts.values()) filled += n;
  const decimal = decimalStyle(counts, filled);
  const style = decimal ?? assumed;
  const numbers: Array<[value: number, times: number]> = [];
  const currencies = new Map<string, number>();
  const areas = new Map<AreaUnit, number>();
  let [scaled, grouped, fractions, numeric] = [0, 0, 0, 0];
  for (const [text, times] of counts) {
    const match = AMOUNT.exec(text);
    if (match === null || !/^(?:[a-z²2. /]*|USD|€|£|\+)$/i.test(match[5] ?? '')) continue;
    const value = numberOf(match[3] ?? '', style);
    if (value === null) continue;
    numeric += times;
    numbers.push([match[1] === '-' ? -value : value, times]);
    if (!Number.isInteger(value)) fractions += times;
    const sign = match[2] ?? /^(€|£|USD|EUR|GBP)$/i.exec(match[5] ?? '')?.[1];
    if (sign !== undefined) currencies.set(sign, (currencies.get(sign) ?? 0) + times);
    if (
      match[4] !== undefined &&
      /^(?:mm?|mio|k|b|million|thousand|billion)$/i.test(match[4]) &&
      !/^[²2]/.test(match[5] ?? '')
    )
      scaled += times;
    if ((style === 'comma' ? /\d[.\s]\d{3}(?!\d)/ : /[1-9]\d{0,2},\d{3}(?!\d)/).test(match[3] ?? '')) grouped += times;
    const unit = areaUnit(text.slice(text.indexOf(match[3] ?? '') + (match[3] ?? '').length));
    if (unit !== null) areas.set(unit, (areas.get(unit) ?? 0) + times);
  }
  numbers.sort((a, b) => a[0] - b[0]);
  return {
    filled,
    distinct: counts.size,
    numberShare: share(numeric, filled),
    median: weightedMedian(numbers),
    medianPositive: weightedMedian(numbers.filter(([value]) => value > 0)),
    low: numbers[0]?.[0] ?? null,
    high: numbers.at(-1)?.[0] ?? null,
    fractionShare: share(fractions, filled),
    currency: most(currencies, filled / 2),
    scaleShare: share(scaled, filled),
    groupedShare: share(grouped, filled),
    area: most(areas, filled / 2),
    decimal,
    date: dateStyle(counts, filled),
    isCode: [...counts.keys()].some((text) => /^0\d/.test(text)),
  };
}

const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

function most<T>(counts: ReadonlyMap<T, number>, atLeast: number): T | null {
  const best = [...counts].sort((a, b) => b[1] - a[1])[0];
  return best !== undefined && best[1] >= atLeast && best[1] > 0 ? best[0] : null;
}

function weightedMedian(sorted: ReadonlyArray<[number, number]>): number | null {
  const total = sorted.reduce((sum, [, times]) => sum + times, 0);
  let passed = 0;
  for (const [value, times] of sorted) {
    passed += times;
    if (passed * 2 >= total) return value;
  }
  return null;
}

function numberOf(text: string, style: 'comma' | 'point'): number | null {
  const packed = text.replace(/[\s']/g, '');
  const plain =
    style === 'comma' ? packed.replaceAll('.', '').replace(',', '.') : packed.replace(/,(?=\d{3}(?!\d))/g, '');
  const value = Number(plain);
  return plain !== '' && Number.isFinite(value) ? value : null;
}

/**
 * `85,5`, `1.200.000` and `1.200,50` write the comma as decimal sign; `85.5`, `1,200,000` and `1,200.50` the point.
 * `1,200` and `450.000` say nothing by themselves.
 */
function decimalStyle(counts: ReadonlyMap<string, number>, filled: number): 'comma' | 'point' | null {
  let [comma, point] = [0, 0];
  for (const [text, times] of counts) {
    const digits = text.replace(/^[^\d-]+|[^\d]+$/g, '');
    if (/^-?(?:\d{1,3}(?:[.\s]\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3}){2,})$/.test(digits)) comma += times;
    else if (/^-?(?:\d{1,3}(?:,\d{3})+\.\d+|\d*\.(?:\d{1,2}|\d{4,})|\d{1,3}(?:,\d{3}){2,})$/.test(digits))
      point += times;
  }
  if (comma + point === 0 || filled === 0) return null;
  return comma > point ? 'comma' : 'point';
}

/** Dates in which some first part is above 12 are day first; which comes first is one decision for the column. */
function dateStyle(counts: ReadonlyMap<string, number>, filled: number): ColumnProfile['date'] {
  const hits = { plain: 0, slashed: 0, serial: 0, month: 0, decimal: 0, year: 0, compact: 0, digits: 0 };
  let [firstAbove, secondAbove] = [0, 0];
  for (const [text, times] of counts) {
    const slashed = /^(\d{1,2})[/-](\d{1,2})[/-](?:\d{4}|\d{2})(?:[ T].*)?$/.exec(text);
    if (slashed !== null) {
      hits.slashed += times;
      if (Number(slashed[1]) > 12) firstAbove += times;
      if (Number(slashed[2]) > 12) secondAbove += times;
    } else if (/^(?:1[6-9]|20)\d{2}(?:\.0+)?$/.test(text)) hits.year += times;
    else if (/^(?:1[6-9]|20)\d{2}\.\d+$/.test(text)) hits.decimal += times;
    else if (
      /^(?:19|20)\d{2}[-/. ](?:0?[1-9]|1[0-2])$|^(?:0?[1-9]|1[0-2])[-/. ](?:19|20)\d{2}$|^[a-z]{3,9}[-/. ,]+(?:\d{4}|\d{2})$/i.test(
        text,
      )
    )
      hits.month += times;
    else if (/^(?:19|20)\d{2}(?:0[1-9]|1[0-2])$/.test(text)) hits.compact += times;
    else if (/^\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(text)) hits.digits += times;
    else if (/^[2-5]\d{4}(?:\.\d+)?$/.test(text)) hits.serial += times;
    else if (
      /^(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}|^(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d(?:T.*)?$|^\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})\b|^[a-z]{3,9}\.?[ -]\d{1,2}(?:st|nd|rd|th)?,?[ -]\d{4}$|^\d{1,2}[- ][a-z]{3,9}[- ,]+\d{2,4}$|^[a-z]{3} [a-z]{3} \d/i.test(
        text,
      )
    )
      hits.plain += times;
  }
  const enough = (n: number) => filled > 0 && n / filled >= MOST;
  if (enough(hits.plain)) return 'plain';
  if (enough(hits.slashed)) return firstAbove > 0 && secondAbove === 0 ? 'day-first' : 'month-first';
  if (enough(hits.year)) return 'year';
  if (enough(hits.decimal + hits.year) && hits.decimal > 0) return 'decimal-year';
  if (enough(hits.month) || enough(hits.compact)) return 'year-month';
  // Of six digits some read as a year and a month of 19xx or 20xx as well; one that cannot decides.
  if (enough(hits.digits + hits.compact)) return 'yymmdd';
  return enough(hits.serial) ? 'excel-serial' : null;
}
