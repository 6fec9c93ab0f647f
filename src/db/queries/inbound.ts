import { randomUUID } from 'node:crypto';
import type { ChannelKind } from '../../domain/outreach/contact.ts';
import type { InboundKind } from '../../domain/outreach/inbound.ts';
import type { EventMeaning } from '../../domain/outreach/provider-event.ts';
import type { Sealer } from '../sealer.ts';
import type { TenantTrx } from '../tenant.ts';
import { recordMessageEvents } from './outreach-events.ts';
import { lockSends } from './outreach-events-rows.ts';
import { suppressForEver } from './outreach-events-suppress.ts';
import { lockAddresses } from './outreach-locks.ts';
import type { AutomaticPause } from './sending-states.ts';

/** What of an inbound message is personal: kept as one sealed document. */
export interface InboundContent {
  from: string;
  subject: string | null;
  text: string;
  /** Names of attached files, which are not kept. */
  attachments: string[];
}

/** A message from a recipient, as a provider handed it over. */
export interface NewInbound {
  channel: ChannelKind;
  provider: string;
  /** Unique per provider, without personal data: the same message is recorded once. */
  providerMessageId: string;
  kind: InboundKind;
  /** The send it belongs to; null when the tenant has none. */
  sendId: string | null;
  /** Hash of the address that writes. */
  addressHash: string;
  content: InboundContent;
  at: Date;
}

const ownerOf = (tenantId: string, id: string) => `inbound:${tenantId}:${id}`;

/** The content of a row; null once it is erased. */
export function openInbound(
  sealer: Sealer,
  tenantId: string,
  row: { id: string; sealed: string | null },
): InboundContent | null {
  return row.sealed === null
    ? null
    : (JSON.parse(sealer.open(ownerOf(tenantId, row.id), row.sealed)) as InboundContent);
}

const HEARD: EventMeaning = { status: 'delivered', suppress: null, counts: null };
const ENDED: EventMeaning = { status: 'unsubscribed', suppress: 'unsubscribed', counts: null };

/**
 * Records a message from a recipient once, with everything that follows: a reply answers its send and engages the
 * property; a wish to stop suppresses the address (and for SMS revokes the consent); a wish to start again lifts only
 * what such a wish had suppressed; an automatic reply and a call for help change nothing.
 */
export async function recordInbound(
  trx: TenantTrx,
  sealer: Sealer,
  inbound: NewInbound,
): Promise<{ isNew: boolean; pauses: AutomaticPause[] }> {
  const locked = inbound.sendId === null ? undefined : (await lockSends(trx, [inbound.sendId])).get(inbound.sendId);
  const id = randomUUID();
  const inserted = await trx.db
    .insertInto('inboundMessages')
    .values({
      tenantId: trx.tenantId,
      id,
      channel: inbound.channel,
      provider: inbound.provider,
      providerMessageId: inbound.providerMessageId,
      kind: inbound.kind,
      sendId: locked?.sendId ?? null,
      contactId: locked?.contactId ?? null,
      propertyId: locked?.propertyId ?? null,
      addressHash: inbound.addressHash,
      sealed: sealer.seal(ownerOf(trx.tenantId, id), JSON.stringify(inbound.content)),
      receivedAt: inbound.at,
    })
    .onConflict((conflict) => conflict.columns(['tenantId', 'provider', 'providerMessageId']).doNothing())
    .returning('id')
    .execute();
  if (inserted.length === 0) return { isNew: false, pauses: [] };
  let pauses: AutomaticPause[] = [];
  if (locked !== undefined && (inbound.kind === 'reply' || inbound.kind === 'stop')) {
    const event = {
      sendId: locked.sendId,
      provider: inbound.provider,
      providerEventId: `inbound:${inbound.providerMessageId}`,
      type: inbound.kind,
      at: inbound.at,
      meaning: inbound.kind === 'stop' ? ENDED : HEARD,
      isAnswer: inbound.kind === 'reply',
      providerMessageId: null,
      detail: {},
    };
    ({ pauses } = await recordMessageEvents(trx, [event], inbound.at));
  }
  if (inbound.kind === 'stop') await stop(trx, inbound, locked?.contactId ?? null);
  if (inbound.kind === 'start') await start(trx, inbound, locked?.contactId ?? null);
  return { isNew: true, pauses };
}

/** The address that writes is closed too, whatever address the send went to. */
async function stop(trx: TenantTrx, inbound: NewInbound, contactId: string | null): Promise<void> {
  const { channel, addressHash, at } = inbound;
  await lockAddresses(trx, [addressHash]);
  await suppressForEver(trx, [{ channel, addressHash, reason: 'unsubscribed', at }]);
  if (channel === 'sms') await addConsent(trx, inbound, contactId, 'revoked');
}

async function start(trx: TenantTrx, inbound: NewInbound, contactId: string | null): Promise<void> {
  await lockAddresses(trx, [inbound.addressHash]);
  await trx.db
    .deleteFrom('suppressions')
    .where('tenantId', '=', trx.tenantId)
    .where('channel', '=', inbound.channel)
    .where('addressHash', '=', inbound.addressHash)
    .where('reason', '=', 'unsubscribed')
    .execute();
  await addConsent(trx, inbound, contactId, 'granted');
}

async function addConsent(
  trx: TenantTrx,
  inbound: NewInbound,
  contactId: string | null,
  status: 'granted' | 'revoked',
): Promise<void> {
  await trx.db
    .insertInto('consents')
    .values({
      tenantId: trx.tenantId,
      channel: inbound.channel,
      addressHash: inbound.addressHash,
      contactId,
      status,
      method: 'keyword',
      evidence: `Text message ${inbound.providerMessageId}`,
      at: inbound.at,
      recordedBy: inbound.provider,
    })
    .execute();
}
