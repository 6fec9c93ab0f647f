import { sql } from 'kysely';
import { type MessageStatus, parseMessageStatus } from '../../domain/outreach/merge-status.ts';
import { knownText } from '../known.ts';
import type { TenantTrx } from '../tenant.ts';
import { appendEvent } from './events.ts';
import { advanceProperty } from './outreach-property.ts';

/** One send with everything a message is made of. */
export type SendRow = NonNullable<Awaited<ReturnType<typeof selectSend>>> & { status: MessageStatus };

/** The send, or null when the tenant has none of that id. */
export async function loadSend(trx: TenantTrx, sendId: string): Promise<SendRow | null> {
  const row = await selectSend(trx, sendId);
  return row === undefined ? null : { ...row, status: parseMessageStatus(row.status) };
}

function selectSend(trx: TenantTrx, sendId: string) {
  return trx.db
    .selectFrom('outreachMessages as m')
    .innerJoin('contacts as c', (join) => join.onRef('c.tenantId', '=', 'm.tenantId').onRef('c.id', '=', 'm.contactId'))
    .innerJoin('campaigns as g', (join) =>
      join.onRef('g.tenantId', '=', 'm.tenantId').onRef('g.id', '=', 'm.campaignId'),
    )
    .innerJoin('campaignSteps as s', (join) =>
      join
        .onRef('s.tenantId', '=', 'm.tenantId')
        .onRef('s.campaignId', '=', 'm.campaignId')
        .onRef('s.step', '=', 'm.step'),
    )
    .innerJoin('properties as p', (join) =>
      join.onRef('p.tenantId', '=', 'm.tenantId').onRef('p.id', '=', 'm.propertyId'),
    )
    .leftJoin('actionPackets as a', (join) =>
      join.onRef('a.tenantId', '=', 'm.tenantId').onRef('a.id', '=', 'm.packetId'),
    )
    .select(['m.sendId', 'm.status', 'm.channel', 'm.contactId', 'm.propertyId', 'm.campaignId', 'm.step'])
    .select(['m.unsubscribeToken', 'm.createdAt', 'm.sendingAt', 'm.error', 'm.heldReason', 'm.heldUntil'])
    .select([
      'c.kind as contactKind',
      'c.status as contactStatus',
      'c.name as contactName',
      'c.email as contactEmail',
      'c.timeZone as contactTimeZone',
      'g.kind as campaignKind',
      'g.status as campaignStatus',
      'g.needsApproval',
      'g.sendWindow',
      'g.maxPerRun',
      'g.weeklyCapPerRecipient',
      'g.dedupeDays',
      'g.sender',
      'g.postalAddress',
      's.template',
      'a.path as memoPath',
    ])
    .select([
      'p.status as propertyStatus',
      'p.isPaused as propertyIsPaused',
      'p.birdDogScore',
      knownText('p', 'address').as('address'),
      knownText('p', 'unit').as('unit'),
      knownText('p', 'city').as('city'),
      'p.state',
      knownText('p', 'zip_code').as('zipCode'),
      'p.apn',
      'p.listPriceCents',
      'p.estimatedValueCents',
      'p.bedrooms',
      'p.bathrooms',
      'p.sqft',
      'p.yearBuilt',
    ])
    .select(sql<boolean>`m.approved_at is not null`.as('isApproved'))
    .where('m.tenantId', '=', trx.tenantId)
    .where('m.sendId', '=', sendId)
    .executeTakeFirst();
}

/**
 * Takes the locks under which one send is decided: its row, its recipient (also under a second contact with the same
 * address) and its campaign, so that caps hold with any number of workers. Always in this order.
 */
export async function lockSend(trx: TenantTrx, send: { sendId: string; campaignId: string; addressHash: string }) {
  await trx.db
    .selectFrom('outreachMessages')
    .select('sendId')
    .where('tenantId', '=', trx.tenantId)
    .where('sendId', '=', send.sendId)
    .forUpdate()
    .execute();
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${trx.tenantId}:${send.addressHash}`}, 0))`.execute(
    trx.db,
  );
  await trx.db
    .selectFrom('campaigns')
    .select('id')
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', send.campaignId)
    .forNoKeyUpdate()
    .execute();
}

