import { type SqlBool, sql } from 'kysely';
import type { Evidence, Severity } from '../../domain/market/packets.ts';
import type { TenantTrx } from '../tenant.ts';

/** Where a tenant's briefing and alerts go. */
export interface BriefingChannels {
  /** The sealed address of Slack's incoming webhook; null when there is none or it is off. */
  slackSealed: string | null;
  /** Users who get mail: chosen ones that are active, else every active admin and analyst. Empty when mail is off. */
  recipients: string[];
}

/** Reads the channels that are on. */
export async function readChannels(trx: TenantTrx): Promise<BriefingChannels> {
  const rows = await listChannels(trx);
  const slack = rows.find(({ channel }) => channel === 'slack');
  const email = rows.find(({ channel }) => channel === 'email');
  const slackSealed = slack?.isEnabled === true ? slack.addressSealed : null;
  if (email?.isEnabled === false) return { slackSealed, recipients: [] };
  const chosen = email?.recipients ?? null;
  const users = await trx.db
    .selectFrom('userAccounts')
    .select('id')
    .where('tenantId', '=', trx.tenantId)
    .where('status', '=', 'active')
    .$if(chosen === null, (query) => query.where('role', 'in', ['admin', 'analyst']))
    .$if(chosen !== null, (query) => query.where(sql<SqlBool>`id = any(${chosen}::uuid[])`))
    .orderBy('id')
    .execute();
  return { slackSealed, recipients: users.map(({ id }) => id) };
}

/** The channels as they are set up. */
export function listChannels(trx: TenantTrx) {
  return trx.db
    .selectFrom('briefingChannels')
    .select(['channel', 'isEnabled', 'addressSealed', 'recipients', 'updatedAt'])
    .where('tenantId', '=', trx.tenantId)
    .orderBy('channel')
    .execute();
}

/** Sets a channel up; what is left out stays. */
export async function putChannel(
  trx: TenantTrx,
  channel: 'slack' | 'email',
  change: {
    isEnabled?: boolean | undefined;
    addressSealed?: string | null | undefined;
    recipients?: string[] | null | undefined;
  },
  now: Date,
): Promise<void> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  await trx.db
    .insertInto('briefingChannels')
    .values({ tenantId: trx.tenantId, channel, ...given, updatedAt: now })
    .onConflict((oc) => oc.columns(['tenantId', 'channel']).doUpdateSet({ ...given, updatedAt: now }))
    .execute();
}

/** A packet that someone has to hear of at once. */
export interface AlertOfPacket {
  id: string;
  packetId: string;
  severity: Severity;
  issue: string;
  action: string;
  market: string | null;
  impactLow: number | null;
  impactExpected: number | null;
  impactHigh: number | null;
  evidence: readonly Evidence[];
  confidence: number;
}

/**
 * Writes down that a channel is to be told of every open HIGH or CRITICAL packet that is new or worse since a moment:
 * one row for each packet, severity and channel, ever. Returns the rows that were not there before.
 */
export async function raiseAlerts(trx: TenantTrx, channel: string, since: Date, now: Date): Promise<AlertOfPacket[]> {
  const { rows } = await sql<AlertOfPacket>`
    with raised as (
      insert into alerts (tenant_id, packet_id, severity, channel, raised_at)
      select tenant_id, id, severity, ${channel}, ${now} from decision_packets
      where tenant_id = ${trx.tenantId} and status = 'open' and severity in ('HIGH', 'CRITICAL')
        and greatest(created_at, escalated_at) >= ${since}
      on conflict (tenant_id, packet_id, severity, channel) do nothing
      returning tenant_id, id, packet_id, severity
    )
    select r.id, r.packet_id, r.severity, p.issue, p.action, p.market, p.impact_low, p.impact_expected, p.impact_high,
      p.evidence, p.confidence
    from raised r join decision_packets p on p.tenant_id = r.tenant_id and p.id = r.packet_id
    order by r.severity, p.issue_key`.execute(trx.db);
  return rows;
}

/** Takes one alert that waits, alone; what was interrupted before `givenUpAt` becomes `unknown`. */
export async function takeAlert(
  trx: TenantTrx,
  channel: string,
  now: Date,
  givenUpAt: Date,
): Promise<AlertOfPacket | undefined> {
  await sql`
    update alerts set status = 'unknown', detail = 'The attempt was interrupted; it may have arrived.'
    where tenant_id = ${trx.tenantId} and channel = ${channel} and status = 'sending' and sent_at < ${givenUpAt}`.execute(
    trx.db,
  );
  const { rows } = await sql<AlertOfPacket>`
    with due as (
      select id from alerts where tenant_id = ${trx.tenantId} and channel = ${channel} and status = 'pending'
      order by severity, raised_at, id limit 1 for update skip locked
    )
    update alerts a set status = 'sending', sent_at = ${now} from due, decision_packets p
    where a.tenant_id = ${trx.tenantId} and a.id = due.id and p.tenant_id = a.tenant_id and p.id = a.packet_id
    returning a.id, a.packet_id, a.severity, p.issue, p.action, p.market, p.impact_low, p.impact_expected, p.impact_high,
      p.evidence, p.confidence`.execute(trx.db);
  return rows[0];
}

/** What came of attempts. */
export async function settleAlerts(
  trx: TenantTrx,
  ids: readonly string[],
  result: { status: 'pending' | 'sent' | 'unknown' | 'error'; detail: string | null },
  now: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await trx.db
    .updateTable('alerts')
    .set({ ...result, sentAt: result.status === 'pending' ? null : now })
    .where('tenantId', '=', trx.tenantId)
    .where('id', 'in', [...ids])
    .execute();
}

/** Claims the delivery of a briefing to a channel: true for the first alone, ever. */
export async function claimDelivery(trx: TenantTrx, briefingId: string, channel: string, now: Date): Promise<boolean> {
  const row = await trx.db
    .insertInto('briefingDeliveries')
    .values({ tenantId: trx.tenantId, briefingId, channel, startedAt: now })
    .onConflict((oc) => oc.columns(['tenantId', 'briefingId', 'channel']).doNothing())
    .returning('channel')
    .executeTakeFirst();
  return row !== undefined;
}

/** What came of a delivery; `again` gives it free for another attempt, as nothing was sent. */
export async function settleDelivery(
  trx: TenantTrx,
  briefingId: string,
  channel: string,
  result: { status: 'sent' | 'unknown' | 'error' | 'again'; detail: string | null },
  now: Date,
): Promise<void> {
  const { status, detail } = result;
  if (status === 'again') {
    await trx.db
      .deleteFrom('briefingDeliveries')
      .where('tenantId', '=', trx.tenantId)
      .where('briefingId', '=', briefingId)
      .where('channel', '=', channel)
      .execute();
    return;
  }
  await trx.db
    .updateTable('briefingDeliveries')
    .set({ status, detail, ...(status === 'sent' ? { sentAt: now } : {}) })
    .where('tenantId', '=', trx.tenantId)
    .where('briefingId', '=', briefingId)
    .where('channel', '=', channel)
    .execute();
}
