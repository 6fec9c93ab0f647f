import { listingFields } from '../../domain/listing.ts';
import type { ColumnMapping } from './column-mapping.ts';
import type { SalesTable } from './sales-table.ts';
import { UNKNOWN, withDecimalPoint } from './value-parse.ts';

/** Fields that a sale holds as a fact, or that identify it or tell of people: their columns are no extras. */
const TAKEN = new Set([
  'SourceId',
  'Url',
  'ListingId',
  'ParcelNumber',
  'UnparsedAddress',
  'StreetNumber',
  'StreetName',
  'UnitNumber',
  'ClosePrice',
  'CloseDate',
  'SaleYear',
  'SaleMonth',
  'Latitude',
  'Longitude',
  'PostalCode',
  'City',
  'SubdivisionName',
  'BedroomsTotal',
  'BathroomsTotalDecimal',
  'BathroomsTotalInteger',
  'LivingArea',
  'LivingAreaUnits',
  'LotSizeSquareFeet',
  'LotSizeArea',
  'LotSizeAcres',
  'LotSizeUnits',
  'YearBuilt',
  'YearRenovated',
  'Stories',
  'WaterfrontYN',
  'OwnerName',
  'ListAgentFullName',
  'ListOfficeName',
  'PublicRemarks',
  'Media',
]);

/** Normalised names of columns that name persons. */
const PEOPLE =
  /^(?:seller|sellers|buyer|buyers|grantor|grantors|grantee|grantees|owner|owners|taxpayer|agent|borrower)(?:\d|name|names|fullname|firstname|lastname|phone|email)*$/;

/** Fields whose published words say more than the fact that is made of them. */
const NUMBER_OR_WORDS = new Set(['PropertyCondition', 'ConstructionGrade']);

export interface ExtraColumn {
  /** The RESO field or the extra that the mapping makes of it, as stored properties have it; else the header as published. */
  name: string;
  values: ReadonlyArray<string | number | null>;
}

/**
 * The columns that no fact took: numbers where every value of the column is one, text otherwise. Null where the source
 * says nothing. A column that only counts the rows says nothing about houses and is left out.
 */
export function extraColumns(
  table: SalesTable,
  mapping: ColumnMapping,
  ignored: ReadonlySet<string>,
): { extras: ExtraColumn[]; counters: string[] } {
  const extras: ExtraColumn[] = [];
  const counters: string[] = [];
  const names = new Set<string>();
  const usual = mapping.rules.some(({ rule }) => rule.decimal_comma === true) ? 'comma' : 'point';
  table.headers.forEach((header, i) => {
    const texts = table.columns[i] ?? [];
    const mapped = mappedName(table.names[i] ?? '', mapping);
    const name = mapped === null || names.has(mapped) ? header : mapped;
    if (
      PEOPLE.test(table.names[i] ?? '') ||
      ignored.has(table.names[i] ?? '') ||
      isTaken(table.names[i] ?? '', texts, mapping)
    )
      return;
    const numbers = asNumbers(texts, usual);
    if (numbers !== null && countsRows(numbers)) counters.push(header);
    else if (numbers !== null) extras.push({ name: use(name), values: numbers });
    else {
      const values = texts.map((text) => (isBlank(text) ? null : text));
      if (values.some((value) => value !== null)) extras.push({ name: use(name), values });
    }
  });
  return { extras, counters };

  function use(name: string): string {
    names.add(name);
    return name;
  }
}

/** What the mapping calls a column whose values it takes as they are; null where it converts or does not know it. */
function mappedName(column: string, mapping: ColumnMapping): string | null {
  const found = mapping.rules.find(({ columns }) => columns.length === 1 && columns[0] === column);
  if (found === undefined) return null;
  const { field, rule } = found;
  if (field.startsWith('extras.')) return field.slice(7);
  const isConverted =
    (rule.unit !== undefined && rule.unit !== 'sqft') || rule.map !== undefined || rule.regex !== undefined;
  return isConverted || !(listingFields as readonly string[]).includes(field) ? null : field;
}

function isTaken(column: string, texts: readonly string[], mapping: ColumnMapping): boolean {
  // A part of a composite identity (block, lot) still says where a house is.
  const rules = mapping.rules.filter(
    ({ columns, field }) => columns.length === 1 && columns[0] === column && field !== 'SourceId',
  );
  return rules.some(
    ({ field }) =>
      TAKEN.has(field) || (NUMBER_OR_WORDS.has(field) && texts.every((text) => isBlank(text) || /^\d/.test(text))),
  );
}

const isBlank = (text: string) =>
  text === '' || (text.length <= 9 && text !== 'None' && UNKNOWN.has(text.toLowerCase()));

const NUMBER = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;
const GROUPED = /^([-+]?)[$€£]?\s?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s?%?$/;
const COMMA_DECIMAL = /^[-+]?(?:\d{1,3}(?:[. ]\d{3})+|\d+)(?:,\d+)?$/;

/**
 * A column as numbers, null where blank; or null when some value is no number or is a code: a leading zero before other
 * digits (`020`, `01234`). `usual` is how the file writes decimals; a column that cannot be read so may use the other way.
 */
export function asNumbers(texts: readonly string[], usual: 'comma' | 'point' = 'point'): Array<number | null> | null {
  const other = usual === 'comma' ? 'point' : 'comma';
  return readColumn(texts, usual) ?? readColumn(texts, other);
}

function readColumn(texts: readonly string[], style: 'comma' | 'point'): Array<number | null> | null {
  const known = new Map<string, number | null>();
  const out: Array<number | null> = [];
  let filled = 0;
  for (const text of texts) {
    let value = known.get(text);
    if (value === undefined) {
      const read = readNumber(text, style);
      if (read === undefined) return null;
      value = read;
      known.set(text, value);
    }
    if (value !== null) filled += 1;
    out.push(value);
  }
  return filled === 0 ? null : out;
}

/** Null for blank, undefined for what is no number. */
function readNumber(text: string, style: 'comma' | 'point'): number | null | undefined {
  if (isBlank(text)) return null;
  if (/^[-+]?0\d/.test(text)) return undefined;
  if (style === 'comma') return COMMA_DECIMAL.test(text) ? finite(Number(withDecimalPoint(text))) : undefined;
  if (NUMBER.test(text)) return finite(Number(text));
  const grouped = GROUPED.exec(text);
  if (grouped === null) return undefined;
  return finite(Number(`${grouped[1]}${(grouped[2] ?? '').replaceAll(',', '')}${grouped[3] ?? ''}`));
}

const finite = (value: number) => (Number.isFinite(value) ? value : undefined);

/** 1, 2, 3 … (or from 0) in the file's order. */
function countsRows(numbers: ReadonlyArray<number | null>): boolean {
  const first = numbers[0];
  return numbers.length >= 10 && (first === 0 || first === 1) && numbers.every((n, i) => n === first + i);
}
