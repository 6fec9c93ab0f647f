import { sql } from 'kysely';
import type { Valuation } from '../../domain/valuation/valuation.ts';
import type { TenantTrx } from '../tenant.ts';
import { bigints, doubles, uuids } from './binary-arrays.ts';

/** Who values: a model, in service or in its shadow, and as of which day. */
export interface ValuedBy {
  modelId: string;
  isShadow: boolean;
  asOf: string;
}

/** A model's word on one property. */
export interface NewValuation {
  propertyId: string;
  valuation: Valuation;
}

const cents = (dollars: number): number => Math.max(1, Math.round(dollars * 100));

/**
 * Keeps the valuations of a model. Valuing again as of the same day replaces what changed, but never what was said before
 * a sale that is known by now: that is what the scoreboard counts.
 */
export async function saveValuations(trx: TenantTrx, by: ValuedBy, rows: readonly NewValuation[]): Promise<void> {
  if (rows.length === 0) return;
  const number = (of: (valuation: Valuation) => number) =>
    sql`${doubles(rows.map(({ valuation }) => of(valuation)))}::float8[]`;
  const money = (of: (valuation: Valuation) => number) =>
    sql`${bigints(rows.map(({ valuation }) => cents(of(valuation))))}::bigint[]`;
  await sql`
    insert into valuations (tenant_id, property_id, model_id, is_shadow, as_of, value_cents, low_50_cents, high_50_cents,
      low_80_cents, high_80_cents, low_90_cents, high_90_cents, confidence, raw_log)
    select ${trx.tenantId}::uuid, r.id, ${by.modelId}::uuid, ${by.isShadow}::boolean, ${by.asOf}::date, r.value, r.low_50,
      r.high_50, r.low_80, r.high_80, r.low_90, r.high_90, r.confidence, r.raw_log
    from unnest(
      ${uuids(rows.map(({ propertyId }) => propertyId))}::uuid[], ${money(({ value }) => value)},
      ${money(({ intervals }) => intervals[50].low)}, ${money(({ intervals }) => intervals[50].high)},
      ${money(({ intervals }) => intervals[80].low)}, ${money(({ intervals }) => intervals[80].high)},
      ${money(({ intervals }) => intervals[90].low)}, ${money(({ intervals }) => intervals[90].high)},
      ${number(({ confidence }) => Math.min(1, Math.max(0, confidence)))}, ${number(({ log }) => log)}
    ) r(id, value, low_50, high_50, low_80, high_80, low_90, high_90, confidence, raw_log)
    on conflict (tenant_id, property_id, model_id, as_of) do update set
      is_shadow = excluded.is_shadow, value_cents = excluded.value_cents,
      low_50_cents = excluded.low_50_cents, high_50_cents = excluded.high_50_cents,
      low_80_cents = excluded.low_80_cents, high_80_cents = excluded.high_80_cents,
      low_90_cents = excluded.low_90_cents, high_90_cents = excluded.high_90_cents,
      confidence = excluded.confidence, raw_log = excluded.raw_log, valued_at = now()
    where (valuations.raw_log, valuations.low_80_cents, valuations.high_80_cents)
        is distinct from (excluded.raw_log, excluded.low_80_cents, excluded.high_80_cents)
      and not exists (
        select from sales s
        where s.tenant_id = valuations.tenant_id and s.property_id = valuations.property_id
          and s.close_date >= valuations.as_of and s.created_at > valuations.valued_at)`.execute(trx.db);
}

/** Keeps the newest feature row of each property: what drift is measured on. NaN stands for missing. */
export async function saveFeatureRows(
  trx: TenantTrx,
  modelId: string,
  asOf: string,
  rows: ReadonlyArray<{ propertyId: string; values: ArrayLike<number> }>,
): Promise<void> {
  if (rows.length === 0) return;
  // Arrays of arrays of unlike length cannot be unnested: each row travels as the text of its array.
  const texts = rows.map(({ values }) => `{${Array.from(values, numberText).join(',')}}`);
  await sql`
    insert into feature_rows (tenant_id, property_id, model_id, as_of, values)
    select ${trx.tenantId}::uuid, r.property_id, ${modelId}::uuid, ${asOf}::date, r.row::float8[]
    from unnest(${rows.map(({ propertyId }) => propertyId)}::uuid[], ${texts}::text[]) r(property_id, row)
    on conflict (tenant_id, property_id, model_id) do update set
      as_of = excluded.as_of, values = excluded.values, computed_at = now()
    where feature_rows.values is distinct from excluded.values or feature_rows.as_of <> excluded.as_of`.execute(trx.db);
}

