import { type RawBuilder, sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import type { TenantTrx } from '../tenant.ts';

/** Orders of a list of properties: best score first, newest change first, price. */
export const PROPERTY_SORTS = ['-bird_dog_score', '-updated_at', 'list_price', '-list_price'] as const;
export type PropertySort = (typeof PROPERTY_SORTS)[number];

/** What a list can be narrowed by. Money in whole cents, areas in square feet. */
export interface PropertyFilter {
  countyFips?: string | undefined;
  status?: string | undefined;
  propertyType?: string | undefined;
  /** In any of the usual spellings: as it is, in capitals, or with a capital at each word. */
  city?: string | undefined;
  state?: string | undefined;
  zipCode?: string | undefined;
  minPriceCents?: number | undefined;
  maxPriceCents?: number | undefined;
  minSqft?: number | undefined;
  maxSqft?: number | undefined;
  minScore?: number | undefined;
  maxScore?: number | undefined;
  /** These alone. */
  ids?: readonly string[] | undefined;
}

/** Where a page ended: the value that is sorted by, and the id. */
export interface PropertyPlace {
  value: string | number;
  id: string;
}

/** A property as lists show it. Money in whole cents. `sortKey` is the value of the order it was listed in. */
export interface PropertyRow {
  id: string;
  countyFips: string;
  status: string;
  address: string | null;
  unit: string | null;
  city: string | null;
  state: string | null;
  zipCode: string | null;
  latitude: number | null;
  longitude: number | null;
  propertyType: string | null;
  propertySubType: string | null;
  bedrooms: number | null;
  bathrooms: number | null;
  sqft: number | null;
  lotSizeSqft: number | null;
  yearBuilt: number | null;
  listPriceCents: number | null;
  estimatedValueCents: number | null;
  birdDogScore: number | null;
  standardStatus: string | null;
  needsReview: boolean;
  updatedAt: Date;
  sortKey: string | number;
}

/** Columns of a row in a list. */
export const LIST_COLUMNS = [
  'properties.id',
  'countyFips',
  'status',
  'address',
  'unit',
  'city',
  'state',
  'zipCode',
  'latitude',
  'longitude',
  'propertyType',
  'propertySubType',
  'bedrooms',
  'bathrooms',
  'sqft',
  'lotSizeSqft',
  'yearBuilt',
  'listPriceCents',
  'estimatedValueCents',
  'birdDogScore',
  'standardStatus',
  'needsReview',
  'updatedAt',
] as const;

/** The value that an order sorts by. As text where a JavaScript Date would lose the microseconds. */
export function sortKeyOf(sort: PropertySort): RawBuilder<string | number> {
  if (sort === '-updated_at') return sql<string>`properties.updated_at::text`;
  return sql<number>`${sort === '-bird_dog_score' ? sql`coalesce(bird_dog_score, -1)` : sql`list_price_cents`}`;
}

/** The spellings that a city is looked for under, three in number. */
export function citySpellings(city: string): string[] {
  const title = city.toLowerCase().replace(/(^|[\s-])\p{L}/gu, (start) => start.toUpperCase());
  return [city, city.toUpperCase(), title];
}

/** The city in the one spelling that the tenant has: an equal sign lets the index give the order, several do not. */
export async function narrowedPlace(
  trx: TenantTrx,
  filter: PropertyFilter,
): Promise<PropertyFilter & { spellings?: string[] }> {
  if (filter.city === undefined) return filter;
  const { rows } = await sql<{ city: string }>`
    select distinct city from unnest(${citySpellings(filter.city)}::text[]) spelling(city)
    where exists (select from properties p where p.tenant_id = ${trx.tenantId} and p.city = spelling.city)`.execute(
    trx.db,
  );
  return { ...filter, spellings: rows.map(({ city }) => city) };
}

/** A page of properties. Orders by price leave out what has none. */
export async function listProperties(
  trx: TenantTrx,
  filter: PropertyFilter,
  page: { sort: PropertySort; after: PropertyPlace | undefined; limit: number },
): Promise<PropertyRow[]> {
  const { sort, after } = page;
  const isRising = sort === 'list_price';
  const key =
    sort === '-bird_dog_score'
      ? sql`coalesce(bird_dog_score, -1)`
      : sort === '-updated_at'
        ? sql`updated_at`
        : sql`list_price_cents`;
  const type = sort === '-bird_dog_score' ? sql`float8` : sort === '-updated_at' ? sql`timestamptz` : sql`bigint`;
  let query = narrowed(trx, await narrowedPlace(trx, filter))
    .select(LIST_COLUMNS)
    .select(sortKeyOf(sort).as('sortKey'))
    .$if(sort.endsWith('list_price'), (q) => q.where('listPriceCents', 'is not', null));
  if (after !== undefined) {
    query = query.where(
      sql<boolean>`(${key}, id) ${sql.raw(isRising ? '>' : '<')} (${after.value}::text::${type}, ${after.id}::uuid)`,
    );
  }
  const direction = isRising ? 'asc' : 'desc';
  return query.orderBy(key, direction).orderBy('id', direction).limit(page.limit).execute();
}

/** Properties by id, each after the last of the batch before: a walk over all of them that a change cannot upset. */
export async function walkProperties(
  trx: TenantTrx,
  filter: PropertyFilter,
  batch: { afterId: string | undefined; limit: number },
): Promise<Omit<PropertyRow, 'sortKey'>[]> {
  return narrowed(trx, filter)
    .select(LIST_COLUMNS)
    .$if(batch.afterId !== undefined, (query) => query.where('id', '>', batch.afterId!))
    .orderBy('id')
    .limit(batch.limit)
    .execute();
}

/** The tenant's properties that the filter lets through. */
export function narrowed(trx: TenantTrx, filter: PropertyFilter & { spellings?: string[] }) {
  const spellings = filter.spellings ?? (filter.city === undefined ? [] : citySpellings(filter.city));
  return trx.db
    .selectFrom('properties')
    .where('tenantId', '=', trx.tenantId)
    .where((eb) =>
      eb.and([
        ...(filter.countyFips === undefined ? [] : [eb('countyFips', '=', filter.countyFips)]),
        ...(filter.status === undefined ? [] : [eb('status', '=', filter.status)]),
        ...(filter.propertyType === undefined ? [] : [eb('propertyType', '=', filter.propertyType)]),
        ...(filter.city === undefined
          ? []
          : [
              spellings.length === 1
                ? eb('city', '=', spellings[0]!)
                : eb('city', '=', sql<string>`any(${spellings}::text[])`),
            ]),
        ...(filter.state === undefined ? [] : [eb('state', '=', filter.state)]),
        ...(filter.zipCode === undefined ? [] : [eb('zipCode', '=', filter.zipCode)]),
        ...(filter.minPriceCents === undefined ? [] : [eb('listPriceCents', '>=', filter.minPriceCents)]),
        ...(filter.maxPriceCents === undefined ? [] : [eb('listPriceCents', '<=', filter.maxPriceCents)]),
        ...(filter.minSqft === undefined ? [] : [eb('sqft', '>=', filter.minSqft)]),
        ...(filter.maxSqft === undefined ? [] : [eb('sqft', '<=', filter.maxSqft)]),
        ...(filter.minScore === undefined ? [] : [eb(sql`coalesce(bird_dog_score, -1)`, '>=', filter.minScore)]),
        ...(filter.maxScore === undefined ? [] : [eb('birdDogScore', '<=', filter.maxScore)]),
        ...(filter.ids === undefined ? [] : [eb('id', '=', sql<string>`any(${[...filter.ids]}::uuid[])`)]),
      ]),
    );
}

/**
 * Where a page ended, from its cursor.
 * @throws ReosError `validation` when the values are not of the order's kind
 */
export function placeOf(sort: PropertySort, key: readonly unknown[] | undefined): PropertyPlace | undefined {
  if (key === undefined) return undefined;
  const [value, id] = key;
  const isValue =
    sort === '-updated_at'
      ? typeof value === 'string' && isTime(value)
      : typeof value === 'number' && (sort === '-bird_dog_score' || Number.isSafeInteger(value));
  if (isValue && typeof id === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    return { value: value as string | number, id };
  }
  throw new ReosError('validation', 'cursor: is no cursor of this list. Start again without it.', {
    details: { field: 'cursor' },
  });
}

/** Whether text is a time as Postgres writes it; the cursor was in the caller's hands. */
function isTime(text: string): boolean {
  if (!/^[12]\d{3}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-][01]\d(:[0-5]\d)?$/.test(text)) return false;
  const second = `${text.slice(0, 10)}T${text.slice(11, 19)}`;
  const time = new Date(`${second}Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(second);
}
