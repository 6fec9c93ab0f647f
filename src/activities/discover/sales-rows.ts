import { normaliseAddress } from '../../domain/address.ts';
import { normaliseApn } from '../../domain/apn.ts';
import { isPlace } from '../../domain/geo.ts';
import { recordSchema } from '../../domain/listing.ts';
import { factsOf } from '../../domain/record-facts.ts';
import type { SaleCandidate } from '../../domain/valuation/arms-length.ts';
import type { ValuationFacts } from '../../domain/valuation/sale-record.ts';
import type { ColumnMapping, MappedRule } from './column-mapping.ts';
import {
  addressLine,
  finishAddress,
  finishAreas,
  finishBaths,
  finishSale,
  finishWords,
  tidyPostalCode,
} from './record-build.ts';
import type { SalesTable } from './sales-table.ts';
import { type ParsedValue, parseValue, plainText } from './value-parse.ts';

/** Values that are there and cannot be read, by field: how many, and the first ones. */
export interface UnreadableValues {
  field: string;
  count: number;
  /** Up to three: line of the file and the value as published. */
  first: Array<{ line: number; value: string }>;
}

export interface SaleRows {
  candidates: SaleCandidate[];
  unreadable: UnreadableValues[];
}

interface ParsedRule {
  rule: MappedRule;
  values: ReadonlyArray<ParsedValue | null>;
}

/** Every row of the table as what it says about one sale; nothing is left out here. Rows are in the file's order. */
export function saleRows(
  table: SalesTable,
  mapping: ColumnMapping,
  extras: ReadonlyArray<{ name: string; values: ReadonlyArray<string | number | null> }>,
): SaleRows {
  const unreadable = new Map<string, UnreadableValues>();
  const wanted = mapping.rules.filter(({ field }) => !field.startsWith('extras.') && field !== 'SourceId');
  const parsed = wanted.map((rule) => ({ rule, values: parseRule(table, rule, unreadable) }));
  const constants = Object.entries(mapping.constants);
  const candidates = table.lines.map((line, row) => {
    const values = new Map<string, ParsedValue>(constants);
    for (const { rule, values: column } of parsed) {
      const value = column[row];
      if (value === null || value === undefined) continue;
      if (!values.has(rule.field) || rule.field in mapping.constants) values.set(rule.field, value);
    }
    const own: Record<string, string | number> = {};
    for (const { name, values: column } of extras) {
      const value = column[row];
      if (value !== null && value !== undefined) own[name] = value;
    }
    return candidate(line, values, own, mapping);
  });
  return { candidates: withoutBuildings(candidates), unreadable: [...unreadable.values()] };
}

/** So many sales at each address on average, and the addresses are those of blocks of flats. */
const SALES_OF_A_BUILDING = 3;

/**
 * An address without a unit names a house only where few sales share it. In a file of flats it names the building, which
 * has no past of its own and in which two flats may well be sold for one price in one month.
 */
function withoutBuildings(candidates: SaleCandidate[]): SaleCandidate[] {
  const byAddress = candidates.filter(({ parcel }) => parcel?.includes('|') === true);
  const addresses = new Set(byAddress.map(({ parcel }) => parcel));
  if (byAddress.length < SALES_OF_A_BUILDING * addresses.size || addresses.size === 0) return candidates;
  return candidates.map((row) => (row.parcel?.includes('|') === true ? { ...row, parcel: null } : row));
}

/** One rule over its column, each distinct text read once. */
function parseRule(
  table: SalesTable,
  mapped: MappedRule,
  unreadable: Map<string, UnreadableValues>,
): ParsedRule['values'] {
  const { field, rule } = mapped;
  const columns = mapped.columns.map((name) => table.columns[table.names.indexOf(name)]);
  const known = new Map<string, ParsedValue | null | undefined>();
  return table.lines.map((line, row) => {
    const raw = rule.value ?? textOf(columns, row, mapped);
    let value = known.get(raw);
    if (value === undefined && !known.has(raw)) {
      const result = parseValue(field, raw, rule);
      value = 'problem' in result ? undefined : result.value;
      known.set(raw, value);
    }
    if (value !== undefined) return value;
    const entry = unreadable.get(field) ?? { field, count: 0, first: [] };
    entry.count += 1;
    if (entry.first.length < 3) entry.first.push({ line, value: raw.slice(0, 60) });
    unreadable.set(field, entry);
    return null;
  });
}

function textOf(columns: ReadonlyArray<string[] | undefined>, row: number, { rule }: MappedRule): string {
  if (columns.length === 1 && rule.pad === undefined) return columns[0]?.[row] ?? '';
  const texts = columns.map((column) => column?.[row] ?? '');
  if (texts.every((text) => text === '')) return '';
  return texts
    .map((text, i) => text.padStart(rule.pad?.[i] ?? 0, '0'))
    .filter((text) => text !== '')
    .join(rule.join ?? ' ');
}

