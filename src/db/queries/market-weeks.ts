import { type RawBuilder, sql } from 'kysely';

/** Columns of mart.market_metrics that raw.mls_listings alone gives. */
export const LISTING_COLUMNS = [
  'median_sale_price',
  'median_list_price',
  'days_on_market',
  'homes_sold',
  'new_listings',
  'inventory_count',
  'list_to_sale_ratio',
  'price_per_sqft',
] as const;
/** Those of raw.offer_events; the change of the rate is set when the week before is there. */
export const OFFER_COLUMNS = [
  'offer_count',
  'offer_price_avg',
  'market_estimated_value_avg',
  'acceptance_rate',
] as const;
/** Those of raw.funnel_activity. */
export const FUNNEL_COLUMNS = [
  'lead_count',
  'accepted_offer_count',
  'close_count',
  'lead_to_offer_rate',
  'offer_to_close_rate',
] as const;

/**
 * Common table expressions that end in `figures`: the figures of each key in the temporary table `market_refresh`
 * (market, segment, week), from raw.*. Medians interpolate between the two in the middle. A row without a segment belongs
 * to `all` alone, and every row belongs to `all`; of the funnel, a row stated for `all` stands above the sum of segments.
 */
export function weekSources(tenantId: string): RawBuilder<unknown> {
  return sql`
    periods as (select distinct market, week from market_refresh),
    sold as (
      select p.market, p.week, s.segment, count(*) as homes_sold,
        percentile_cont(0.5) within group (order by l.sale_price) as median_sale_price,
        percentile_cont(0.5) within group (order by l.days_on_market) as days_on_market,
        percentile_cont(0.5) within group (order by l.sale_price / l.list_price) as list_to_sale_ratio,
        percentile_cont(0.5) within group (order by l.sale_price / l.living_area_sqft) as price_per_sqft
      from periods p join raw.mls_listings l on l.tenant_id = ${tenantId} and l.market = p.market
        and l.close_date >= p.week and l.close_date < p.week + 7
      cross join lateral (select l.segment union select 'all') s(segment)
      group by 1, 2, 3
    ), listed as (
      select p.market, p.week, s.segment, count(*) as new_listings,
        percentile_cont(0.5) within group (order by l.list_price) as median_list_price
      from periods p join raw.mls_listings l on l.tenant_id = ${tenantId} and l.market = p.market
        and l.list_date >= p.week and l.list_date < p.week + 7
      cross join lateral (select l.segment union select 'all') s(segment)
      group by 1, 2, 3
    ), newest as (
      select t.market, h.week from (select distinct market from market_refresh) t
      cross join lateral (${newestListing(tenantId)}) h
    ), for_sale as (
      select p.market, p.week, s.segment, count(*) as inventory_count
      from periods p join newest n on n.market = p.market and p.week <= n.week
      join raw.mls_listings l on l.tenant_id = ${tenantId} and l.market = p.market
        and l.list_date < p.week + 7 and (l.close_date is null or l.close_date >= p.week + 7)
      cross join lateral (select l.segment union select 'all') s(segment)
      group by 1, 2, 3
    ), offers_of_segments as (
      select p.market, p.week, o.segment, count(*) as offers, sum(o.offer_price) as price,
        sum(o.market_estimated_value) as value, count(o.market_estimated_value) as valued,
        count(o.seller_accepted_offer) as answered, count(*) filter (where o.seller_accepted_offer) as accepted
      from periods p join raw.offer_events o on o.tenant_id = ${tenantId} and o.market = p.market
        and o.offered_at >= p.week::timestamp at time zone 'UTC'
        and o.offered_at < (p.week + 7)::timestamp at time zone 'UTC'
      group by 1, 2, 3
    ), offers as (
      select o.market, o.week, s.segment, sum(o.offers) as offers, sum(o.price) / sum(o.offers) as offer_price_avg,
        sum(o.value) / nullif(sum(o.valued), 0) as market_estimated_value_avg,
        sum(o.accepted)::float8 / nullif(sum(o.answered), 0)::float8 as acceptance_rate
      from offers_of_segments o cross join lateral (select o.segment union select 'all') s(segment)
      group by 1, 2, 3
    ), funnel_rows as (
      select p.market, p.week, f.segment, sum(f.lead_count) as leads, sum(f.offer_count) as offers,
        sum(f.accepted_offer_count) as accepted, sum(f.close_count) as closed
      from periods p join raw.funnel_activity f on f.tenant_id = ${tenantId} and f.market = p.market
        and f.week >= p.week and f.week < p.week + 7
      group by 1, 2, 3
    ), funnel as (
      select * from funnel_rows
      union all
      select market, week, 'all', sum(leads), sum(offers), sum(accepted), sum(closed) from funnel_rows f
      where not exists (
        select from funnel_rows w where w.market = f.market and w.week = f.week and w.segment = 'all')
      group by 1, 2
    ), figures as (
      select k.market, k.segment, k.week,
        sold.median_sale_price, listed.median_list_price, sold.days_on_market, coalesce(sold.homes_sold, z.zero) as homes_sold,
        coalesce(listed.new_listings, z.zero) as new_listings, coalesce(for_sale.inventory_count, z.zero_for_sale) as inventory_count,
        sold.list_to_sale_ratio, sold.price_per_sqft,
        coalesce(offers.offers, funnel.offers) as offer_count, offers.offers, offers.offer_price_avg,
        offers.market_estimated_value_avg, offers.acceptance_rate,
        funnel.leads as lead_count, funnel.accepted as accepted_offer_count, funnel.closed as close_count,
        funnel.offers::float8 / nullif(funnel.leads, 0)::float8 as lead_to_offer_rate,
        funnel.closed::float8 / nullif(funnel.offers, 0)::float8 as offer_to_close_rate,
        funnel.market is not null as has_funnel
      from market_refresh k
      left join sold using (market, segment, week)
      left join listed using (market, segment, week)
      left join for_sale using (market, segment, week)
      left join offers using (market, segment, week)
      left join funnel using (market, segment, week)
      left join newest n on n.market = k.market
      cross join lateral (
        select case when coalesce(sold.homes_sold, listed.new_listings, for_sale.inventory_count) is not null then 0 end as zero,
          case when coalesce(sold.homes_sold, listed.new_listings) is not null and k.week <= n.week then 0 end as zero_for_sale
      ) z
    )`;
}

/** The week of the newest listing or close of the market `t.market` that is not in the future; null without one. */
export function newestListing(tenantId: string): RawBuilder<unknown> {
  return sql`
    select date_trunc('week', greatest(
      (select max(list_date) from raw.mls_listings
       where tenant_id = ${tenantId} and market = t.market and list_date <= current_date),
      (select max(close_date) from raw.mls_listings
       where tenant_id = ${tenantId} and market = t.market and close_date <= current_date)
    )::timestamp)::date as week`;
}
