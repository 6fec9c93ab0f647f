import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import {
  LIST_COLUMNS,
  type PropertyPlace,
  type PropertyRow,
  type PropertySort,
  sortKeyOf,
  walkProperties,
} from './property-list.ts';
import { type PropertySearch, wantedOf } from './property-search.ts';

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

/** The next properties of a search in its order, after a place: what the search shows, without counting. */
export async function walkFound(
  trx: TenantTrx,
  search: PropertySearch,
  batch: { sort: PropertySort; after: PropertyPlace | undefined; limit: number },
): Promise<PropertyRow[]> {
  const { sort, after, limit } = batch;
  const direction = sort === 'list_price' ? 'asc' : 'desc';
  const key =
    sort === '-bird_dog_score'
      ? sql`coalesce(bird_dog_score, -1)`
      : sort === '-updated_at'
        ? sql`properties.updated_at`
        : sql`list_price_cents`;
  // One statement, so that no row is lost between finding and reading it: a short batch would end the walk.
  return trx.db
    .selectFrom('properties')
    .where('tenantId', '=', trx.tenantId)
    .where(
      sql<boolean>`properties.id in (select id from find_property_ids(${JSON.stringify(wantedOf(search))}::jsonb,
        ${sort}::text, ${after === undefined ? null : String(after.value)}::text, ${after?.id ?? null}::uuid,
        ${limit}::int) found(id))`,
    )
    .select(LIST_COLUMNS)
    .select(sortKeyOf(sort).as('sortKey'))
    .orderBy(key, direction)
    .orderBy('properties.id', direction)
    .execute();
}

/** Those of the named properties that a search finds, in the order of their ids. */
export async function listNamedFound(
  trx: TenantTrx,
  search: PropertySearch,
  ids: readonly string[],
): Promise<Omit<PropertyRow, 'sortKey'>[]> {
  const { rows } = await sql<{ id: string }>`
    select id from match_property_ids(${JSON.stringify(wantedOf(search))}::jsonb, ${[...ids]}::uuid[]) found(id)`.execute(
    trx.db,
  );
  const fitting = rows.map(({ id }) => id);
  return walkProperties(trx, { ids: fitting }, { afterId: undefined, limit: ids.length });
}

/** A value as a cell of a CSV: quoted where it must be; text that a spreadsheet would run as a formula is disarmed. */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
