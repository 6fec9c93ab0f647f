import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/** Properties of one status in one county. */
export interface PropertyFigures {
  status: string;
  countyFips: string;
  properties: number;
  /** Found in the last 24 hours, and 7 days. */
  day: number;
  week: number;
  scored: number;
  scoreSum: number;
}

/** Every property counted once, from the index `properties_figures` alone. */
export async function readPropertyFigures(trx: TenantTrx, now: Date): Promise<PropertyFigures[]> {
  const { rows } = await sql<PropertyFigures>`
    select status, county_fips, count(*)::int as properties,
      count(*) filter (where created_at > ${now}::timestamptz - interval '24 hours')::int as day,
      count(*) filter (where created_at > ${now}::timestamptz - interval '7 days')::int as week,
      count(bird_dog_score)::int as scored, coalesce(sum(bird_dog_score), 0)::float8 as score_sum
    from properties where tenant_id = ${trx.tenantId} group by status, county_fips`.execute(trx.db);
  return rows;
}

/** Memos, messages and costs of the tenant. Micros of a US dollar since the first of the month, UTC. */
export interface WorkFigures {
  memos: number;
  messagesSent: number;
  messagesReplied: number;
  monthCostMicros: number;
}

/** What the work brought and cost. */
export async function readWorkFigures(trx: TenantTrx, now: Date): Promise<WorkFigures> {
  const t = trx.tenantId;
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  const { rows } = await sql<WorkFigures>`
    select (select count(*)::int from action_packets where tenant_id = ${t} and status = 'generated') as memos,
      (select count(*)::int from outreach_messages where tenant_id = ${t} and sent_at is not null) as messages_sent,
      (select count(distinct send_id)::int from inbound_messages where tenant_id = ${t} and kind = 'reply') as messages_replied,
      (select coalesce(sum(cost_micros), 0)::bigint from cost_ledger where tenant_id = ${t} and at >= ${month}) as month_cost_micros`.execute(
    trx.db,
  );
  return rows[0]!;
}

/** How many of a tenant's newest events the times between stages are taken from. */
export const TIMED_EVENTS = 50_000;

/** Median hours from one stage to the next; null where no property went that way lately. */
export interface StageTimes {
  enriched: number | null;
  scored: number | null;
  packetReady: number | null;
  contacted: number | null;
}

/** Median times between the first events of each stage, per property, among the newest TIMED_EVENTS. */
export async function readStageTimes(trx: TenantTrx): Promise<StageTimes> {
  const median = (from: string, to: string) =>
    sql<
      number | null
    >`percentile_cont(0.5) within group (order by extract(epoch from ${sql.ref(to)} - ${sql.ref(from)}) / 3600)
      filter (where ${sql.ref(to)} >= ${sql.ref(from)})`;
  const first = (type: string) => sql`min("timestamp") filter (where event_type = ${type})`;
  const { rows } = await sql<StageTimes>`
    with newest as (
      select property_id, event_type, "timestamp" from event_log
      where tenant_id = ${trx.tenantId} order by position desc limit ${TIMED_EVENTS}
    ), firsts as (
      select ${first('property.discovered')} as discovered, ${first('property.enriched')} as enriched,
        ${first('property.scored')} as scored, ${first('memo.generated')} as memo, ${first('outreach.sent')} as sent
      from newest where property_id is not null group by property_id
    )
    select ${median('discovered', 'enriched')} as enriched, ${median('enriched', 'scored')} as scored,
      ${median('scored', 'memo')} as packet_ready, ${median('memo', 'sent')} as contacted from firsts`.execute(trx.db);
  return rows[0]!;
}

/** The tenant's campaigns by id. */
export async function campaignNames(trx: TenantTrx): Promise<Map<string, string>> {
  const rows = await trx.db
    .selectFrom('campaigns')
    .select(['id', 'name'])
    .where('tenantId', '=', trx.tenantId)
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}
