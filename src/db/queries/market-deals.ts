import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import { holdRefresh } from './market-refresh.ts';

/** Share of the price that selling a home costs: the same as `selling_cost_share` in config/scoring.yaml. */
export const SELLING_COST_SHARE = 0.07;

const HOMES_LOOKED_AT = 20_000;

/**
 * Computes the homes of mart.deal_pl anew whose raw rows have changed: price, renovation and holding from
 * raw.inventory_status, the resale from raw.resales, the worth of what is not sold from the newest of raw.avm_values.
 * Net margin, dollars: worth − purchase − renovation − holding − 7% of the worth for the sale; costs that no feed has told
 * yet count as none. Unknown without a worth or a purchase price.
 * @returns homes computed, and marks worked off
 */
export async function refreshDeals(trx: TenantTrx, limit = 2_000): Promise<{ marks: number; homes: number }> {
  if (!(await holdRefresh(trx))) return { marks: 0, homes: 0 };
  const { tenantId } = trx;
  const { rows: taken } = await sql<{ homeRef: string; marks: number }>`
    with oldest as materialized (
      select id, home_ref from mart.stale_homes where tenant_id = ${tenantId} order by id limit ${HOMES_LOOKED_AT}
    ), homes as materialized (
      select home_ref, count(*) as marks from oldest group by 1 order by min(id) limit ${limit}
    ), taken as (
      delete from mart.stale_homes s using oldest o join homes h using (home_ref)
      where s.tenant_id = ${tenantId} and s.id = o.id
    )
    select home_ref, marks from homes`.execute(trx.db);
  if (taken.length === 0) return { marks: 0, homes: 0 };
  const refs = taken.map(({ homeRef }) => homeRef);
  const { rows } = await sql<{ count: number }>`
    with homes as materialized (select unnest(${refs}::text[]) as home_ref), figures as (
      select h.home_ref, coalesce(r.market, i.market) as market, coalesce(r.segment, i.segment) as segment,
        case when r.home_ref is not null then 'sold' when i.acquisition_date is not null then 'held' else 'prospect' end as status,
        i.acquisition_date, r.close_date, coalesce(r.resale_price, v.estimated_value) as arv, i.acquisition_price,
        i.reno_condition, i.reno_cost_actual as reno_cost, i.estimated_hold_cost as hold_cost, r.resale_margin_actual,
        coalesce(case when r.close_date >= i.acquisition_date then (r.close_date - i.acquisition_date)::float8 end,
          i.days_held, case when i.as_of >= i.acquisition_date then (i.as_of - i.acquisition_date)::float8 end) as days_held,
        r.days_to_sell, i.living_area_sqft, case when r.home_ref is null then v.confidence end as valuation_confidence
      from homes h
      left join raw.inventory_status i on i.tenant_id = ${tenantId} and i.home_ref = h.home_ref
      left join raw.resales r on r.tenant_id = ${tenantId} and r.home_ref = h.home_ref
      left join lateral (
        select estimated_value, confidence from raw.avm_values
        where tenant_id = ${tenantId} and property_ref = h.home_ref order by valued_at desc limit 1
      ) v on true
      where i.home_ref is not null or r.home_ref is not null
    ), gone as (
      delete from mart.deal_pl d using homes h where d.tenant_id = ${tenantId} and d.home_ref = h.home_ref
        and not exists (select from figures f where f.home_ref = h.home_ref)
    ), written as (
      insert into mart.deal_pl as d (tenant_id, home_ref, market, segment, status, acquisition_date, close_date, arv,
        acquisition_price, reno_condition, reno_cost, hold_cost, net_margin, resale_margin_actual, days_held, days_to_sell,
        living_area_sqft, valuation_confidence)
      select ${tenantId}::uuid, home_ref, market, segment, status, acquisition_date, close_date, arv, acquisition_price,
        reno_condition, reno_cost, hold_cost,
        arv - acquisition_price - coalesce(reno_cost, 0) - coalesce(hold_cost, 0) - arv * ${SELLING_COST_SHARE}::float8,
        resale_margin_actual, days_held, days_to_sell, living_area_sqft, valuation_confidence
      from figures order by home_ref
      on conflict (tenant_id, home_ref) do update set market = excluded.market, segment = excluded.segment,
        status = excluded.status, acquisition_date = excluded.acquisition_date, close_date = excluded.close_date,
        arv = excluded.arv, acquisition_price = excluded.acquisition_price, reno_condition = excluded.reno_condition,
        reno_cost = excluded.reno_cost, hold_cost = excluded.hold_cost, net_margin = excluded.net_margin,
        resale_margin_actual = excluded.resale_margin_actual, days_held = excluded.days_held,
        days_to_sell = excluded.days_to_sell, living_area_sqft = excluded.living_area_sqft,
        valuation_confidence = excluded.valuation_confidence, refreshed_at = now()
      returning 1
    ) select count(*) as count from written`.execute(trx.db);
  return { marks: taken.reduce((sum, { marks }) => sum + marks, 0), homes: rows[0]?.count ?? 0 };
}
