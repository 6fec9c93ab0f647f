import { type RawBuilder, sql } from 'kysely';
import type { CandidateSale } from '../../domain/comparables/candidate.ts';
import { cellRunsAround, cellsOf } from '../../domain/comparables/cells.ts';
import {
  type CompareOptions,
  compareProperty,
  type PropertyComparables,
  valueFrom,
} from '../../domain/comparables/compare.ts';
import { monthsBefore } from '../../domain/comparables/dates.ts';
import { judgeSales } from '../../domain/comparables/judge-sales.ts';
import { type ComparableRules, limitStages, METRES_PER_MILE } from '../../domain/comparables/rules.ts';
import type { AskLikeness } from '../../domain/comparables/similarity.ts';
import { ReosError } from '../../domain/errors.ts';
import { distanceMeters, type GeoPoint } from '../../domain/geo.ts';
import type { ComparableSale, Property } from '../../domain/property.ts';
import { COMPARABLE_CONSTANTS as K } from '../../domain/scoring/comparable-constants.ts';
import { knownText } from '../known.ts';
import type { TenantTrx } from '../tenant.ts';

/** Sales that count and sales that do not, fetched at most per question, nearest first. */
const MAX_ELIGIBLE = 150;
const MAX_OTHERS = 40;
/** How much further than the limits near misses are looked for, where the circle itself holds fewer sales than `FEW`. */
const MISS_REACH = 2;
const MISS_MONTHS = 6;
const FEW = 40;
const MISSES_UP_TO_MILES = 2;
/** Cells asked for one by one: a circle of about 2 km. */
const MOST_CELLS = 150;
/** Sales that a model's likeness is asked for: with the house itself one row less than where LightGBM wakes other threads. */
const SHORT_LIST = 30;

type SaleRow = Omit<CandidateSale, 'distanceMetres'>;

/**
 * The sales a property may be compared with, and the value they give. Sales are looked up by cells around the house
 * under the limits of `rules`; as long as too few are found the circle grows with the widening steps. In a dense place
 * the 150 nearest that fit are looked at.
 * @param options `asOf` as YYYY-MM-DD; `likeness` a model's word on the short list; the rest as for `compareProperty`
 * @throws ReosError `not_found` for a property in `include` that is unknown or was never sold before `asOf`;
 *   `validation` as `compareProperty`
 */
export async function findComparables(
  trx: TenantTrx,
  subject: Property,
  rules: ComparableRules,
  options: Omit<CompareOptions, 'lastStage' | 'leafSimilarity'> & { asOf: string; likeness?: AskLikeness | null },
): Promise<PropertyComparables> {
  const { asOf } = options;
  const { latitude, longitude, sqft } = subject;
  const wanted = await salesOf(trx, subject, options.include ?? [], asOf);
  if (latitude === null || longitude === null || sqft === null) {
    const result = compareProperty(subject, wanted, asOf, rules, { ...options, lastStage: 0 });
    const missing = sqft === null ? 'living area' : 'place on the map';
    return { ...result, estimate: null, whyNot: `The ${missing} of the property is not known.` };
  }
  const stages = limitStages(rules, options.limits);
  const place = { latitude, longitude };
  for (const [at, { limits }] of stages.entries()) {
    const next = stages[at + 1]?.limits;
    // One question for all steps of one radius.
    if (next !== undefined && next.radiusMiles === limits.radiusMiles) continue;
    const question = {
      place,
      radiusMetres: limits.radiusMiles * METRES_PER_MILE,
      from: monthsBefore(asOf, limits.months),
      missesFrom: monthsBefore(asOf, limits.months + MISS_MONTHS),
      asOf,
      sqftFrom: sqft * (1 - limits.sqftTolerance) - 1,
      sqftTo: sqft * (1 + limits.sqftTolerance) + 1,
      kinds: kindsOf(subject, rules),
    };
    const compare = (near: CandidateSale[], more: CompareOptions = {}) =>
      compareProperty(subject, [...wanted, ...near], asOf, rules, { ...options, lastStage: at, ...more });
    // The model is asked about a short list alone: the rest is less alike by place, time and kind.
    const settle = async (near: CandidateSale[], plain: PropertyComparables) => {
      if (!options.likeness) return plain;
      const most = Math.max(options.maxChosen ?? rules.maxChosen, SHORT_LIST - rules.excludedShown);
      const { included, excluded } = compare(near, { maxChosen: most });
      const leafSimilarity = await options.likeness([...included, ...excluded].map(({ propertyId }) => propertyId));
      return leafSimilarity === null ? plain : compare(near, { leafSimilarity });
    };
    const near = await nearSales(trx, question);
    const all = [...wanted, ...near];
    const judged = judgeSales(subject, all, asOf, rules, { ...options, lastStage: at });
    if (judged.count < rules.minChosen && next !== undefined) continue;
    const result = valueFrom(subject, judged, asOf, rules, options);
    if (!result.isEnough && next !== undefined) continue;
    if (near.length >= FEW || limits.radiusMiles > MISSES_UP_TO_MILES) return settle(near, result);
    const further = await nearSales(trx, { ...question, radiusMetres: MISS_REACH * question.radiusMetres });
    return settle(further, compare(further));
  }
  throw new Error('unreachable: there is always a last stage');
}