const numberText = (value: number): string => (Number.isFinite(value) ? String(value) : 'NaN');

/** The newest feature rows that a model's valuations were made from, newest first. */
export async function readFeatureRows(
  trx: TenantTrx,
  modelId: string,
  limit: number,
): Promise<Array<{ asOf: string; values: number[] }>> {
  return trx.db
    .selectFrom('featureRows')
    .select(['asOf', 'values'])
    .where('tenantId', '=', trx.tenantId)
    .where('modelId', '=', modelId)
    .orderBy('computedAt', 'desc')
    .orderBy('propertyId')
    .limit(limit)
    .execute();
}

/** Sales that closed after both models had valued the house: price and values in dollars, and whether the first model's 80% interval held. */
export async function outcomePairs(
  trx: TenantTrx,
  challengerId: string,
  championId: string,
): Promise<Array<{ price: number; challenger: number; champion: number; inside80: boolean }>> {
  const { rows } = await sql<{ price: number; challenger: number; champion: number; inside80: boolean }>`
    select a.close_price_cents / 100.0::float8 as price, a.value_cents / 100.0::float8 as challenger,
      b.value_cents / 100.0::float8 as champion,
      a.close_price_cents between a.low_80_cents and a.high_80_cents as inside80
    from valuation_outcomes a
    join valuation_outcomes b on b.tenant_id = a.tenant_id and b.property_id = a.property_id
      and b.close_date = a.close_date and b.close_price_cents = a.close_price_cents and b.model_id = ${championId}
    where a.tenant_id = ${trx.tenantId} and a.model_id = ${challengerId} and a.close_price_cents > 0
    order by a.close_date, a.property_id`.execute(trx.db);
  return rows;
}

/** A valuation held against the sale that followed it, in whole cents. */
export interface OutcomeRow {
  countyFips: string;
  modelId: string;
  version: string;
  market: string;
  isShadow: boolean;
  closeDate: string;
  priceCents: number;
  valueCents: number;
  low50Cents: number;
  high50Cents: number;
  low80Cents: number;
  high80Cents: number;
  low90Cents: number;
  high90Cents: number;
}

/** Every valuation with the sale that followed it, oldest sale first. */
export async function readOutcomes(
  trx: TenantTrx,
  filter: { countyFips?: string; modelId?: string; closedFrom?: string } = {},
): Promise<OutcomeRow[]> {
  const and = (condition: ReturnType<typeof sql> | undefined) =>
    condition === undefined ? sql`` : sql`and ${condition}`;
  const { countyFips, modelId, closedFrom } = filter;
  const { rows } = await sql<OutcomeRow>`
    select o.county_fips, o.model_id, m.version, m.market, o.is_shadow, o.close_date,
      o.close_price_cents as price_cents, o.value_cents, o.low_50_cents, o.high_50_cents, o.low_80_cents,
      o.high_80_cents, o.low_90_cents, o.high_90_cents
    from valuation_outcomes o
    join ml_models m on m.tenant_id = o.tenant_id and m.id = o.model_id
    where o.tenant_id = ${trx.tenantId} and o.close_price_cents > 0
      ${and(countyFips === undefined ? undefined : sql`o.county_fips = ${countyFips}`)}
      ${and(modelId === undefined ? undefined : sql`o.model_id = ${modelId}::uuid`)}
      ${and(closedFrom === undefined ? undefined : sql`o.close_date >= ${closedFrom}::date`)}
    order by o.close_date, o.property_id, o.model_id`.execute(trx.db);
  return rows;
}

/** How many valuations are kept, and of how many properties: what an empty scoreboard says it waits for. */
export async function countValuations(
  trx: TenantTrx,
  filter: { countyFips?: string } = {},
): Promise<{ valuations: number; properties: number }> {
  return trx.db
    .selectFrom('valuations as v')
    .innerJoin('properties as p', (join) =>
      join.onRef('p.tenantId', '=', 'v.tenantId').onRef('p.id', '=', 'v.propertyId'),
    )
    .select([
      sql<number>`count(*)::int`.as('valuations'),
      sql<number>`count(distinct v.property_id)::int`.as('properties'),
    ])
    .where('v.tenantId', '=', trx.tenantId)
    .$if(filter.countyFips !== undefined, (query) => query.where('p.countyFips', '=', filter.countyFips!))
    .executeTakeFirstOrThrow();
}
