import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import { priceOf, type SimilarityFacts } from '../../domain/similarity/dimensions.ts';
import { type SimilarHouse, searchSimilar } from '../../domain/similarity/search.ts';
import { buildIndex, type SimilarityIndex } from '../../domain/similarity/vector.ts';
import { knownText } from '../known.ts';
import type { TenantTrx } from '../tenant.ts';

/** What a recommended house must fulfil. Prices are those of `priceOf`; a house without the fact does not fulfil it. */
export interface SimilarityFilters {
  minPriceCents?: number;
  maxPriceCents?: number;
  minSqft?: number;
  maxSqft?: number;
  minBedrooms?: number;
  minScore?: number;
  /** RESO PropertySubType or PropertyType, any case. */
  propertyType?: string;
  status?: string;
  /** Only houses with an asking price. */
  isForSale?: boolean;
}

/** A house as similarity knows it. */
export interface SimilarityRow extends SimilarityFacts {
  id: string;
  countyFips: string;
  status: string;
  address: string | null;
  apn: string | null;
  city: string | null;
  zipCode: string | null;
  birdDogScore: number | null;
}

/** The houses of a county as vectors, to be searched as often as wanted. */
export interface SimilarityMarket {
  index: SimilarityIndex;
  rows: readonly SimilarityRow[];
}

/** A house like the one asked about, with what it is. */
export type SimilarProperty = SimilarHouse & { property: SimilarityRow };

const COLUMNS = [
  'id',
  'countyFips',
  'status',
  'apn',
  'city',
  'zipCode',
  'birdDogScore',
  'latitude',
  'longitude',
  'propertyType',
  'propertySubType',
  'bedrooms',
  'bathrooms',
  'sqft',
  'lotSizeSqft',
  'yearBuilt',
  'yearRenovated',
  'stories',
  'condition',
  'grade',
  'waterfront',
  'listPriceCents',
  'lastSalePriceCents',
  'lastSaleDate',
  'assessedValueCents',
  'estimatedValueCents',
  'taxAnnualCents',
  'floodRisk',
  'population',
  'medianIncomeCents',
  'medianHomeValueCents',
  'medianRentCents',
  'ownerOccupiedShare',
] as const;

/**
 * Reads the houses of the counties into vectors standardised by those houses' own medians. Some seconds for 100,000
 * houses: keep the result where many questions are asked.
 * @param asOf YYYY-MM-DD, the day that ages are counted to
 */
export async function openSimilarityMarket(
  trx: TenantTrx,
  countyFips: readonly string[],
  asOf: string,
): Promise<SimilarityMarket> {
  const found = await trx.db
    .selectFrom('properties')
    .select([...COLUMNS])
    .select(knownText('properties', 'address').as('address'))
    .where('tenantId', '=', trx.tenantId)
    .where('countyFips', '=', sql<string>`any(${[...countyFips]}::text[])`)
    .execute();
  const rows = found as unknown as SimilarityRow[];
  return {
    rows,
    index: buildIndex(
      rows.map((facts) => ({ id: facts.id, facts })),
      asOf,
    ),
  };
}

/**
 * "Like this one": the houses most similar to a property in 35 dimensions among those that pass the filters.
 * @param options `countyFips` where to look (default: the property's county); `market` one that was opened before
 * @throws ReosError `not_found` for a property the tenant does not have
 */
export async function recommendSimilar(
  trx: TenantTrx,
  propertyId: string,
  options: {
    asOf: string;
    limit: number;
    filters?: SimilarityFilters;
    countyFips?: string;
    market?: SimilarityMarket;
  },
): Promise<{ subject: SimilarityRow; compared: number; similar: SimilarProperty[] }> {
  const county = await countyOf(trx, propertyId);
  const wanted = options.countyFips ?? county;
  const market = options.market ?? (await openSimilarityMarket(trx, [...new Set([county, wanted])], options.asOf));
  const { index, rows } = market;
  const subjectRow = index.rowOf.get(propertyId);
  const subject = subjectRow === undefined ? undefined : rows[subjectRow];
  if (subjectRow === undefined || subject === undefined) {
    throw new ReosError('conflict', `Property ${propertyId} is not in the market that was opened. Open it again.`);
  }
  let compared = 0;
  const passes = (row: number) => {
    const house = rows[row];
    const isWanted = house !== undefined && house.countyFips === wanted && passesFilters(house, options.filters ?? {});
    if (isWanted) compared += 1;
    return isWanted;
  };
  const similar = searchSimilar(index, subjectRow, { limit: options.limit, passes }).flatMap((found) => {
    const property = rows[index.rowOf.get(found.id) ?? -1];
    return property === undefined ? [] : [{ ...found, property }];
  });
  return { subject, compared, similar };
}

async function countyOf(trx: TenantTrx, propertyId: string): Promise<string> {
  const row = await trx.db
    .selectFrom('properties')
    .select('countyFips')
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', propertyId)
    .executeTakeFirst();
  if (row === undefined) throw new ReosError('not_found', `The tenant has no property ${propertyId}.`);
  return row.countyFips;
}

/** True when the house fulfils every filter that is set. */
export function passesFilters(house: SimilarityRow, filters: SimilarityFilters): boolean {
  const kind = filters.propertyType?.toLowerCase();
  return (
    isWithin(priceOf(house), filters.minPriceCents, filters.maxPriceCents) &&
    isWithin(house.sqft, filters.minSqft, filters.maxSqft) &&
    isWithin(house.bedrooms, filters.minBedrooms, undefined) &&
    isWithin(house.birdDogScore, filters.minScore, undefined) &&
    (kind === undefined ||
      house.propertySubType?.toLowerCase() === kind ||
      house.propertyType?.toLowerCase() === kind) &&
    (filters.status === undefined || house.status === filters.status) &&
    (filters.isForSale !== true || house.listPriceCents !== null)
  );
}

function isWithin(value: number | null, min: number | undefined, max: number | undefined): boolean {
  if (min === undefined && max === undefined) return true;
  return value !== null && value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY);
}