interface NearQuestion {
  place: GeoPoint;
  radiusMetres: number;
  from: string;
  missesFrom: string;
  asOf: string;
  sqftFrom: number;
  sqftTo: number;
  /** Lower-case kinds that count; null when any does. */
  kinds: string[] | null;
}

/** The nearest sales that may count, and the nearest that do not, from one look at the cells around. */
async function nearSales(trx: TenantTrx, q: NearQuestion): Promise<CandidateSale[]> {
  const kind = q.kinds === null ? sql`true` : sql`(property_kind is null or property_kind = any(${q.kinds}::text[]))`;
  const { rows } = await sql<SaleRow>`
    with around as materialized (
      select tenant_id, property_id, close_date, close_price_cents, arms_length,
        ${flatDistance(q.place)} as apart,
        coalesce(arms_length and close_date >= ${q.from}::date and sqft between ${q.sqftFrom} and ${q.sqftTo} and ${kind}, false) as fits
      from ${salesAround(trx, q.place, q.radiusMetres, q.missesFrom, q.asOf)}
    ), near as (
      (select * from around where fits order by apart limit ${MAX_ELIGIBLE})
      union all
      (select * from around where not fits order by apart limit ${MAX_OTHERS})
    )
    ${selectFacts(sql`near`)}`.execute(trx.db);
  return rows.map((row) => withDistance(q.place, row));
}

/** Past sales of the named properties. @throws ReosError `not_found` for one that has none */
async function salesOf(
  trx: TenantTrx,
  subject: Property,
  propertyIds: readonly string[],
  asOf: string,
): Promise<CandidateSale[]> {
  if (propertyIds.length === 0) return [];
  const { rows } = await sql<SaleRow>`
    with named as (
      select * from sales
      where tenant_id = ${trx.tenantId} and property_id = any(${[...propertyIds]}::uuid[]) and close_date < ${asOf}::date
    )
    ${selectFacts(sql`named`)}`.execute(trx.db);
  const found = new Set(rows.map(({ propertyId }) => propertyId));
  const missing = propertyIds.find((id) => !found.has(id));
  if (missing !== undefined) {
    throw new ReosError(
      'not_found',
      `Property ${missing} cannot be included: the tenant knows no sale of it before ${asOf}.`,
    );
  }
  const { latitude, longitude } = subject;
  const place = latitude === null || longitude === null ? null : { latitude, longitude };
  return rows.map((row) => withDistance(place, row));
}

/**
 * The nearest arm's-length sales before the date and not older than `monthsBack`, at most `limit` and at most 25 km away,
 * the subject's own included: what scoring gives to `selectComparables`.
 */
