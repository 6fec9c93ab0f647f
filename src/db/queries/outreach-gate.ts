import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import type { SendRow } from './outreach-send.ts';
import { findSuppressions } from './suppressions.ts';
import { readTenantStatus } from './tenants.ts';

const DAY_MS = 86_400_000;

/** What the gate needs to know beyond the send's own row, read under the send's locks. Counts leave this send out. */
export async function loadGateFacts(trx: TenantTrx, send: SendRow, now: Date) {
  const hash = send.addressHash;
  await lockContact(trx, send.contactId);
  const suppressions =
    hash === null ? new Map<string, string>() : await findSuppressions(trx, send.channel, [hash], now);
  return {
    suppression: hash === null ? null : (suppressions.get(hash) ?? null),
    hasConsent: hash !== null && (await hasConsent(trx, send.channel, hash, now)),
    ...(await loadSendingState(trx, send.channel)),
    ...(await loadSequence(trx, send)),
    ...(await loadRecentSends(trx, send, now)),
  };
}

/**
 * The last of a send's locks: two channels to one person have two addresses, and the cap is the person's. Always taken
 * after those of `lockSend`.
 */
async function lockContact(trx: TenantTrx, contactId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${trx.tenantId}:contact:${contactId}`}, 0))`.execute(
    trx.db,
  );
}

/** Whether the newest record of the address says yes and has not run out. */
async function hasConsent(trx: TenantTrx, channel: string, addressHash: string, now: Date): Promise<boolean> {
  const newest = await trx.db
    .selectFrom('consents')
    .select(['status', 'expiresAt'])
    .where('tenantId', '=', trx.tenantId)
    .where('channel', '=', channel)
    .where('addressHash', '=', addressHash)
    .where('at', '<=', now)
    .orderBy('at', 'desc')
    .orderBy('recordedAt', 'desc')
    // Of two of one moment the refusal counts.
    .orderBy('status', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest?.status === 'granted' && (newest.expiresAt === null || newest.expiresAt > now);
}

async function loadSendingState(trx: TenantTrx, channel: string) {
  const state = await trx.db
    .selectFrom('sendingStates')
    .select(['isPaused', 'reason', 'firstSentAt'])
    .where('tenantId', '=', trx.tenantId)
    .where('channel', '=', channel)
    .executeTakeFirst();
  if ((await readTenantStatus(trx)) !== 'active') {
    return { tenantPause: 'the organisation is suspended', firstSentAt: state?.firstSentAt ?? null };
  }
  return {
    tenantPause: state?.isPaused === true ? (state.reason ?? 'by a person') : null,
    firstSentAt: state?.firstSentAt ?? null,
  };
}

/** How the earlier steps of the same sequence stand: ended by an answer or an end, and when this step is due. */
async function loadSequence(
  trx: TenantTrx,
  send: SendRow,
): Promise<{ sequenceEnded: string | null; dueAt: Date | null | 'never' }> {
  const steps = await trx.db
    .selectFrom('outreachMessages')
    .select(['step', 'status', 'sentAt', 'answeredAt', 'campaignId'])
    .where('tenantId', '=', trx.tenantId)
    .where('contactId', '=', send.contactId)
    .where('propertyId', '=', send.propertyId)
    .where('sendId', '!=', send.sendId)
    .orderBy('step')
    .execute();
  const earlier = steps.filter((row) => row.campaignId === send.campaignId && row.step < send.step);
  const ended = earlier.find((row) => ['bounced', 'spam', 'unsubscribed'].includes(row.status));
  const sequenceEnded = steps.some((row) => row.answeredAt !== null)
    ? 'the recipient has answered'
    : ended !== undefined
      ? `step ${ended.step} ended as ${ended.status}`
      : send.propertyStatus === 'closed'
        ? 'the outcome of the property is known'
        : null;
  const previous = earlier.at(-1);
  if (previous === undefined) return { sequenceEnded, dueAt: null };
  if (previous.sentAt === null) return { sequenceEnded, dueAt: 'never' };
  return { sequenceEnded, dueAt: new Date(previous.sentAt.getTime() + send.stepWaitDays * DAY_MS) };
}

/**
 * When the recipient, the campaign and the tenant sent last: what caps and throttles are counted from. A recipient is
 * the contact and whoever else has one of its addresses, by any channel.
 */
async function loadRecentSends(trx: TenantTrx, send: SendRow, now: Date) {
  const sinceDays = Math.max(7, send.dedupeDays);
  const { rows } = await sql<{ sendingAt: Date; campaignId: string; propertyId: string }>`
    with recipient as (
      select array_remove(array[email_hash, phone_hash, postal_hash, ${send.addressHash}::text], null) as hashes
      from contacts where tenant_id = ${trx.tenantId} and id = ${send.contactId}
    )
    select m.sending_at, m.campaign_id, m.property_id
    from outreach_messages m cross join recipient r
    where m.tenant_id = ${trx.tenantId} and m.send_id <> ${send.sendId}
      and m.sending_at > ${new Date(now.getTime() - sinceDays * DAY_MS)}
      and m.status not in ('pending', 'error')
      and (m.contact_id = ${send.contactId} or m.address_hash = any(r.hashes))
  `.execute(trx.db);
  const offers = rows
    .filter((row) => row.propertyId === send.propertyId && row.campaignId !== send.campaignId)
    .map((row) => row.sendingAt.getTime());
  return {
    sentToRecipientAt: rows.map((row) => row.sendingAt),
    sentByCampaignAt: await listCampaignSends(trx, send, now),
    sameOfferAt: offers.length === 0 ? null : new Date(Math.max(...offers)),
    sentByTenant: send.throttle === null ? [] : await listTenantSends(trx, send, now),
  };
}

/** When the campaign sent in 24 hours: the newest ones, as many as its cap, because older ones cannot decide. */
async function listCampaignSends(trx: TenantTrx, send: SendRow, now: Date): Promise<Date[]> {
  const rows = await trx.db
    .selectFrom('outreachMessages')
    .select('sendingAt')
    .where('tenantId', '=', trx.tenantId)
    .where('campaignId', '=', send.campaignId)
    .where('sendId', '!=', send.sendId)
    .where('sendingAt', '>', new Date(now.getTime() - DAY_MS))
    .where('status', 'not in', ['pending', 'error'])
    .orderBy('sendingAt', 'desc')
    .limit(send.maxPerRun)
    .execute();
  return rows.flatMap(({ sendingAt }) => (sendingAt === null ? [] : [sendingAt]));
}

/** What the tenant sent by this channel in 24 hours. Only asked where a throttle needs it. */
async function listTenantSends(trx: TenantTrx, send: SendRow, now: Date) {
  const rows = await trx.db
    .selectFrom('outreachMessages')
    .select(['sendingAt', 'recipientDomain'])
    .where('tenantId', '=', trx.tenantId)
    .where('channel', '=', send.channel)
    .where('sendId', '!=', send.sendId)
    .where('sendingAt', '>', new Date(now.getTime() - DAY_MS))
    .where('status', 'not in', ['pending', 'error'])
    .execute();
  return rows.flatMap((row) => (row.sendingAt === null ? [] : [{ at: row.sendingAt, domain: row.recipientDomain }]));
}
