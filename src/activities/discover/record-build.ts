import { createHash } from 'node:crypto';
import { normaliseAddress } from '../../domain/address.ts';
import { type DiscoveredRecord, type RecordKind, recordSchema } from '../../domain/listing.ts';
import { type Finding, type RuleContext, validateRecord, type Warning } from '../../domain/listing-rules.ts';
import { parseDate } from './date-parse.ts';
import { propertyWords, standardStatus } from './property-words.ts';
import type { DiscoveredItem, RawReference } from './source.ts';
import { areaUnit, type ParsedValue, plainText, SQFT_PER } from './value-parse.ts';

/** What was read from a row or a page, before it is a record. */
export interface Extracted {
  /** By build field; only values that are known. */
  values: Map<string, ParsedValue>;
  /** Values that are there but cannot be read. */
  problems: Finding[];
  extras: Record<string, string>;
}

export interface BuildContext {
  source: string;
  recordKind: RecordKind;
  rowReference: string;
  raw: RawReference;
  url: string | null;
  countyFips: string | null;
  rules: RuleContext;
  /** A sale below this many dollars becomes "not at arm's length", its price unknown. */
  armsLengthMinDollars?: number | undefined;
}

/** Makes a validated record of what was read, or the quarantine entry that says why not. Never throws for data. */
export function buildItem(extracted: Extracted, context: BuildContext): DiscoveredItem {
  const { values, problems } = extracted;
  finishAreas(values);
  finishBaths(values);
  finishWords(values, extracted.extras);
  finishAddress(values);
  finishSale(values, context);
  const take = (name: string) => {
    const value = values.get(name);
    values.delete(name);
    return value === undefined ? null : plainText(value);
  };
  const url = take('Url') ?? context.url;
  const sourceId = take('SourceId') ?? fallbackId(values, context, url);
  const draft = {
    ...Object.fromEntries(values),
    CountyFips: values.get('CountyFips') ?? context.countyFips,
    record_kind: context.recordKind,
    source: context.source,
    source_id: sourceId,
    url,
    extras: extracted.extras,
  };
  const parsed = recordSchema.safeParse(draft);
  if (!parsed.success) {
    const reasons = parsed.error.issues.map((issue) => ({
      field: issue.path.join('.'),
      code: 'invalid',
      message: issue.message,
      value: plainText(draft[issue.path[0] as keyof typeof draft]),
    }));
    return quarantine(context, reasons, draft);
  }
  return judged(parsed.data, problems, context);
}

function judged(record: DiscoveredRecord, problems: Finding[], context: BuildContext): DiscoveredItem {
  const result = validateRecord(record, context.rules);
  const payload = Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
  if (!result.ok) {
    // An unreadable value explains better than "missing" why a required field is empty.
    const unreadable = new Set(problems.map((p) => p.field));
    return quarantine(context, [...problems, ...result.reasons.filter((r) => !unreadable.has(r.field))], payload);
  }
  const unread: Warning[] = problems.map((problem) => ({ ...problem, needsReview: true }));
  const { rowReference, raw } = context;
  return { type: 'record', record, rowReference, raw, warnings: [...unread, ...result.warnings] };
}

function quarantine(context: BuildContext, reasons: Finding[], payload: Record<string, unknown>): DiscoveredItem {
  return { type: 'quarantined', rowReference: context.rowReference, reasons, payload };
}

/** Areas to square feet by the unit column beside them. */
export function finishAreas(values: Map<string, ParsedValue>): void {
  const factor = (name: string) => {
    const unit = areaUnit(String(values.get(name) ?? ''));
    values.delete(name);
    return unit === null ? 1 : SQFT_PER[unit];
  };
  const living = values.get('LivingArea');
  const livingFactor = factor('LivingAreaUnits');
  if (typeof living === 'number' && livingFactor !== 1) values.set('LivingArea', round(living * livingFactor));
  const lotFactor = factor('LotSizeUnits');
  const lot = values.get('LotSizeArea');
  const acres = values.get('LotSizeAcres');
  if (!values.has('LotSizeSquareFeet')) {
    if (typeof lot === 'number') values.set('LotSizeSquareFeet', round(lot * lotFactor));
    else if (typeof acres === 'number') values.set('LotSizeSquareFeet', round(acres * SQFT_PER.acres));
  }
  values.delete('LotSizeArea');
  values.delete('LotSizeAcres');
}

const round = (n: number) => Math.round(n * 100) / 100;

/**
 * Baths three ways: RESO's BathroomsTotalInteger is the simple count (2 full + 1 half = 3), the decimal counts a
 * three-quarter bath 0.75 and a half bath 0.5.
 */
export function finishBaths(values: Map<string, ParsedValue>): void {
  const n = (name: string) => (typeof values.get(name) === 'number' ? (values.get(name) as number) : null);
  const full = n('BathroomsFull');
  const three = n('BathroomsThreeQuarter') ?? 0;
  const half = n('BathroomsHalf') ?? 0;
  const total = n('BathroomsTotalInteger');
  if (total !== null && !Number.isInteger(total)) {
    if (!values.has('BathroomsTotalDecimal')) values.set('BathroomsTotalDecimal', total);
    values.delete('BathroomsTotalInteger');
  }
  if (full !== null) {
    if (!values.has('BathroomsTotalDecimal')) values.set('BathroomsTotalDecimal', full + 0.75 * three + 0.5 * half);
    if (!values.has('BathroomsTotalInteger')) values.set('BathroomsTotalInteger', full + three + half);
  }
  const decimal = n('BathroomsTotalDecimal');
  if (decimal !== null && !values.has('BathroomsTotalInteger')) values.set('BathroomsTotalInteger', Math.ceil(decimal));
}