export async function nearestSales(
  trx: TenantTrx,
  place: GeoPoint,
  asOf: string,
  { limit = K.candidates, monthsBack = 24 } = {},
): Promise<ComparableSale[]> {
  let found: ComparableSale[] = [];
  for (const radiusMetres of [2_000, 7_000, 25_000]) {
    const { rows } = await sql<SaleRow>`
      with near as materialized (
        select tenant_id, property_id, close_date, close_price_cents, arms_length
        from ${salesAround(trx, place, radiusMetres, monthsBefore(asOf, monthsBack), asOf)}
        where arms_length and sqft > 0
        order by ${flatDistance(place)} limit ${limit}
      )
      ${selectFacts(sql`near`)}`.execute(trx.db);
    found = rows.map((row) => withDistance(place, row) as ComparableSale);
    if (found.filter(({ distanceMetres }) => distanceMetres <= radiusMetres).length >= limit) break;
  }
  return found;
}

/** The sales of a common table expression with the facts of their houses. */
function selectFacts(from: RawBuilder<unknown>): RawBuilder<SaleRow> {
  return sql<SaleRow>`
    select p.id as property_id, ${knownText('p', 'address')} as address, p.apn, p.zip_code, p.latitude, p.longitude,
      s.close_date, s.close_price_cents, s.arms_length, case when not s.arms_length then (
        select r.arms_length_reason from sales r where r.tenant_id = s.tenant_id and r.property_id = s.property_id
          and r.close_date = s.close_date and r.close_price_cents = s.close_price_cents
      ) end as arms_length_reason, p.property_type, p.property_sub_type,
      p.sqft, p.bedrooms, p.bathrooms, p.year_built, p.lot_size_sqft, p.grade, p.condition
    from ${from} s
    join properties p on p.tenant_id = s.tenant_id and p.id = s.property_id`;
}

/**
 * The sales of the cells around a place, closed from `from` up to the day before `to`, as a table expression. Few cells are
 * asked for one by one: within a cell the index `sales_by_place`, which holds every column named here, begins at the first
 * day. Of many each row is one run along it, old sales included. OFFSET 0 keeps the planner from turning the loop round.
 */
function salesAround(trx: TenantTrx, place: GeoPoint, radiusMetres: number, from: string, to: string) {
  const runs = cellRunsAround(place, radiusMetres);
  const cells = runs.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const [around, within] =
    cells <= MOST_CELLS
      ? [sql`unnest(${cellsOf(runs)}::bigint[]) as run(cell)`, sql`cell = run.cell`]
      : [
          sql`unnest(${runs.map(({ first }) => first)}::bigint[], ${runs.map(({ last }) => last)}::bigint[]) as run(first, last)`,
          sql`cell between run.first and run.last`,
        ];
  return sql`${around} cross join lateral (
      select tenant_id, property_id, close_date, close_price_cents, arms_length, latitude, longitude, sqft, property_kind
      from sales
      where tenant_id = ${trx.tenantId} and ${within}
        and close_date >= ${from}::date and close_date < ${to}::date
      offset 0
    ) sale`;
}

/** Orders by distance: square of degrees, longitudes shrunk to the latitude. */
function flatDistance({ latitude, longitude }: GeoPoint): RawBuilder<number> {
  const shrink = Math.cos((latitude * Math.PI) / 180) ** 2;
  return sql<number>`(latitude - ${latitude}::float8) * (latitude - ${latitude}::float8)
    + (longitude - ${longitude}::float8) * (longitude - ${longitude}::float8) * ${shrink}::float8`;
}

function withDistance(place: GeoPoint | null, row: SaleRow): CandidateSale {
  const { latitude, longitude } = row;
  const isPlaced = place !== null && latitude !== null && longitude !== null;
  // The row is nobody else's: a copy of each would cost more than the distance.
  return Object.assign(row, { distanceMetres: isPlaced ? distanceMeters(place, { latitude, longitude }) : null });
}

/** The kinds that count for the search; the judgement itself looks at sub-type and type. */
function kindsOf(subject: Property, rules: ComparableRules): string[] | null {
  if (!rules.samePropertyType || subject.propertySubType === null) return null;
  return [subject.propertySubType, subject.propertyType].flatMap((kind) => kind?.toLowerCase().slice(0, 60) ?? []);
}
