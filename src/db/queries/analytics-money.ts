import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/** What a resource cost in one month (UTC). Micros of a US dollar. */
export interface MonthCost {
  month: string;
  resource: string;
  kind: string;
  calls: number;
  costMicros: number;
}

/** Costs of the last so many months, this one included, newest first. */
export async function readCosts(trx: TenantTrx, months: number): Promise<MonthCost[]> {
  const { rows } = await sql<MonthCost>`
    select to_char(at at time zone 'UTC', 'YYYY-MM') as month, resource, kind, count(*)::int as calls,
      sum(cost_micros)::bigint as cost_micros
    from cost_ledger
    where tenant_id = ${trx.tenantId}
      and at >= date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' - make_interval(months => ${months - 1})
    group by 1, 2, 3 order by 1 desc, 2, 3`.execute(trx.db);
  return rows;
}

/** What a resource cost on one day (UTC). Micros of a US dollar. */
export interface DayCost {
  day: string;
  resource: string;
  calls: number;
  costMicros: number;
  /** Calls that a simulator answered. */
  simulated: number;
}

/** Costs of the last so many days, today included, oldest first; days without any are left out. */
export async function readDailyCosts(trx: TenantTrx, days: number): Promise<DayCost[]> {
  const { rows } = await sql<DayCost>`
    select to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day, resource, count(*)::int as calls,
      sum(cost_micros)::bigint as cost_micros, count(*) filter (where simulated)::int as simulated
    from cost_ledger
    where tenant_id = ${trx.tenantId}
      and at >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' - make_interval(days => ${days - 1})
    group by 1, 2 order by 1, 2`.execute(trx.db);
  return rows;
}

/** Arm's-length sales of a place in one month, and the list prices of homes listed in it. Cents; null without one. */
export interface MarketMonth {
  month: string;
  location: string;
  sales: number;
  medianSaleCents: number | null;
  listings: number;
  medianListCents: number | null;
}

/** Medians by month and place: by ZIP code when the location is one, else by city in any case; null for every city. */
export async function readMarketTrends(
  trx: TenantTrx,
  filter: { location: string | null; months: number },
): Promise<MarketMonth[]> {
  const { location, months } = filter;
  const isZip = location !== null && /^\d{5}$/.test(location);
  const place = isZip ? sql`p.zip_code` : sql`p.city`;
  const fitting = location === null ? sql`${place} is not null` : sql`lower(${place}) = lower(${location})`;
  const since = sql`(date_trunc('month', now()) - make_interval(months => ${months - 1}))::date`;
  const { rows } = await sql<MarketMonth>`
    with seen as (
      select s.close_date as day, ${place} as place, s.close_price_cents as sale, null::bigint as list
      from sales s join properties p on p.tenant_id = s.tenant_id and p.id = s.property_id
      where s.tenant_id = ${trx.tenantId} and s.arms_length and s.close_date >= ${since} and ${fitting}
      union all
      select p.list_date, ${place}, null, p.list_price_cents from properties p
      where p.tenant_id = ${trx.tenantId} and p.list_date >= ${since} and p.list_price_cents is not null and ${fitting}
    )
    select to_char(day, 'YYYY-MM') as month, min(place) as location, count(sale)::int as sales,
      round(percentile_cont(0.5) within group (order by sale))::bigint as median_sale_cents,
      count(list)::int as listings, round(percentile_cont(0.5) within group (order by list))::bigint as median_list_cents
    from seen group by 1, lower(place) order by 1, 2 limit 2000`.execute(trx.db);
  return rows;
}
