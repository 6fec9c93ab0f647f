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
  /** Ids of tags, of which a property has at least one. */
  tagIds?: readonly string[] | undefined;
  /** Those alone that a person should look at. */
  needsReview?: true | undefined;
  /** A user: those that they look after and have not done. */
  assignedTo?: string | undefined;
  /** A user: those that they have not marked as seen. */
  unseenBy?: string | undefined;
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
    tags: search.tagIds,
    needs_review: search.needsReview,
    assigned_to: search.assignedTo,
    unseen_by: search.unseenBy,
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

/** A property as a search shows it: with what its newest score says in short. */
export interface FoundRow extends PropertyRow {
  apn: string | null;
  /** The 80% interval of the estimated value. */
  valueLowCents: number | null;
  valueHighCents: number | null;
  /** 0 to 1. */
  scoreConfidence: number | null;
  /** The reason that adds most to the score, as a sentence. */
  topReason: string | null;
  /** How many of its fields an offline simulator made up. */
  simulatedFields: number;
}

/** How often a value is among what fits. */
export interface FacetCount {
  /** `status`, `property_type`, `city` or `price_band`. */
  facet: string;
  value: string;
  count: number;
}

/** How many fit: counted up to EXACT_COUNT, beyond that the planner's estimate. */
export interface FoundCount {
  count: number;
  isEstimate: boolean;
  /** By status, type, city (the 20 most frequent) and price band, of at most EXACT_COUNT + 1 that fit; empty when not asked for. */
  facets: FacetCount[];
}

/** A page of a search, and how many there are of what. */
export interface SearchResult extends FoundCount {
  rows: FoundRow[];
}

/**
 * One page of what fits, in the order, with its number and facets: places are found and counted in one pass, then the page's
 * rows are read. Orders by price leave out what has none.
 */
export async function searchProperties(
  trx: TenantTrx,
  search: PropertySearch,
  page: { sort: PropertySort; after: PropertyPlace | undefined; limit: number; withFacets: boolean },
): Promise<SearchResult> {
  const { sort, after } = page;
  const { rows } = await sql<FacetCount>`
    select facet, value, count from search_properties(${JSON.stringify(wantedOf(search))}::jsonb, ${sort}::text,
      ${after === undefined ? null : String(after.value)}::text, ${after?.id ?? null}::uuid, ${page.limit}::int,
      ${EXACT_COUNT + 1}::int, ${page.withFacets}::boolean)`.execute(trx.db);
  const numberOf = (name: string) => rows.find(({ facet }) => facet === name)?.count ?? 0;
  const counted = numberOf('total');
  const isEstimate = counted > EXACT_COUNT;
  const ids = rows.filter(({ facet }) => facet === 'id').sort((a, b) => a.count - b.count);
  return {
    rows: await readFound(
      trx,
      ids.map(({ value }) => value),
      sort,
    ),
    count: isEstimate ? Math.max(counted, numberOf('estimate')) : counted,
    isEstimate,
    facets: rows.filter(({ facet }) => !['id', 'total', 'estimate'].includes(facet)),
  };
}

/** The rows of these ids, in their order. */
async function readFound(trx: TenantTrx, ids: readonly string[], sort: PropertySort): Promise<FoundRow[]> {
  if (ids.length === 0) return [];
  const rows = await trx.db
    .selectFrom('properties')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('propertyScores as s')
          .whereRef('s.tenantId', '=', 'properties.tenantId')
          .whereRef('s.propertyId', '=', 'properties.id')
          .orderBy('s.scoredAt', 'desc')
          .limit(1)
          .select(['s.valueLowCents', 's.valueHighCents', 's.confidence as scoreConfidence'])
          .select(sql<string | null>`s.reasons -> 0 ->> 'label'`.as('topReason'))
          .as('newest'),
      (join) => join.onTrue(),
    )
    .where('tenantId', '=', trx.tenantId)
    .where('properties.id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .select(LIST_COLUMNS)
    .select(['apn', 'valueLowCents', 'valueHighCents', 'scoreConfidence', 'topReason'])
    .select(
      sql<number>`(select count(*)::int from jsonb_each(properties.field_sources) f
        where f.value ->> 'simulated' = 'true')`.as('simulatedFields'),
    )
    .select(sortKeyOf(sort).as('sortKey'))
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** Where properties that fit are, at most `limit` of them, in no order. */
export async function listPoints(trx: TenantTrx, search: PropertySearch, limit: number) {
  const { rows } = await sql<{
    id: string;
    latitude: number;
    longitude: number;
    birdDogScore: number | null;
    status: string;
    address: string | null;
    apn: string | null;
  }>`select p.id, p.latitude, p.longitude, p.bird_dog_score, p.status, p.address, p.apn from find_property_ids(${JSON.stringify(wantedOf(search))}::jsonb, 'none', null, null, ${limit}::int) found(id)
    join properties p on p.tenant_id = ${trx.tenantId} and p.id = found.id`.execute(trx.db);
  return rows;
}
