import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import { priceOf, type SimilarityFacts } from '../../domain/similarity/dimensions.ts';
import { type SimilarHouse, searchSimilar } from '../../domain/similarity/search.ts';
import { indexSteps, type SimilarityIndex } from '../../domain/similarity/vector.ts';
import { knownText } from '../known.ts';
import type { TenantTrx } from '../tenant.ts';
import type { SimilarityMarkets } from './similarity-markets.ts';

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
] as const;

/** The houses of the counties, or those with these ids; what a simulator made up of one is not known of it. */
async function readHouses(
  trx: TenantTrx,
  wanted: { countyFips: readonly string[] } | { ids: readonly string[] },
): Promise<SimilarityRow[]> {
  const isMadeUp = sql`jsonb_path_exists(field_sources, '$.* ? (@.simulated == true)')`;
  const found = await trx.db
    .selectFrom('properties')
    .select([...COLUMNS])
    .select(knownText('properties', 'address').as('address'))
    .select(
      sql<string[]>`case when ${isMadeUp} then array(
        select f.key from jsonb_each(field_sources) f where f.value ->> 'simulated' = 'true') else '{}' end`.as(
        'madeUp',
      ),
    )
    .where('tenantId', '=', trx.tenantId)
    .$if('countyFips' in wanted, (query) =>
      query.where('countyFips', '=', sql<string>`any(${'countyFips' in wanted ? [...wanted.countyFips] : []}::text[])`),
    )
    .$if('ids' in wanted, (query) =>
      query.where('id', '=', sql<string>`any(${'ids' in wanted ? [...wanted.ids] : []}::uuid[])`),
    )
    .execute();
  return found.map(({ madeUp, ...row }) => {
    const known: Record<string, unknown> = { ...row };
    for (const field of madeUp) if (field in known) known[field] = null;
    return known as unknown as SimilarityRow;
  });
}

/**
 * Reads the houses of the counties into vectors standardised by those houses' own medians. Some seconds for 100,000
 * houses, in which others have their turn: keep the result where many questions are asked.
 * @param asOf YYYY-MM-DD, the day that ages are counted to
 */
export async function openSimilarityMarket(
  trx: TenantTrx,
  countyFips: readonly string[],
  asOf: string,
): Promise<SimilarityMarket> {
  const rows = await readHouses(trx, { countyFips });
  const steps = indexSteps(
    rows.map((facts) => ({ id: facts.id, facts })),
    asOf,
  );
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return { rows, index: step.value };
    await setImmediate();
  }
}

/**
 * "Like this one": the houses most similar to a property in 35 dimensions among those that pass the filters.
 * @param options `countyFips` where to look (default: the property's county); `market` one that was opened before;
 *   `markets` where opened ones are kept: what is shown is read anew then, and what is gone is left out
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
    markets?: SimilarityMarkets;
  },
): Promise<{ subject: SimilarityRow; compared: number; similar: SimilarProperty[] }> {
  const county = await countyOf(trx, propertyId);
  const wanted = options.countyFips ?? county;
  const counties = [...new Set([county, wanted])].sort();
  const { index, rows } =
    options.market ??
    (await options.markets?.open(trx, counties, options.asOf, propertyId)) ??
    (await openSimilarityMarket(trx, counties, options.asOf));
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
  const best = searchSimilar(index, subjectRow, { limit: options.limit, passes });
  const ids = best.map(({ id }) => id);
  const shown = options.markets === undefined ? rows : await readHouses(trx, { ids });
  const byId = new Map(shown.map((row) => [row.id, row]));
  const similar = best.flatMap((found) => {
    const property = byId.get(found.id);
    return property === undefined || !passesFilters(property, options.filters ?? {}) ? [] : [{ ...found, property }];
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
