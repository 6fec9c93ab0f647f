import { sql } from 'kysely';
import { type MessageStatus, mergeStatus, parseMessageStatus, provesSent } from '../../domain/outreach/merge-status.ts';
import type { EventMeaning } from '../../domain/outreach/provider-event.ts';
import { json } from '../json.ts';
import type { SystemTrx, TenantTrx } from '../tenant.ts';
import { appendEvent } from './events.ts';
import { settleSendCost } from './outreach-ledger.ts';
import { advanceProperty } from './outreach-property.ts';
import { recordSent } from './outreach-send.ts';
import { type ChannelKind, suppressAddress } from './suppressions.ts';

/** Something that happened to a send after it left. */
export interface MessageEvent {
  sendId: string;
  /** Who reports it, such as `sendgrid`. */
  provider: string;
  /** Unique per provider: the same event is recorded once. */
  providerEventId: string;
  /** The provider's word, such as `open`. */
  type: string;
  at: Date;
  meaning: EventMeaning;
  /** True for a click on the link that asks for an answer. */
  isAnswer: boolean;
  /** The provider's own id of the message, when it says so. */
  providerMessageId: string | null;
  /** Log-safe facts; no addresses. */
  detail: Record<string, string | number | boolean>;
}

/** Which tenant each send belongs to. Ids that no tenant has are missing in the answer. */
export async function findTenantsOfSends(trx: SystemTrx, sendIds: readonly string[]): Promise<Map<string, string>> {
  if (sendIds.length === 0) return new Map();
  const rows = await trx.db
    .selectFrom('outreachMessages')
    .select(['sendId', 'tenantId'])
    .where('sendId', 'in', sendIds)
    .execute();
  return new Map(rows.map((row) => [row.sendId, row.tenantId]));
}

/** The send that an unsubscribe link belongs to; null for a token that was never issued. */
export async function findSendByToken(
  trx: SystemTrx,
  token: string,
): Promise<{ tenantId: string; sendId: string } | null> {
  const row = await trx.db
    .selectFrom('outreachMessages')
    .select(['tenantId', 'sendId'])
    .where('unsubscribeToken', '=', token)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Records one event with everything that follows from it: the send's merged status and counters, the suppression, the
 * property's status, the timeline, and the signal to the workflow. All of it once: a second time it is `duplicate`,
 * except that a suppression is made sure of again.
 */
export async function recordMessageEvent(
  trx: TenantTrx,
  event: MessageEvent,
): Promise<'recorded' | 'duplicate' | 'unknown_send'> {
  const message = await trx.db
    .selectFrom('outreachMessages as m')
    .innerJoin('contacts as c', (join) => join.onRef('c.tenantId', '=', 'm.tenantId').onRef('c.id', '=', 'm.contactId'))
    .selectAll('m')
    .select(['c.emailHash', 'c.phoneHash', 'c.postalHash'])
    .where('m.tenantId', '=', trx.tenantId)
    .where('m.sendId', '=', event.sendId)
    .forUpdate('m')
    .executeTakeFirst();
  if (message === undefined) return 'unknown_send';
  const channel = message.channel as ChannelKind;
  if (event.meaning.suppress !== null) {
    const now = { email: message.emailHash, sms: message.phoneHash, mail: message.postalHash };
    const addressHash = message.addressHash ?? now[channel];
    if (addressHash !== null)
      await suppressAddress(trx, { channel, addressHash, reason: event.meaning.suppress, at: event.at });
  }
  if (!(await insertOnce(trx, event))) return 'duplicate';

  const before = parseMessageStatus(message.status);
  const status = event.meaning.status === null ? before : mergeStatus(before, event.meaning.status);
  await updateMessage(trx, event, status);
  if (event.meaning.status !== null && provesSent(event.meaning.status)) {
    await recordSent(trx, { ...message, provider: message.provider ?? event.provider }, event.at, event.provider);
    await settleSendCost(trx, message, 'ok');
  }
  if (event.isAnswer) await advanceProperty(trx, message.propertyId, 'engaged');
  await appendEvent(trx, {
    eventType: 'timeline.updated',
    propertyId: message.propertyId,
    correlationId: event.sendId,
    payload: {
      kind: `${channel}.${event.type}`,
      send_id: event.sendId,
      contact_id: message.contactId,
      status,
      at: event.at.toISOString(),
    },
    source: event.provider,
  });
  await trx.db
    .insertInto('signalOutbox')
    .values({
      tenantId: trx.tenantId,
      propertyId: message.propertyId,
      signal: `${channel}Event`,
      payload: json({
        sendId: event.sendId,
        type: event.type,
        at: event.at.toISOString(),
        eventId: event.providerEventId,
        status,
      }),
    })
    .execute();
  return 'recorded';
}

async function insertOnce(trx: TenantTrx, event: MessageEvent): Promise<boolean> {
  const inserted = await trx.db
    .insertInto('outreachEvents')
    .values({
      tenantId: trx.tenantId,
      provider: event.provider,
      providerEventId: event.providerEventId,
      sendId: event.sendId,
      type: event.type,
      at: event.at,
      detail: json(event.detail),
    })
    .onConflict((conflict) => conflict.columns(['tenantId', 'provider', 'providerEventId']).doNothing())
    .returning('sendId')
    .execute();
  return inserted.length > 0;
}

/** The earliest time of each kind stays, whatever order the events come in. */
async function updateMessage(trx: TenantTrx, event: MessageEvent, status: MessageStatus): Promise<void> {
  const { at, meaning } = event;
  const reason = event.detail['reason'];
  await trx.db
    .updateTable('outreachMessages')
    .set({
      status,
      updatedAt: sql<Date>`now()`,
      providerMessageId: sql<string | null>`coalesce(provider_message_id, ${event.providerMessageId})`,
    })
    .$if(meaning.counts === 'open', (query) =>
      query.set({ openCount: sql<number>`open_count + 1`, openedAt: sql<Date>`least(opened_at, ${at})` }),
    )
    .$if(meaning.counts === 'click', (query) =>
      query.set({ clickCount: sql<number>`click_count + 1`, clickedAt: sql<Date>`least(clicked_at, ${at})` }),
    )
    .$if(meaning.status === 'delivered', (query) => query.set({ deliveredAt: sql<Date>`least(delivered_at, ${at})` }))
    .$if((meaning.status === 'bounced' || meaning.status === 'error') && typeof reason === 'string', (query) =>
      query.set({ error: String(reason) }),
    )
    .where('tenantId', '=', trx.tenantId)
    .where('sendId', '=', event.sendId)
    .execute();
}