/** When the recipient and the campaign were last active, without this send: what the caps are counted from. */
export async function loadRecentSends(trx: TenantTrx, send: SendRow, now: Date) {
  const { rows } = await sql<{ sendingAt: Date; sameRecipient: boolean; campaignId: string; propertyId: string }>`
    select m.sending_at, m.campaign_id, m.property_id,
      (m.contact_id = ${send.contactId} or lower(c.email) = lower(${send.contactEmail})) is true as same_recipient
    from outreach_messages m join contacts c on c.tenant_id = m.tenant_id and c.id = m.contact_id
    where m.tenant_id = ${trx.tenantId} and m.send_id <> ${send.sendId} and m.channel = ${send.channel}
      and m.sending_at > ${new Date(now.getTime() - Math.max(7, send.dedupeDays) * 86_400_000)}
      and m.status not in ('pending', 'error')
      and (m.campaign_id = ${send.campaignId} or m.contact_id = ${send.contactId} or lower(c.email) = lower(${send.contactEmail}))
  `.execute(trx.db);
  const offers = rows
    .filter((r) => r.sameRecipient && r.propertyId === send.propertyId && r.campaignId !== send.campaignId)
    .map((r) => r.sendingAt.getTime());
  return {
    sentToRecipientAt: rows.filter((r) => r.sameRecipient).map((r) => r.sendingAt),
    sentByCampaignAt: rows.filter((r) => r.campaignId === send.campaignId).map((r) => r.sendingAt),
    sameOfferAt: offers.length === 0 ? null : new Date(Math.max(...offers)),
  };
}

/** Says on the row why it waits. It stays pending. */
export async function holdMessage(trx: TenantTrx, sendId: string, reason: string, until: Date | null, now: Date) {
  await trx.db
    .updateTable('outreachMessages')
    .set({ heldReason: reason, heldUntil: until, updatedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('sendId', '=', sendId)
    .where('status', '=', 'pending')
    .execute();
}

/** Writes what became of a row, only where it still has the status it is left from. Returns whether it was written. */
export async function leaveStatus(
  trx: TenantTrx,
  sendId: string,
  from: MessageStatus,
  to: MessageStatus,
  change: {
    error?: string | null;
    sendingAt?: Date | null;
    provider?: string;
    providerMessageId?: string | null;
    costMicros?: number;
  },
  now: Date,
): Promise<boolean> {
  const written = await trx.db
    .updateTable('outreachMessages')
    .set({ ...change, status: to, heldReason: null, heldUntil: null, updatedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('sendId', '=', sendId)
    .where('status', '=', from)
    .returning('sendId')
    .execute();
  return written.length > 0;
}

/** Sends that have been in `sending` since before a time: whoever had them is gone. At most 1,000, oldest first. */
export async function listInterrupted(trx: TenantTrx, before: Date): Promise<string[]> {
  const rows = await trx.db
    .selectFrom('outreachMessages')
    .select('sendId')
    .where('tenantId', '=', trx.tenantId)
    .where('status', '=', 'sending')
    .where('sendingAt', '<', before)
    .orderBy('sendingAt')
    .limit(1000)
    .execute();
  return rows.map((row) => row.sendId);
}

/** A send that was accepted, as its event tells it. */
export interface SentFacts {
  sendId: string;
  contactId: string;
  propertyId: string;
  campaignId: string;
  step: number;
  channel: string;
  provider: string | null;
}

/**
 * Records once that a message left: its time, the event, and the property's status. Called with whatever proves it
 * first, the provider's answer or a webhook. Returns false when it was recorded before.
 */
export async function recordSent(trx: TenantTrx, send: SentFacts, at: Date, source: string): Promise<boolean> {
  const first = await trx.db
    .updateTable('outreachMessages')
    .set({ sentAt: at })
    .where('tenantId', '=', trx.tenantId)
    .where('sendId', '=', send.sendId)
    .where('sentAt', 'is', null)
    .returning('sendId')
    .execute();
  if (first.length === 0) return false;
  await advanceProperty(trx, send.propertyId, 'contacted');
  await appendEvent(trx, {
    eventType: 'outreach.sent',
    propertyId: send.propertyId,
    correlationId: send.sendId,
    payload: {
      send_id: send.sendId,
      contact_id: send.contactId,
      campaign_id: send.campaignId,
      step: send.step,
      channel: send.channel,
      provider: send.provider,
      sent_at: at.toISOString(),
    },
    source,
  });
  return true;
}
