import { sql } from 'kysely';
import type { SystemTrx, TenantTrx } from '../tenant.ts';

/** Active tenants with stale rows in the marts. */
export async function listStaleTenants(trx: SystemTrx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select t.id from tenants t where t.status = 'active' and (
      exists (select from mart.stale_weeks s where s.tenant_id = t.id)
      or exists (select from mart.stale_homes s where s.tenant_id = t.id))`.execute(trx.db);
  return rows.map(({ id }) => id);
}

/** A feed as its table stands. */
export interface FeedTable {
  rows: number;
  /** The newest day that a row speaks of, none in the future; null without rows. */
  newestDay: string | null;
  /** When the newest row came. */
  receivedAt: Date | null;
}

/** A load as `raw.loads` has it. */
export interface FeedLoad {
  id: string;
  feed: string;
  origin: string;
  layout: string;
  status: string;
  rowsRead: number;
  rowsKept: number;
  rowsRejected: number;
  rowsRepeated: number;
  gate: unknown;
  dataFrom: string | null;
  dataTo: string | null;
  message: string | null;
  startedAt: Date;
  completedAt: Date | null;
}

/**
 * What a feed's table holds.
 * @param table such as `raw.resales`; from the program, never from a request
 * @param days the columns of days or times, of which the newest counts
 */
export async function readFeedTable(
  trx: TenantTrx,
  table: string,
  days: readonly string[],
  today: string,
): Promise<FeedTable> {
  const newest = days.map(
    (day) => sql`max(${sql.ref(day)}::date) filter (where ${sql.ref(day)}::date <= ${today}::date)`,
  );
  const { rows } = await sql<FeedTable>`
    select count(*) as rows, greatest(${sql.join(newest)})::text as newest_day, max(ingested_at) as received_at
    from ${sql.table(table)} where tenant_id = ${trx.tenantId}`.execute(trx.db);
  return rows[0] ?? { rows: 0, newestDay: null, receivedAt: null };
}

const LOAD_COLUMNS = [
  'id',
  'feed',
  'origin',
  'layout',
  'status',
  'rowsRead',
  'rowsKept',
  'rowsRejected',
  'rowsRepeated',
  'gate',
  'dataFrom',
  'dataTo',
  'message',
  'startedAt',
  'completedAt',
] as const;

/** The newest load of each feed. */
export function readLastLoads(trx: TenantTrx): Promise<FeedLoad[]> {
  return trx.db
    .selectFrom('raw.loads')
    .distinctOn('feed')
    .select(LOAD_COLUMNS)
    .where('tenantId', '=', trx.tenantId)
    .orderBy('feed')
    .orderBy('startedAt', 'desc')
    .execute();
}

/** A row of mart.market_metrics by its place. */
export interface WeekPlace {
  market: string;
  segment: string;
  grain: 'week' | 'month' | 'quarter';
  week: string;
}

/** Where a row of the mart comes from: its sources, when it was computed, and the loads whose rows it was computed from. */
export async function readLineage(trx: TenantTrx, place: WeekPlace) {
  const { tenantId } = trx;
  const row = await trx.db
    .selectFrom('mart.marketMetrics')
    .select(['sources', 'refreshedAt'])
    .where('tenantId', '=', tenantId)
    .where('market', '=', place.market)
    .where('segment', '=', place.segment)
    .where('grain', '=', place.grain)
    .where('week', '=', place.week)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { market, segment, grain, week } = place;
  const end = sql`(${week}::date + case ${grain} when 'week' then interval '7 days' when 'month' then interval '1 month' else interval '3 months' end)`;
  const within = (column: string) => sql`${sql.ref(column)} >= ${week}::date and ${sql.ref(column)} < ${end}`;
  const here = sql`tenant_id = ${tenantId} and market = ${market} and (${segment} = 'all' or segment = ${segment})`;
  const { rows: ids } = await sql<{ source: string; loadId: string | null; rows: number }>`
    select 'raw.mls_listings' as source, load_id, count(*) as rows from raw.mls_listings
    where ${grain} = 'week' and ${here} and (${within('list_date')} or ${within('close_date')}
      or (list_date < ${week}::date and (close_date is null or close_date >= ${end})))
    group by load_id
    union all
    select 'raw.offer_events', load_id, count(*) from raw.offer_events
    where ${grain} = 'week' and ${here} and offered_at >= ${week}::timestamp at time zone 'UTC'
      and offered_at < ${end} at time zone 'UTC' group by load_id
    union all
    select 'raw.funnel_activity', load_id, count(*) from raw.funnel_activity
    where ${grain} = 'week' and ${here} and ${within('week')} group by load_id
    union all
    select 'raw.published_metrics', load_id, count(*) from raw.published_metrics
    where tenant_id = ${tenantId} and market = ${market} and segment = ${segment} and grain = ${grain}
      and period = ${week}::date group by load_id`.execute(trx.db);
  const known = [...new Set(ids.flatMap(({ loadId }) => (loadId === null ? [] : [loadId])))];
  const loads =
    known.length === 0
      ? []
      : await trx.db
          .selectFrom('raw.loads')
          .select(LOAD_COLUMNS)
          .where('tenantId', '=', tenantId)
          .where('id', 'in', known)
          .execute();
  const byId = new Map(loads.map((load) => [load.id, load]));
  return {
    ...row,
    loads: ids.map(({ source, loadId, rows }) => ({ source, rows, loadId, load: byId.get(loadId ?? '') ?? null })),
  };
}

/** How many marks wait for the refresh, and since when. */
export async function readWaitingMarks(trx: TenantTrx): Promise<{ count: number; since: Date | null }> {
  const { rows } = await sql<{ count: number; since: Date | null }>`
    select count(*) as count, min(changed_at) as since from (
      select changed_at from mart.stale_weeks where tenant_id = ${trx.tenantId}
      union all select changed_at from mart.stale_homes where tenant_id = ${trx.tenantId}) s`.execute(trx.db);
  return rows[0] ?? { count: 0, since: null };
}
