import { sql } from 'kysely';
import type { Finding, KnownPacket, PacketChanges } from '../../domain/market/packets.ts';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';

/** Marks live packets whose time has passed, so that no list shows them as open; the id of each. */
export async function expirePackets(trx: TenantTrx, now: Date): Promise<string[]> {
  const rows = await trx.db
    .updateTable('decisionPackets')
    .set({ status: 'expired', statusReason: 'It was not looked for again in time.', updatedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('status', 'in', ['open', 'accepted'])
    .where('expiresAt', '<=', now)
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Holds looks of one tenant apart: two at once would open the same packet. Until the transaction ends. */
export async function lockPackets(trx: TenantTrx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`decision-packets:${trx.tenantId}`}, 0))`.execute(trx.db);
}

/** What the next look is held against: live packets, and those that a person rejected or closed in the last 60 days. */
export async function knownPackets(trx: TenantTrx, now: Date): Promise<KnownPacket[]> {
  const rows = await trx.db
    .selectFrom('decisionPackets')
    .select(['id', 'issueKey', 'severity', 'status', 'lastSeen', 'timesSeen', 'expiresAt', 'statusReason'])
    .where('tenantId', '=', trx.tenantId)
    .where((eb) =>
      eb.or([
        eb('status', 'in', ['open', 'accepted']),
        eb.and([
          eb('status', 'in', ['rejected', 'closed']),
          eb('updatedAt', '>', new Date(now.getTime() - 60 * 86_400_000)),
        ]),
      ]),
    )
    .orderBy('updatedAt', 'desc')
    .orderBy('id')
    .execute();
  // What healed by itself may come back the same day; what a person closed may not.
  return rows.filter(({ status, statusReason }) => status !== 'closed' || statusReason !== HEALED) as KnownPacket[];
}

const HEALED = 'The figures are back where they belong.';

/** Writes what a look changed. Returns the ids of the packets that it opened or saw again, in the order of their keys. */
export async function applyPacketChanges(
  trx: TenantTrx,
  changes: PacketChanges,
  { day, now, idOf }: { day: string; now: Date; idOf(issueKey: string): string },
): Promise<Array<{ id: string; issueKey: string; isNew: boolean; escalated: boolean }>> {
  const seen: Array<{ id: string; issueKey: string; isNew: boolean; escalated: boolean }> = [];
  for (const { issueKey, finding, expiresAt } of changes.opened) {
    const id = idOf(issueKey);
    const row = { tenantId: trx.tenantId, id, issueKey, firstSeen: day, lastSeen: day, createdAt: now, updatedAt: now };
    const values = { ...row, ...columnsOf(finding), owner: finding.owner, expiresAt };
    await trx.db
      .insertInto('decisionPackets')
      .values(values)
      // Healed and found again on one day: it is the same packet.
      .onConflict((oc) => oc.columns(['tenantId', 'id']).doUpdateSet({ ...values, status: 'open', statusReason: null }))
      .execute();
    seen.push({ id, issueKey, isNew: true, escalated: false });
  }
  for (const { id, issueKey, finding, timesSeen, escalated, expiresAt } of changes.renewed) {
    await trx.db
      .updateTable('decisionPackets')
      .set({
        ...columnsOf(finding),
        lastSeen: day,
        timesSeen,
        expiresAt,
        updatedAt: now,
        ...(escalated ? { escalatedAt: now } : {}),
      })
      .where('tenantId', '=', trx.tenantId)
      .where('id', '=', id)
      .execute();
    seen.push({ id, issueKey, isNew: false, escalated });
  }
  await end(trx, changes.healed, { status: 'closed', statusReason: HEALED }, now);
  await end(trx, changes.expired, { status: 'expired', statusReason: 'It was not looked for again in time.' }, now);
  return seen.sort((a, b) => (a.issueKey < b.issueKey ? -1 : 1));
}

async function end(trx: TenantTrx, ids: string[], change: { status: string; statusReason: string }, now: Date) {
  if (ids.length === 0) return;
  await trx.db
    .updateTable('decisionPackets')
    .set({ ...change, updatedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('id', 'in', ids)
    .execute();
}

function columnsOf(finding: Finding) {
  const { issue, severity, market, segment, tool, action, confidence, statedConfidence, impact } = finding;
  const texts = { issue, severity, market, segment, tool, action };
  return {
    ...texts,
    evidence: json(finding.evidence),
    impactLow: impact?.low ?? null,
    impactExpected: impact?.expected ?? null,
    impactHigh: impact?.high ?? null,
    confidence,
    statedConfidence,
  };
}

/** What happened to packets since a moment: the issues by kind, worst first. */
export async function changesSince(
  trx: TenantTrx,
  since: { day: string; at: Date },
): Promise<{ opened: string[]; escalated: string[]; healed: string[]; expired: string[] }> {
  const rows = await trx.db
    .selectFrom('decisionPackets')
    .select(['issue', 'status', 'firstSeen', 'escalatedAt', 'updatedAt', 'statusReason'])
    .where('tenantId', '=', trx.tenantId)
    .where('updatedAt', '>=', since.at)
    .orderBy(sql`array_position(array['CRITICAL','HIGH','MEDIUM','LOW'], severity)`)
    .orderBy('issueKey')
    .orderBy('id')
    .execute();
  const isLive = ({ status }: { status: string }) => status === 'open' || status === 'accepted';
  const issues = (keep: (row: (typeof rows)[number]) => boolean) => rows.filter(keep).map(({ issue }) => issue);
  const isNew = ({ firstSeen }: { firstSeen: string }) => firstSeen >= since.day;
  return {
    opened: issues((row) => isLive(row) && isNew(row)),
    escalated: issues((row) => isLive(row) && !isNew(row) && row.escalatedAt !== null && row.escalatedAt >= since.at),
    healed: issues((row) => row.status === 'closed' && row.statusReason === HEALED && !isNew(row)),
    expired: issues((row) => row.status === 'expired'),
  };
}

/** The first moment of a day in a time zone. */
export async function startOfDay(trx: TenantTrx, day: string, timeZone: string): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`select ${day}::timestamp at time zone ${timeZone} as at`.execute(trx.db);
  return rows[0]!.at;
}
