import { fieldTypes, type ListingField } from '../../domain/listing.ts';
import { parseDollars } from '../../domain/money.ts';
import { monthNumber, parseDate } from './date-parse.ts';
import { type AreaUnit, areaUnits, type ParseKind, type ValueUnit } from './recipe-schema.ts';

export type ParsedValue = string | number | boolean | string[];

/** The parsing part of a column or page rule. */
export interface ParseHow {
  parse?: ParseKind | undefined;
  unit?: ValueUnit | undefined;
  decimal_comma?: boolean | undefined;
  currency?: string | undefined;
  regex?: string | undefined;
  map?: Record<string, string> | undefined;
  null_values?: string[] | undefined;
}

/** Unknown (null), a value, or text that cannot be read as what it should be. */
export type ParseResult = { value: ParsedValue | null } | { problem: string };

/** Texts that say that a value is not known, in small letters. */
export const UNKNOWN = new Set([
  '',
  'na',
  'n/a',
  'nan',
  'null',
  'none',
  'undefined',
  '-',
  '--',
  '—',
  '–',
  'unknown',
  'tbd',
]);

/** Square feet in one of each unit (international foot, 0.3048 m). */
export const SQFT_PER: Readonly<Record<AreaUnit, number>> = {
  sqft: 1,
  sqm: 1 / 0.3048 ** 2,
  acres: 43_560,
  hectares: 10_000 / 0.3048 ** 2,
};

/** How a field is parsed when its rule does not say. */
export function defaultParse(field: string): ParseKind {
  if (field === 'LotSizeAcres' || field === 'LotSizeArea' || field === 'BathroomsQuarters') return 'number';
  if (field === 'SaleYear') return 'year';
  if (field === 'SaleMonth') return 'integer';
  if (field === 'ForRent') return 'boolean';
  if (field === 'Media') return 'list';
  return fieldTypes[field as ListingField] ?? 'text';
}

/** Reads one published value for one field. Text of any kind; numbers, booleans and lists of JSON as they are. */
export function parseValue(field: string, raw: unknown, how: ParseHow = {}): ParseResult {
  if (raw === null || raw === undefined) return { value: null };
  const kind = how.parse ?? defaultParse(field);
  if (Array.isArray(raw) && kind === 'list') return { value: raw.map(plainText).filter((t) => t !== '') };
  let text = plainText(raw);
  if (how.regex !== undefined) {
    const match = new RegExp(how.regex, 'is').exec(text);
    if (match === null) return { value: null };
    text = (match[1] ?? match[0]).trim();
  }
  const lower = text.toLowerCase();
  if (UNKNOWN.has(lower) || how.null_values?.some((v) => v.toLowerCase() === lower)) return { value: null };
  // Spreadsheets print a price of nothing as `$ -`.
  if (kind === 'money' && /^[^\p{L}\d]*-[^\p{L}\d]*$/u.test(text)) return { value: null };
  const mapped = how.map === undefined ? undefined : lookup(how.map, lower);
  const named = field === 'SaleMonth' ? monthNumber(text) : 0;
  if (named > 0) return { value: named };
  return parseText(kind, plainNumber(kind, mapped ?? text, how), how.unit);
}

const WORDS = new Set<ParseKind>(['text', 'url', 'url_id', 'slug', 'list', 'boolean', 'date']);

/** '€ 1.200.000,50' as '1200000.50' where the rule says that numbers are written so. */
function plainNumber(kind: ParseKind, text: string, how: ParseHow): string {
  if (WORDS.has(kind)) return text;
  const amount = how.currency === undefined ? text : text.replace(how.currency, '').trim();
  return how.decimal_comma === true ? withDecimalPoint(amount) : amount;
}

