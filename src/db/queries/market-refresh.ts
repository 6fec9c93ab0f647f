import { type RawBuilder, sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import { texts } from './binary-arrays.ts';
import { FUNNEL_COLUMNS, LISTING_COLUMNS, newestListing, OFFER_COLUMNS, weekSources } from './market-weeks.ts';

/** What one round of a refresh did. */
export interface RefreshedWeeks {
  /** Marks that it worked off. */
  marks: number;
  /** Rows of the mart that it computed: those of the marks, of the whole market, and of weeks that follow. */
  weeks: number;
}

const MARKS_LOOKED_AT = 50_000;

/**
 * Computes the weeks of mart.market_metrics anew that are marked as stale, from raw.* alone: the same rows give the same
 * mart, in whatever order and however often they came. One refresh at a time per tenant; a second one finds nothing to do.
 * A mark that is committed while this runs stays for the next round, so no change is lost.
 * @param limit weeks (market, segment, week) at most
 */
export async function refreshWeeks(trx: TenantTrx, limit = 500): Promise<RefreshedWeeks> {
  if (!(await holdRefresh(trx))) return { marks: 0, weeks: 0 };
  const keys = await takeMarks(trx, limit);
  if (keys.length === 0) return { marks: 0, weeks: 0 };
  const all = [...keys, ...(await carryOn(trx, keys))];
  const list = keyList(all);
  const { rows } = await compute(trx, list);
  await compareWithWeekBefore(trx, list);
  return { marks: keys.reduce((sum, { marks }) => sum + marks, 0), weeks: rows[0]?.count ?? 0 };
}

interface Key {
  market: string;
  segment: string;
  week: string;
}

/**
 * Takes the oldest marks off, with every other mark of the same weeks. A statement of its own: what follows sees the raw
 * rows of each of them.
 */
async function takeMarks(trx: TenantTrx, limit: number): Promise<Array<Key & { marks: number }>> {
  const { tenantId } = trx;
  const { rows } = await sql<Key & { marks: number }>`
    with oldest as materialized (
      select id, market, segment, week from mart.stale_weeks where tenant_id = ${tenantId} order by id limit ${MARKS_LOOKED_AT}
    ), keys as materialized (
      select market, segment, week, count(*) as marks from oldest group by 1, 2, 3 order by min(id) limit ${limit}
    ), taken as (
      delete from mart.stale_weeks s using oldest o join keys k using (market, segment, week)
      where s.tenant_id = ${tenantId} and s.id = o.id
    )
    select market, segment, week, sum(marks)::bigint as marks from (
      select market, segment, week, marks from keys union all select distinct market, 'all', week, 0 from keys
    ) k group by 1, 2, 3`.execute(trx.db);
  return rows;
}

/** The keys as a common table expression. */
function keyList(keys: readonly Key[]): RawBuilder<unknown> {
  return sql`market_refresh as materialized (
    select unnest(${texts(keys.map(({ market }) => market))}::text[]) as market,
      unnest(${texts(keys.map(({ segment }) => segment))}::text[]) as segment,
      unnest(${texts(keys.map(({ week }) => week))}::text[])::date as week)`;
}

/** Whether this transaction alone refreshes the tenant. */
export async function holdRefresh(trx: TenantTrx): Promise<boolean> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${`market-refresh:${trx.tenantId}`}, 0)) as mine`.execute(trx.db);
  return rows[0]?.mine === true;
}

/** Weeks in which nothing of a segment happened, between its last one and the newest of its market: homes are for sale still. */
async function carryOn(trx: TenantTrx, keys: readonly Key[]): Promise<Key[]> {
  const { rows } = await sql<Key>`
    with ${keyList(keys)}
    select s.market, s.segment, w::date as week
    from (select distinct market from market_refresh) t
    cross join lateral (${newestListing(trx.tenantId)}) h
    cross join lateral (
      select m.market, m.segment, max(m.week) as last from mart.market_metrics m
      where m.tenant_id = ${trx.tenantId} and m.market = t.market and m.grain = 'week' and m.inventory_count > 0
      group by 1, 2
    ) s
    cross join generate_series(s.last::timestamp + interval '7 days', h.week::timestamp, interval '7 days') w
    except select market, segment, week from market_refresh`.execute(trx.db);
  return rows;
}

/** Writes the rows of the keys; one that no raw row speaks of goes, unless it came from somewhere else. */
async function compute(trx: TenantTrx, keys: RawBuilder<unknown>) {
  const own = [
    { source: 'raw.mls_listings', columns: LISTING_COLUMNS },
    { source: 'raw.offer_events', columns: OFFER_COLUMNS },
    { source: 'raw.funnel_activity', columns: FUNNEL_COLUMNS },
  ];
  const columns = own.flatMap((one) => one.columns);
  // A figure that somebody publishes stays where the own feeds say nothing, and never did.
  const said = (source: string) => `'${source}' = any(excluded.sources) or '${source}' = any(m.sources)`;
  const sets = own.flatMap(({ source, columns: names }) =>
    names.map((name) => {
      // Offers are counted by the funnel where no events came.
      const isSaid = name === 'offer_count' ? `${said(source)} or ${said('raw.funnel_activity')}` : said(source);
      return `${name} = case when ${isSaid} then excluded.${name} else m.${name} end`;
    }),
  );
  const ownSources = `array[${own.map(({ source }) => `'${source}'`).join(', ')}]`;
  return sql<{ count: number }>`
    with ${keys}, ${weekSources(trx.tenantId)}, written as (
      insert into mart.market_metrics as m (tenant_id, market, segment, grain, week, ${sql.raw(columns.join(', '))}, sources)
      select ${trx.tenantId}::uuid, market, segment, 'week', week, ${sql.raw(columns.join(', '))},
        array_remove(array[
          case when has_funnel then 'raw.funnel_activity' end,
          case when new_listings > 0 or homes_sold > 0 or inventory_count > 0 then 'raw.mls_listings' end,
          case when offers > 0 then 'raw.offer_events' end
        ], null)
      from figures order by market, segment, week
      on conflict (tenant_id, market, segment, grain, week) do update set ${sql.raw(sets.join(', '))},
        sources = array(
          select distinct s from unnest(m.sources || excluded.sources) s
          where s <> all(${sql.raw(ownSources)}) or s = any(excluded.sources) order by s),
        refreshed_at = now()
      returning 1
    ) select count(*) as count from written`.execute(trx.db);
}

/** The change of the acceptance rate, of the keys and the weeks after them; rows that speak of nothing go. */
async function compareWithWeekBefore(trx: TenantTrx, keys: RawBuilder<unknown>): Promise<void> {
  const { tenantId } = trx;
  await sql`
    with ${keys} delete from mart.market_metrics m using market_refresh k
    where m.tenant_id = ${tenantId} and m.market = k.market and m.segment = k.segment and m.grain = 'week'
      and m.week = k.week and m.sources = '{}'`.execute(trx.db);
  await sql`
    with ${keys} update mart.market_metrics m set acceptance_rate_change = c.change
    from (
      select n.market, n.segment, n.week, n.acceptance_rate - p.acceptance_rate as change
      from (select market, segment, week from market_refresh union select market, segment, week + 7 from market_refresh) k
      join mart.market_metrics n on n.tenant_id = ${tenantId} and n.market = k.market and n.segment = k.segment
        and n.grain = 'week' and n.week = k.week
      left join mart.market_metrics p on p.tenant_id = ${tenantId} and p.market = k.market and p.segment = k.segment
        and p.grain = 'week' and p.week = k.week - 7
    ) c
    where m.tenant_id = ${tenantId} and m.market = c.market and m.segment = c.segment and m.grain = 'week'
      and m.week = c.week and m.acceptance_rate_change is distinct from c.change`.execute(trx.db);
}