function candidate(
  line: number,
  values: Map<string, ParsedValue>,
  extras: Record<string, string | number>,
  mapping: ColumnMapping,
): SaleCandidate {
  const text = (name: string) => (values.has(name) ? plainText(values.get(name)) : null);
  const street = addressLine(values) ?? text('StreetName') ?? text('StreetNumber');
  finishAreas(values);
  finishBaths(values);
  finishWords(values, {});
  finishSale(values, { recordKind: 'sale' });
  const zip = text('PostalCode');
  if (zip !== null) values.set('PostalCode', tidyPostalCode(zip));
  const parcel = parcelOf(values, street, text('CountyFips') ?? mapping.countyFips);
  if (street !== null && !values.has('City') && /,/.test(street)) finishAddress(values);
  const price = values.get('ClosePrice');
  return {
    row: line,
    parcel,
    closeDate: text('CloseDate'),
    closeDateIsExact: values.get('CloseDatePrecision') === 'day',
    closePrice: typeof price === 'number' ? price : null,
    street:
      street === null
        ? null
        : street
            .replace(/^[\d\s/-]+/, '')
            .replace(/,.*$/, '')
            .trim()
            .toUpperCase() || null,
    facts: valuationFacts(values),
    extras,
  };
}

/** Parcel number with the unit where a building is one parcel; else the address with its unit; else null. */
function parcelOf(values: ReadonlyMap<string, ParsedValue>, street: string | null, countyFips: string | null) {
  const published = values.get('ParcelNumber');
  const apn = published === undefined ? null : normaliseApn(plainText(published), countyFips);
  const named = values.get('UnitNumber');
  const unit =
    named === undefined
      ? (/,\s*#?((?=[A-Z0-9-]*\d)[A-Z0-9-]{1,6}|[A-Z]{1,2})\s*$/i.exec(street ?? '')?.[1] ?? null)
      : plainText(named);
  if (apn !== null) return unit === null ? apn : `${apn}:${unit.toUpperCase().replace(/[^A-Z0-9]/g, '')}`;
  if (street === null) return null;
  const field = (name: string) => (values.has(name) ? plainText(values.get(name)) : null);
  const address = normaliseAddress({
    line: street,
    unit: named === undefined ? null : unit,
    city: field('City'),
    state: field('StateOrProvince'),
    zip: field('PostalCode'),
  });
  if (address.key !== null || address.city === null || !/^\d/.test(address.line ?? '')) return address.key;
  // Within one file a house number, street and town name a house, whatever the country.
  return [address.line, address.unit ?? '', address.city].join('|');
}

const BLANK = recordSchema.parse({ record_kind: 'sale', source: 'file', source_id: 'row' });
const grades = new Map<string, number | null>();
const conditions = new Map<string, number | null>();

function remembered(
  known: Map<string, number | null>,
  text: string | null,
  read: (text: string) => number | null | undefined,
) {
  if (text === null) return null;
  let value = known.get(text);
  if (value === undefined) {
    value = read(text) ?? null;
    if (known.size < 10_000) known.set(text, value);
  }
  return value;
}

/** The facts of the house, without values that no house has. */
function valuationFacts(values: ReadonlyMap<string, ParsedValue>): ValuationFacts {
  const number = (name: string) => {
    const value = values.get(name);
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  };
  const positive = (name: string) => {
    const value = number(name);
    return value !== null && value > 0 ? value : null;
  };
  const year = (name: string) => {
    const value = number(name);
    return value !== null && value >= 1600 && value <= 2200 ? Math.floor(value) : null;
  };
  const text = (name: string) => (values.has(name) ? plainText(values.get(name)) : null);
  const latitude = number('Latitude');
  const longitude = number('Longitude');
  const placed = latitude !== null && longitude !== null && isPlace(latitude, longitude);
  const waterfront = values.get('WaterfrontYN');
  const count = (name: string) => {
    const value = number(name);
    return value !== null && value >= 0 ? value : null;
  };
  return {
    latitude: placed ? latitude : null,
    longitude: placed ? longitude : null,
    zipCode: text('PostalCode'),
    city: text('City'),
    subdivision: text('SubdivisionName'),
    propertyType: text('PropertyType'),
    propertySubType: text('PropertySubType'),
    bedrooms: count('BedroomsTotal'),
    bathrooms: count('BathroomsTotalDecimal') ?? count('BathroomsTotalInteger'),
    sqft: positive('LivingArea') ?? positive('AboveGradeFinishedArea') ?? positive('BuildingAreaTotal'),
    lotSizeSqft: positive('LotSizeSquareFeet'),
    yearBuilt: year('YearBuilt'),
    yearRenovated: year('YearRenovated'),
    stories: positive('Stories'),
    condition: remembered(
      conditions,
      text('PropertyCondition'),
      (t) => factsOf({ ...BLANK, PropertyCondition: t }, '').condition,
    ),
    grade: remembered(grades, text('ConstructionGrade'), (t) => factsOf({ ...BLANK, ConstructionGrade: t }, '').grade),
    waterfront: typeof waterfront === 'boolean' ? waterfront : null,
  };
}
