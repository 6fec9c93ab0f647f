import type { PropertyRow } from './property-list.ts';

/** A property of a list, without the place it was found at. */
type Row = Omit<PropertyRow, 'sortKey'>;
const dollarsOf = (cents: number | null) => (cents === null ? null : cents / 100);
const COLUMNS: readonly (readonly [string, (row: Row) => string | number | boolean | null])[] = [
  ['id', (row) => row.id],
  ['county_fips', (row) => row.countyFips],
  ['status', (row) => row.status],
  ['address', (row) => row.address],
  ['unit', (row) => row.unit],
  ['city', (row) => row.city],
  ['state', (row) => row.state],
  ['zip_code', (row) => row.zipCode],
  ['latitude', (row) => row.latitude],
  ['longitude', (row) => row.longitude],
  ['property_type', (row) => row.propertyType],
  ['property_sub_type', (row) => row.propertySubType],
  ['bedrooms', (row) => row.bedrooms],
  ['bathrooms', (row) => row.bathrooms],
  ['sqft', (row) => row.sqft],
  ['lot_size_sqft', (row) => row.lotSizeSqft],
  ['year_built', (row) => row.yearBuilt],
  ['list_price', (row) => dollarsOf(row.listPriceCents)],
  ['estimated_value', (row) => dollarsOf(row.estimatedValueCents)],
  ['bird_dog_score', (row) => row.birdDogScore],
  ['standard_status', (row) => row.standardStatus],
  ['updated_at', (row) => row.updatedAt.toISOString()],
];

/** The first line of a CSV of properties. */
export const PROPERTY_CSV_HEADER = `${COLUMNS.map(([name]) => name).join(',')}\r\n`;

/** A property as a line of that CSV (RFC 4180). Prices in dollars. */
export const propertyCsvLine = (row: Row): string => `${COLUMNS.map(([, read]) => csvCell(read(row))).join(',')}\r\n`;

/** A value as a cell of a CSV: quoted where it must be; text that a spreadsheet would run as a formula is disarmed. */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
