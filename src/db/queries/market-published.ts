import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/** The figures of the mart that publishers bring. */
const PUBLISHED = [
  'median_sale_price',
  'median_list_price',
  'days_on_market',
  'homes_sold',
  'new_listings',
  'inventory_count',
  'list_to_sale_ratio',
  'price_per_sqft',
  'home_value_index',
  'rent_index',
] as const;

/** Zillow's figures of single-family homes, where they stand for all homes. */
const SINGLE_FAMILY = 'zillow_sfr';

/**
 * Who is believed, best first. Publishers of one family measure the same in the same unit, so they fill each other's gaps;
 * of different families (an index of 100 and a home value in dollars) one alone makes the whole series.
 */
const PUBLISHERS = [
  { publisher: 'redfin', family: 1, rank: 1 },
  { publisher: 'redfin_rounded', family: 1, rank: 2 },
  { publisher: 'redfin_adjusted', family: 2, rank: 1 },
  { publisher: 'zillow', family: 3, rank: 1 },
  { publisher: 'zillow_smoothed_adjusted', family: 4, rank: 1 },
  { publisher: 'zillow_smoothed', family: 5, rank: 1 },
  { publisher: 'zillow_adjusted', family: 6, rank: 1 },
  { publisher: 'zillow_raw', family: 7, rank: 1 },
  { publisher: 'zillow_mean', family: 8, rank: 1 },
  { publisher: 'fhfa', family: 20, rank: 1 },
  { publisher: 'fhfa_purchase_only', family: 21, rank: 1 },
  { publisher: 'fhfa_expanded_data', family: 22, rank: 1 },
  { publisher: 'case_shiller', family: 23, rank: 1 },
  { publisher: 'case_shiller_adjusted', family: 24, rank: 1 },
  { publisher: SINGLE_FAMILY, family: 99_999, rank: 1 },
] as const;

/**
 * Brings what publishers say of markets into `mart.market_metrics`, for every market, segment and grain that the load
 * touched. Rows that would stay as they are are not written; a figure that own listings give is kept. Windows of three
 * months that are no calendar quarter stay in `raw.published_metrics`.
 * @param loadId the load whose markets are computed again; null for all
 * @returns how many rows of the mart were written
 */
export async function refreshPublishedMetrics(trx: TenantTrx, loadId: string | null): Promise<number> {
  const columns = sql.join(PUBLISHED.map((column) => sql.id(column)));
  const pivot = sql.join(
    PUBLISHED.map((column) => {
      const of = (rank: number) =>
        sql`max(value) filter (where metric = ${sql.lit(column)} and rank = ${sql.lit(rank)} and k.family = b.family)`;
      return sql`coalesce(${of(1)}, ${of(2)}) as ${sql.id(column)}`;
    }),
  );
  const isOwn = sql`'raw.mls_listings' = any(t.sources)`;
  // Own listings never give an index, so a published one is always taken.
  const chosen = (column: string) =>
    column.endsWith('_index')
      ? sql`excluded.${sql.id(column)}`
      : sql`case when ${isOwn} then coalesce(t.${sql.id(column)}, excluded.${sql.id(column)}) else excluded.${sql.id(column)} end`;
  const sources = sql`(select coalesce(array_agg(x order by x), '{}') from (
    select unnest(t.sources) as x except select unnest(${PUBLISHERS.map(({ publisher }) => publisher)}::text[])
    union select unnest(excluded.sources)) u)`;
  const touched =
    loadId === null
      ? sql`select distinct market, segment, grain from raw.published_metrics`
      : sql`select distinct market, segment, grain from raw.published_metrics where load_id = ${loadId}`;
  const { numAffectedRows } = await sql`
    with touched as materialized (
      ${touched} union select market, 'all', grain from (${touched}) s where segment = 'sfr'
    ),
    said as (
      select market, segment, grain, period, metric, value, publisher
      from raw.published_metrics p join touched using (market, segment, grain)
      union all
      -- Single-family homes are most homes: where nobody speaks of all of them, they stand for all, and the source says so.
      select market, 'all', grain, period, metric, value, ${SINGLE_FAMILY}
      from raw.published_metrics p join touched t using (market, grain)
      where p.segment = 'sfr' and t.segment = 'all' and p.publisher = 'zillow'
    ),
    known as materialized (
      select p.*, coalesce(b.rank, 1) as rank,
        coalesce(lpad(b.family::text, 5, '0'), '09999' || p.publisher) as family
      from said p
      left join jsonb_to_recordset(${JSON.stringify(PUBLISHERS)}::jsonb) as b(publisher text, family int, rank int) using (publisher)
      where p.metric = any(${[...PUBLISHED]}::text[])
        and (p.grain <> 'quarter' or extract(month from p.period) in (1, 4, 7, 10))
        and (p.grain <> 'week' or extract(isodow from p.period) = 1)
    ),
    best as materialized (
      select market, segment, grain, metric, min(family collate "C") as family from known group by 1, 2, 3, 4
    ),
    written as (
      select market, segment, grain, period as week, ${pivot},
        coalesce(array_agg(distinct publisher order by publisher) filter (where k.family = b.family), '{}') as sources
      from known k join best b using (market, segment, grain, metric) group by market, segment, grain, period
    )
    insert into mart.market_metrics as t (tenant_id, market, segment, grain, week, ${columns}, sources)
    select ${trx.tenantId}::uuid, w.market, w.segment, w.grain, w.week, ${columns}, w.sources from written w
    -- A period that the chosen publishers do not have is written only to take away what another one said there before.
    where w.sources <> '{}' or exists (
      select from mart.market_metrics m where m.tenant_id = ${trx.tenantId}::uuid
        and (m.market, m.segment, m.grain, m.week) = (w.market, w.segment, w.grain, w.week))
    on conflict (tenant_id, market, segment, grain, week) do update set
      ${sql.join(PUBLISHED.map((column) => sql`${sql.id(column)} = ${chosen(column)}`))},
      sources = ${sources}, refreshed_at = now()
    where (${sql.join(PUBLISHED.map((column) => sql`t.${sql.id(column)}`))})
      is distinct from (${sql.join(PUBLISHED.map(chosen))}) or t.sources is distinct from ${sources}`.execute(trx.db);
  return Number(numAffectedRows ?? 0);
}
