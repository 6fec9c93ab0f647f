import {
  type FieldType,
  fieldTypes,
  type ListingField,
  listingFields,
  type RecordKind,
} from '../../../domain/listing.ts';
import { REQUIRED, type RequiredField } from '../../../domain/listing-rules.ts';

/** Fields that a column can hold besides the property fields: the row's own id and address, areas with their unit. */
export const MORE_FIELDS = [
  'SourceId',
  'Url',
  'LivingAreaUnits',
  'LotSizeArea',
  'LotSizeUnits',
  'LotSizeAcres',
  'BathroomsQuarters',
  'ForRent',
  'SaleYear',
  'SaleMonth',
] as const;

const GROUPS: ReadonlyArray<readonly [string, RegExp]> = [
  ['Price and time', /Price|Date|DaysOnMarket|ArmsLength|StandardStatus|Listing|SaleYear|SaleMonth|ForRent/],
  ['Place', /Address|Street|Unit(Number)|City|State|Postal|County|Subdivision|Latitude|Longitude|Parcel|Zoning/],
  [
    'House and lot',
    /Area|LotSize|Bed|Bath|Rooms|Stories|Units|Year(Built|Renov)|PropertyT|PropertyS|PropertyC|Structure|Archit|Grade|Heating|Cooling|Fire|Parking|Garage|Pool|NewConstr|Water|View/,
  ],
  ['Tax and fees', /Tax|Association/],
];

const NAMES: Readonly<Record<string, string>> = {
  ClosePrice: 'Sale price',
  CloseDate: 'Sale date',
  CloseDatePrecision: 'How exact the sale date is',
  ListPrice: 'Asking price',
  ListingContractDate: 'Listed on',
  ArmsLengthYN: 'Market sale (yes or no)',
  LivingArea: 'Living area',
  LotSizeSquareFeet: 'Lot size',
  LotSizeArea: 'Lot size, unit in another column',
  LotSizeAcres: 'Lot size in acres',
  BedroomsTotal: 'Bedrooms',
  BathroomsTotalInteger: 'Bathrooms (whole)',
  BathroomsTotalDecimal: 'Bathrooms (with halves)',
  UnparsedAddress: 'Address',
  StateOrProvince: 'State',
  PostalCode: 'ZIP code',
  CountyOrParish: 'County',
  CountyFips: 'County FIPS code',
  ParcelNumber: 'Parcel number',
  SubdivisionName: 'Subdivision',
  TaxAssessedValue: 'Assessed value',
  TaxAnnualAmount: 'Tax per year',
  AssociationFee: 'Association fee',
  PublicRemarks: 'Remarks',
  SourceId: 'Id in the source',
  Url: 'Web address',
  PoolPrivateYN: 'Pool (yes or no)',
  NewConstructionYN: 'New construction (yes or no)',
  WaterfrontYN: 'Waterfront (yes or no)',
};

/** A field in a reader's words: `YearBuilt` → `Year built`. */
export function fieldLabel(field: string): string {
  const known = NAMES[field];
  if (known !== undefined) return known;
  const words = field.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Every field that a column can be, in groups for a list to choose from. */
export const FIELD_GROUPS: ReadonlyArray<{ label: string; fields: readonly string[] }> = group();

function group() {
  const all: string[] = [...listingFields, ...MORE_FIELDS];
  const rest = new Set(all);
  const groups = GROUPS.map(([label, pattern]) => {
    const fields = all.filter((field) => rest.has(field) && pattern.test(field));
    for (const field of fields) rest.delete(field);
    return { label, fields };
  });
  return [...groups, { label: 'Other', fields: [...rest] }];
}

const UNITS: Readonly<Partial<Record<FieldType, readonly string[]>>> = {
  area: ['sqft', 'sqm', 'acres', 'hectares'],
  money: ['thousands', 'millions'],
  date: ['day-first', 'excel-serial', 'year-month', 'yymmdd', 'decimal-year'],
};
const UNIT_NAMES: Readonly<Record<string, string>> = {
  sqft: 'square feet',
  sqm: 'square metres',
  thousands: 'thousands of dollars',
  millions: 'millions of dollars',
  'day-first': 'day before month',
  'excel-serial': 'Excel day numbers',
  'year-month': 'year and month',
  yymmdd: 'six digits: year, month, day',
  'decimal-year': 'year with decimals',
};

/** Units and ways of writing that a field's values may have; none for most. */
export function unitsOf(field: string | null): readonly string[] {
  if (field === null) return [];
  if (field === 'LotSizeArea') return UNITS.area ?? [];
  const type = fieldTypes[field as ListingField] as FieldType | undefined;
  return (type && UNITS[type]) ?? [];
}

/** A unit in words. */
export function unitLabel(unit: string): string {
  return UNIT_NAMES[unit] ?? unit;
}

const FILLED_BY: Readonly<Record<RequiredField, readonly string[]>> = {
  ListPrice: ['ListPrice'],
  ClosePrice: ['ClosePrice'],
  CloseDate: ['CloseDate', 'SaleYear'],
  LivingArea: ['LivingArea'],
  PropertyType: ['PropertyType', 'PropertySubType'],
  Parcel: ['ParcelNumber', 'UnparsedAddress', 'StreetName'],
  Location: ['ParcelNumber', 'UnparsedAddress', 'StreetName', 'Latitude'],
};
const NEED_NAMES: Readonly<Partial<Record<RequiredField, string>>> = {
  Location: 'A parcel number, address or coordinates',
  Parcel: 'A parcel number or address',
};

/** What a record of a kind needs, and the columns that hold it; none: it is missing. */
export interface Need {
  label: string;
  /** The field to choose for a column that holds it. */
  field: string;
  columns: string[];
}

/** @param columns each column of the file with its field */
export function needsOf(kind: string | null, columns: ReadonlyArray<{ column: string; field: string | null }>): Need[] {
  return (REQUIRED[kind as RecordKind] ?? []).map((need) => ({
    label: NEED_NAMES[need] ?? fieldLabel(need),
    field: FILLED_BY[need][0] ?? need,
    columns: columns
      .filter(({ field }) => field !== null && FILLED_BY[need].includes(field))
      .map(({ column }) => column),
  }));
}

const CAMEL_CASE = /\b(?:[A-Z][a-z]+){2,}(?:YN)?\b/g;
const KNOWN_FIELDS: ReadonlySet<string> = new Set([...listingFields, ...MORE_FIELDS]);

/** A sentence of the API with its fields in a reader's words. */
export function withFieldLabels(text: string): string {
  return text.replace(CAMEL_CASE, (word) => (KNOWN_FIELDS.has(word) ? `“${fieldLabel(word)}”` : word));
}