/** Property type and status in the words of RESO; a type that has none of them is kept among the extras. */
export function finishWords(values: Map<string, ParsedValue>, extras: Record<string, string>): void {
  const published = values.get('PropertyType') ?? values.get('PropertySubType');
  if (published !== undefined) {
    const words = propertyWords(plainText(published));
    if (words === null) {
      extras['PropertyType'] = plainText(published);
      values.delete('PropertyType');
    } else {
      values.set('PropertyType', words.type);
      if (words.subType !== null && !values.has('PropertySubType')) values.set('PropertySubType', words.subType);
    }
  }
  if (values.get('ForRent') === true) values.set('PropertyType', 'Residential Lease');
  values.delete('ForRent');
  const status = values.get('StandardStatus');
  if (status !== undefined) values.set('StandardStatus', standardStatus(plainText(status)));
}

/**
 * The address in one line: as published, else number and street; a line without a number that stands beside one (a
 * column `street` or `address` next to a house number) gets it. Null when there is no street.
 */
export function addressLine(values: ReadonlyMap<string, ParsedValue>): string | null {
  const text = (name: string) => (values.has(name) ? plainText(values.get(name)) : null);
  const [line, number, street] = [text('UnparsedAddress'), text('StreetNumber'), text('StreetName')];
  if (line === null) return number === null || street === null ? null : `${number} ${street}`;
  return number !== null && /^\d/.test(number) && !/\d/.test(line) ? `${number} ${line}` : line;
}

/** City, state and ZIP out of a one-line address where the source has no fields for them. */
export function finishAddress(values: Map<string, ParsedValue>): void {
  const line = addressLine(values);
  if (line !== null) values.set('UnparsedAddress', line);
  const zip = values.get('PostalCode');
  if (zip !== undefined) values.set('PostalCode', tidyPostalCode(plainText(zip)));
  if (!values.has('UnparsedAddress')) return;
  const address = normaliseAddress(plainText(values.get('UnparsedAddress')));
  const fill = (field: string, value: string | null) => {
    if (value !== null && !values.has(field)) values.set(field, value);
  };
  fill('City', address.city === null ? null : titleCase(address.city));
  fill('StateOrProvince', address.state);
  fill('PostalCode', address.zip5);
  fill('UnitNumber', address.unit);
}

/** '2134.0' is 02134: a spreadsheet ate the zero; '191471234' is 19147: the last four digits are a mail route's. */
export function tidyPostalCode(text: string): string {
  return text
    .replace(/\.0+$/, '')
    .replace(/^(\d{5})-?\d{4}$/, '$1')
    .replace(/^(\d{3,4})$/, (zip) => zip.padStart(5, '0'));
}

const titleCase = (text: string) => text.toLowerCase().replace(/\b[a-z]/g, (letter) => letter.toUpperCase());

/** Price and Date by record kind, sales dated by year or month, and transfers that are no market sale. */
export function finishSale(
  values: Map<string, ParsedValue>,
  context: Pick<BuildContext, 'recordKind' | 'armsLengthMinDollars'>,
): void {
  const year = values.get('SaleYear');
  const month = values.get('SaleMonth');
  values.delete('SaleYear');
  values.delete('SaleMonth');
  if (typeof year === 'number' && !values.has('CloseDate')) {
    const dated = typeof month === 'number' && month > 100 ? dayOfYear(year, month) : null;
    const known = typeof month === 'number' && month >= 1 && month <= 12;
    // The middle of the period is the least wrong day; CloseDatePrecision says so.
    values.set('CloseDate', dated ?? (known ? `${year}-${String(month).padStart(2, '0')}-15` : `${year}-07-01`));
    values.set('CloseDatePrecision', dated !== null ? 'day' : known ? 'month' : 'year');
  } else if (values.has('CloseDate') && !values.has('CloseDatePrecision')) values.set('CloseDatePrecision', 'day');
  const floor = context.armsLengthMinDollars;
  const price = values.get('ClosePrice');
  if (floor !== undefined && context.recordKind === 'sale' && (price === undefined || Number(price) < floor)) {
    values.set('ArmsLengthYN', false);
    values.delete('ClosePrice');
  }
}

/** A day beside its year: 611 is 11 June. Null when there is no such day. */
function dayOfYear(year: number, monthDay: number): string | null {
  return parseDate(`${year}${String(monthDay).padStart(4, '0')}`);
}

/** The record's own identity when the source gives it no id: parcel (and sale date), listing id, address, content. */
function fallbackId(values: Map<string, ParsedValue>, context: BuildContext, url: string | null): string {
  const get = (name: string) => (values.has(name) ? plainText(values.get(name)) : null);
  const parcel = get('ParcelNumber');
  if (context.recordKind === 'sale' && parcel !== null) {
    return [parcel, get('CloseDate') ?? '', get('ClosePrice') ?? '0'].join(':');
  }
  const address = normaliseAddress({ line: get('UnparsedAddress'), city: get('City'), zip: get('PostalCode') }).key;
  const sold = context.recordKind === 'sale' ? `:${get('CloseDate') ?? ''}:${get('ClosePrice') ?? ''}` : '';
  const own = get('ListingId') ?? (context.recordKind === 'listing' ? url : null) ?? parcel;
  if (own !== null) return own;
  if (address !== null) return `${address}${sold}`;
  return createHash('sha256')
    .update(JSON.stringify([...values].sort()))
    .digest('hex')
    .slice(0, 32);
}
