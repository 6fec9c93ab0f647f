import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import {
  citySpellings,
  LIST_COLUMNS,
  type PropertyFilter,
  type PropertyPlace,
  type PropertyRow,
  type PropertySort,
  sortKeyOf,
} from './property-list.ts';

/** Counts are exact up to here, and estimated beyond. */
export const EXACT_COUNT = 10_000;

/** What a search asks for, beside the filters of a list. Degrees, metres, square feet. */
export interface PropertySearch extends PropertyFilter {
  /** Words as people type them: `"corner lot" -pool`. */
  q?: string | undefined;
  minBedrooms?: number | undefined;
  maxBedrooms?: number | undefined;
  minYear?: number | undefined;
  maxYear?: number | undefined;
  box?: { south: number; west: number; north: number; east: number } | undefined;
  circle?: { latitude: number; longitude: number; radiusMeters: number } | undefined;
  polygon?: readonly { latitude: number; longitude: number }[] | undefined;
}

const DEGREE_METERS = 111_194.9;

/** The search as the database's search functions take it. */
export function wantedOf(search: PropertySearch): Record<string, unknown> {
  const { circle } = search;
  const box = search.box ?? (circle === undefined ? undefined : boxAround(circle));
  const wanted = {
    q: search.q,
    county_fips: search.countyFips,
    status: search.status,
    property_type: search.propertyType,
    city: search.city === undefined ? undefined : citySpellings(search.city),
    state: search.state,
    zip_code: search.zipCode,
    min_price: search.minPriceCents,
    max_price: search.maxPriceCents,
    min_sqft: search.minSqft,
    max_sqft: search.maxSqft,
    min_score: search.minScore,
    max_score: search.maxScore,
    min_bedrooms: search.minBedrooms,
    max_bedrooms: search.maxBedrooms,
    min_year: search.minYear,
    max_year: search.maxYear,
    box: box && `((${box.west},${box.south}),(${box.east},${box.north}))`,
    circle: circle && [circle.latitude, circle.longitude, circle.radiusMeters],
    polygon: search.polygon && `(${search.polygon.map((at) => `(${at.longitude},${at.latitude})`).join(',')})`,
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}

/** A box that holds the circle; near a pole, every longitude. */
function boxAround({ latitude, longitude, radiusMeters }: NonNullable<PropertySearch['circle']>) {
  const tall = radiusMeters / DEGREE_METERS;
  const farthest = Math.min(90, Math.abs(latitude) + tall);
  const wide = farthest >= 89 ? 360 : tall / Math.cos((farthest * Math.PI) / 180);
  return { south: latitude - tall, north: latitude + tall, west: longitude - wide, east: longitude + wide };
}

const idsOf = (search: PropertySearch, most: number) =>
  sql`find_property_ids(${JSON.stringify(wantedOf(search))}::jsonb, 'none', null, null, ${most}::int)`;

/** One page of what fits, in the order. Orders by price leave out what has none. */
export function searchProperties(
  trx: TenantTrx,
  search: PropertySearch,
  page: { sort: PropertySort; after: PropertyPlace | undefined; limit: number },
): Promise<PropertyRow[]> {
  const { sort, after, limit } = page;
  const wanted = JSON.stringify(wantedOf(search));
  const found = sql<{ id: string; place: number }>`find_property_ids(${wanted}::jsonb, ${sort},
    ${after === undefined ? null : String(after.value)}::text, ${after?.id ?? null}::uuid, ${limit}::int) with ordinality`;
  return trx.db
    .selectFrom('properties')
    .innerJoin(found.as<'found'>(sql`found(id, place)`), (join) => join.onRef('found.id', '=', 'properties.id'))
    .where('tenantId', '=', trx.tenantId)
    .select(LIST_COLUMNS)
    .select(sortKeyOf(sort).as('sortKey'))
    .orderBy('found.place')
    .execute();
}

/** How many fit: counted up to EXACT_COUNT, beyond that the planner's estimate. */
export async function countProperties(
  trx: TenantTrx,
  search: PropertySearch,
): Promise<{ count: number; isEstimate: boolean }> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${idsOf(search, EXACT_COUNT + 1)} found(id)
    join properties p on p.tenant_id = ${trx.tenantId} and p.id = found.id`.execute(trx.db);
  const count = rows[0]?.count ?? 0;
  if (count <= EXACT_COUNT) return { count, isEstimate: false };
  const estimate = await sql<{ count: number }>`
    select estimate_property_count(${JSON.stringify(wantedOf(search))}::jsonb) as count`.execute(trx.db);
  return { count: Math.max(EXACT_COUNT + 1, estimate.rows[0]?.count ?? 0), isEstimate: true };
}

/** Counts by status, type, city (the 20 most frequent) and price band, of the first EXACT_COUNT that fit. */
export async function countFacets(
  trx: TenantTrx,
  search: PropertySearch,
): Promise<{ facet: string; value: string; count: number }[]> {
  const { rows } = await sql<{ facet: string; value: string; count: number }>`
    with found as materialized (
      select p.status, p.property_type, p.city, case
          when p.list_price_cents is null then 'none'
          when p.list_price_cents < 25000000 then '0-250000'
          when p.list_price_cents < 50000000 then '250000-500000'
          when p.list_price_cents < 75000000 then '500000-750000'
          when p.list_price_cents < 100000000 then '750000-1000000'
          else '1000000-' end as band
      from ${idsOf(search, EXACT_COUNT)} found(id)
      join properties p on p.tenant_id = ${trx.tenantId} and p.id = found.id)
    select facet, value, count from (
      select facet, value, count(*) as count, row_number() over (partition by facet order by count(*) desc, value) as rank
      from found, lateral (values ('status', status), ('property_type', property_type), ('city', city),
        ('price_band', band)) facets(facet, value)
      where value is not null group by facet, value) counted
    where rank <= 20 order by facet, rank`.execute(trx.db);
  return rows;
}

/** Where properties that fit are, at most `limit` of them, in no order. */
export async function listPoints(trx: TenantTrx, search: PropertySearch, limit: number) {
  const { rows } = await sql<{
    id: string;
    latitude: number;
    longitude: number;
    birdDogScore: number | null;
    status: string;
  }>`select p.id, p.latitude, p.longitude, p.bird_dog_score, p.status from ${idsOf(search, limit)} found(id)
    join properties p on p.tenant_id = ${trx.tenantId} and p.id = found.id`.execute(trx.db);
  return rows;
}