/** '1.200.000,50' and '1 200 000,50' as '1200000.50'; a point that does not group three digits stays. */
export function withDecimalPoint(text: string): string {
  return text.replace(/(?<=\d)[.\s'](?=\d{3}(?!\d))/g, '').replace(/(?<=\d),(?=\d)/, '.');
}

function lookup(map: Record<string, string>, lower: string): string | undefined {
  return Object.entries(map).find(([key]) => key.toLowerCase() === lower)?.[1];
}

/** Text of a value: white space collapsed, lists joined, objects as JSON. */
export function plainText(raw: unknown): string {
  if (raw === null || raw === undefined) return '';
  if (typeof raw === 'string') return raw.replace(/[\s\u00a0]+/g, ' ').trim();
  if (Array.isArray(raw)) return raw.map(plainText).join(', ');
  return typeof raw === 'object' ? JSON.stringify(raw) : String(raw);
}

function parseText(kind: ParseKind, text: string, unit: ValueUnit | undefined): ParseResult {
  switch (kind) {
    case 'text':
    case 'url':
      return { value: text };
    case 'url_id':
      return { value: /([A-Za-z0-9_-]+)\/?(?:[?#].*)?$/.exec(text)?.[1] ?? text };
    case 'slug':
      return { value: text.replaceAll('-', ' ') };
    case 'list':
      return { value: text.split(/\s*[;,|]\s*/).filter((part) => part !== '') };
    case 'boolean':
      return parseYesNo(text);
    case 'money':
      return orProblem(parseAmount(text, unit), text, 'an amount in dollars');
    case 'area':
      return orProblem(parseArea(text, unit), text, 'an area');
    case 'date':
      return orProblem(parseDate(text, unit), text, 'a date');
    case 'year':
      return parseYear(text);
    case 'integer':
      return parseInteger(text);
    case 'number':
      return orProblem(parseNumber(text), text, 'a number');
  }
}

const orProblem = (value: ParsedValue | null, text: string, what: string): ParseResult =>
  value === null ? { problem: `"${text.slice(0, 60)}" is not ${what}` } : { value };

const DOLLARS_PER: Readonly<Partial<Record<ValueUnit, number>>> = { thousands: 1000, millions: 1_000_000 };

/** Dollars; a scale applies to plain numbers only, since `$450K` in a column of thousands says its own. */
function parseAmount(text: string, unit: ValueUnit | undefined): number | null {
  const dollars = parseDollars(leadingAmount(text));
  const scale = unit === undefined || /[kmb]/i.test(text) ? 1 : (DOLLARS_PER[unit] ?? 1);
  return dollars === null || scale === 1 ? dollars : Math.round(dollars * scale * 100) / 100;
}

const AMOUNT =
  /^([^\d]*\d[\d,.]*(?:e[+-]?\d+)?(?:\s?(?:[KMB]|million|thousand)\b)?)(?:\+.*|\s*(?:\/|\bper\b|[A-Za-z(*]).*)?$/i;

/** '$2,045+ 1 bd' is an amount followed by words; the words go. A sign stays, so that negative amounts are refused. */
const leadingAmount = (text: string) => AMOUNT.exec(text)?.[1] ?? text;

function parseNumber(text: string): number | null {
  const match = /^([-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:e[-+]?\d+)?)(?:\s*[a-z².]+\.?)*$/i.exec(text);
  const digits = match?.[1]?.replaceAll(',', '') ?? '';
  const value = /\d/.test(digits) ? Number(digits) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}

function parseInteger(text: string): ParseResult {
  if (/^studio/i.test(text)) return { value: 0 };
  const value = parseNumber(text);
  // Halves in a count of baths or rooms are kept: the record's builder knows where they belong.
  return orProblem(value, text, 'a whole number');
}

function parseYear(text: string): ParseResult {
  const value = parseNumber(text);
  if (value === 0) return { value: null };
  return value !== null && Number.isInteger(value) ? { value } : { problem: `"${text.slice(0, 60)}" is not a year` };
}

function parseYesNo(text: string): ParseResult {
  if (/^(y|yes|true|t|1|x)$/i.test(text)) return { value: true };
  if (/^(n|no|false|f|0)$/i.test(text)) return { value: false };
  // A count or an area of the thing: there is one when it is above 0.
  if (/^\d+(?:\.\d+)?$/.test(text)) return { value: Number(text) > 0 };
  return { problem: `"${text.slice(0, 60)}" is neither yes nor no` };
}

/** '1,830 sqft', '0.4 Acre(s)', '170 m²'; the unit in the text wins over the rule's. Square feet. */
function parseArea(text: string, unit: ValueUnit | undefined): number | null {
  const match = /^([-\d.,]+(?:e[+-]?\d+)?)\s*(.*)$/i.exec(text);
  const value = match === null ? null : parseNumber(match[1] ?? '');
  if (value === null) return null;
  return (
    Math.round(
      value * SQFT_PER[areaUnit(match?.[2] ?? '') ?? areaUnits.find((name) => name === unit) ?? 'sqft'] * 100,
    ) / 100
  );
}

/** The unit a text names, or null. */
export function areaUnit(text: string): AreaUnit | null {
  if (/acre|^ac?\b/i.test(text)) return 'acres';
  if (/hectare|^ha\b/i.test(text)) return 'hectares';
  if (/m²|m2|sq\.?\s*m|square\s*met|MTK/i.test(text)) return 'sqm';
  return /ft|feet|FTK|sf|^sq?$/i.test(text) ? 'sqft' : null;
}
