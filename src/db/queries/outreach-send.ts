import { sql } from 'kysely';
import { addressFor, type ChannelKind, type ContactDetails, type ContactKind } from '../../domain/outreach/contact.ts';
import { type MessageStatus, parseMessageStatus } from '../../domain/outreach/merge-status.ts';
import { knownText } from '../known.ts';
import type { TenantTrx } from '../tenant.ts';
import { type ContactKeys, openDetails } from './contacts.ts';
import { appendEvent } from './events.ts';
import { planFollowUp } from './outreach-follow-up.ts';
import { advanceProperty } from './outreach-property.ts';
import { hashAddress } from './suppressions.ts';

type Selected = NonNullable<Awaited<ReturnType<typeof selectSend>>>;

/** One send with everything a message is made of. */
export interface SendRow extends Omit<Selected, 'status' | 'channel' | 'sealed' | 'contactKind' | 'campaignKind'> {
  status: MessageStatus;
  channel: ChannelKind;
  contact: ContactDetails;
  contactKind: ContactKind;
  campaignKind: 'investor' | 'owner';
  /** Keyed hash of the address that the channel writes to; null when the contact has none. */
  addressHash: string | null;
}

/** The send, or null when the tenant has none of that id. */
export async function loadSend(trx: TenantTrx, keys: ContactKeys, sendId: string): Promise<SendRow | null> {
  const row = await selectSend(trx, sendId);
  if (row === undefined) return null;
  const { sealed, ...rest } = row;
  const contact = openDetails(keys, trx.tenantId, { id: row.contactId, sealed });
  const channel = row.channel as ChannelKind;
  const address = addressFor(channel, contact);
  return {
    ...rest,
    channel,
    contact,
    contactKind: row.contactKind as ContactKind,
    campaignKind: row.campaignKind as SendRow['campaignKind'],
    status: parseMessageStatus(row.status),
    addressHash: address === null ? null : hashAddress(keys.hashKey, channel, address),
  };
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
    .select([
      'm.variant',
      'm.replyToken',
      'm.unsubscribeToken',
      'm.createdAt',
      'm.sendingAt',
      'm.error',
      'm.heldReason',
      'm.heldUntil',
    ])
    .select([
      'c.kind as contactKind',
      'c.status as contactStatus',
      'c.sealed',
      'c.state as contactState',
      'c.timeZone as contactTimeZone',
      'g.name as campaignName',
      'g.kind as campaignKind',
      'g.status as campaignStatus',
      'g.throttle',
      'g.callToAction',
      'g.approvedAt as campaignApprovedAt',
      'g.needsApproval',
      'g.sendWindow',
      'g.maxPerRun',
      'g.weeklyCapPerRecipient',
      'g.dedupeDays',
      'g.sender',
      'g.postalAddress',
      's.template',
      's.variants',
      's.waitDays as stepWaitDays',
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

/** Says on the row why it waits. It stays pending. */
export async function holdMessage(trx: TenantTrx, sendId: string, reason: string, until: Date | null, now: Date) {
  await trx.db
    .updateTable('outreachMessages')
    .set({ heldReason: reason, heldUntil: until, error: null, updatedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('sendId', '=', sendId)
    .where('status', '=', 'pending')
    .execute();
}

/** What may be written when a row leaves a status. What holds it is cleared where it is not named. */
export interface SendChange {
  error?: string | null;
  sendingAt?: Date | null;
  provider?: string;
  providerMessageId?: string | null;
  costMicros?: number;
  addressHash?: string | null;
  recipientDomain?: string | null;
  heldReason?: string | null;
  heldUntil?: Date | null;
}

/**
 * Writes what became of a row, only where it still has the status it is left from; from `sending`, only where it is
 * still the attempt that began at that time, so that an attempt which slept says nothing about a later one. Returns
 * whether it was written.
 */
export async function leaveStatus(
  trx: TenantTrx,
  sendId: string,
  from: 'pending' | { sendingAt: Date | null },
  to: MessageStatus,
  change: SendChange,
  now: Date,
): Promise<boolean> {
  const written = await trx.db
    .updateTable('outreachMessages')
    .set({ heldReason: null, heldUntil: null, ...change, status: to, updatedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('sendId', '=', sendId)
    .where((eb) =>
      from === 'pending'
        ? eb('status', '=', 'pending')
        : eb.and([eb('status', '=', 'sending'), eb('sendingAt', 'is not distinct from', from.sendingAt)]),
    )
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
  await trx.db
    .insertInto('sendingStates')
    .values({
      tenantId: trx.tenantId,
      channel: send.channel,
      changedBy: 'outreach',
      // From the beginning: a message counts by when its sending began, and this one's began before.
      countedFrom: new Date(0),
      firstSentAt: at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await advanceProperty(trx, send.propertyId, 'contacted');
  await planFollowUp(trx, send, at);
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
