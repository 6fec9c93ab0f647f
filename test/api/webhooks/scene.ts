import { randomUUID } from 'node:crypto';
import { hashAddress } from '../../../src/db/queries/suppressions.ts';
import type { ChannelKind } from '../../../src/domain/outreach/contact.ts';
import { type OutreachBench, seedTenant } from '../../activities/outreach/setup.ts';
import { addTestContact, TEST_CONTACT_KEYS } from '../../support/contacts.ts';

/** A message that left, as its row says. */
export interface LeftSend {
  sendId: string;
  contactId: string;
  propertyId: string;
  address: string;
  addressHash: string;
  replyToken: string;
  providerMessageId: string;
}

export const SENT_AT = new Date('2026-06-01T12:00:00Z');

/** Adds the tenant with a campaign and messages that left for one recipient and property each, all written as rows. */
export async function leftSends(
  bench: OutreachBench,
  count: number,
  channel: ChannelKind = 'email',
): Promise<LeftSend[]> {
  const { campaignId } = await seedTenant(bench, 0);
  const numbers = Array.from({ length: count }, (_, n) => n + 1);
  return Promise.all(numbers.map((n) => leftSend(bench, campaignId, channel, addressOf(channel, n))));
}

/** Adds one message that left for an address, with a property of its own. */
export async function leftSend(
  bench: OutreachBench,
  campaignId: string,
  channel: ChannelKind,
  address: string,
  contact?: string,
): Promise<LeftSend> {
  const { tenantId, query, db } = bench;
  const [sendId, propertyId] = [randomUUID(), randomUUID()];
  const details =
    channel === 'sms' ? { phone: address } : channel === 'email' ? { email: address } : { postalAddress: POSTAL };
  const contactId = contact ?? (await addTestContact(db, tenantId, { name: `Someone at ${address}`, ...details }));
  const addressHash = hashAddress(TEST_CONTACT_KEYS.hashKey, channel, address);
  const providerMessageId = `pm-${sendId.slice(0, 13)}`;
  const replyToken = randomUUID().replaceAll('-', '').slice(0, 24);
  await query(
    `insert into properties (tenant_id, id, county_fips, status, address, city, state, zip_code)
     values ($1, $2, '53033', 'contacted', '12 Sample St', 'Seattle', 'WA', '98103')`,
    [tenantId, propertyId],
  );
  await query(
    `insert into outreach_messages (tenant_id, send_id, channel, contact_id, property_id, campaign_id, step, status, provider,
       provider_message_id, unsubscribe_token, reply_token, address_hash, sending_at, sent_at)
     values ($1, $2, $3, $4, $5, $6, 1, 'sent', $7, $8, $9, $10, $11, $12, $12)`,
    [
      tenantId,
      sendId,
      channel,
      contactId,
      propertyId,
      campaignId,
      { email: 'sendgrid', sms: 'twilio', mail: 'lob' }[channel],
      providerMessageId,
      randomUUID(),
      replyToken,
      addressHash,
      SENT_AT,
    ],
  );
  return { sendId, contactId, propertyId, address, addressHash, replyToken, providerMessageId };
}

const POSTAL = { line1: '1 Sample St', line2: null, city: 'Seattle', state: 'WA', zipCode: '98101' };

function addressOf(channel: ChannelKind, n: number): string {
  if (channel === 'email') return `recipient-${n}@example.com`;
  return channel === 'sms' ? `+1206555${String(1000 + n)}` : '1 Sample St, Seattle, WA 98101';
}

/**
 * Everything that webhooks change of a tenant, under stable names and in a stable order, for comparing two histories.
 * Left out: ids and times of writing, and positions in the log.
 */
export async function endState(bench: OutreachBench, sends: readonly LeftSend[]) {
  const { tenantId, query } = bench;
  const nameOf = new Map<string, string>();
  sends.forEach((send, n) => {
    for (const [kind, id] of Object.entries({
      send: send.sendId,
      contact: send.contactId,
      property: send.propertyId,
    })) {
      nameOf.set(id, `${kind}-${n}`);
    }
  });
  const named = (rows: unknown[]) =>
    rows
      .map((row) => JSON.stringify(row).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => nameOf.get(id) ?? 'other'))
      .sort();
  const rows = async (text: string) => named(await query(text, [tenantId]));
  return {
    messages: await rows(
      `select send_id, status, open_count, machine_open_count, click_count, delivered_at, opened_at, clicked_at, bounced_at,
         bounce_class, soft_bounce_count, unsubscribed_at, complained_at, answered_at, error, sent_at, provider
       from outreach_messages where tenant_id = $1`,
    ),
    events: await rows(
      'select provider, provider_event_id, send_id, type, at, detail from outreach_events where tenant_id = $1',
    ),
    suppressions: await rows(
      'select channel, address_hash, reason, at, expires_at, source from suppressions where tenant_id = $1',
    ),
    properties: await rows('select id, status from properties where tenant_id = $1'),
    timeline: await rows(
      'select event_type, subject, property_id, correlation_id, payload, metadata from event_log where tenant_id = $1 and property_id is not null',
    ),
    signals: await rows('select property_id, signal, payload from signal_outbox where tenant_id = $1'),
    states: await rows('select channel, is_paused, reason, changed_by from sending_states where tenant_id = $1'),
    costs: await rows('select resource, outcome, cost_micros from cost_ledger where tenant_id = $1'),
  };
}

/** Numbers between 0 and 1 that follow from the seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The items in another order. */
export function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const list = [...items];
  for (let n = list.length - 1; n > 0; n -= 1) {
    const other = Math.floor(random() * (n + 1));
    [list[n], list[other]] = [list[other]!, list[n]!];
  }
  return list;
}

/** The items in batches of 1 to `max`. */
export function inBatches<T>(items: readonly T[], random: () => number, max = 100): T[][] {
  const batches: T[][] = [];
  for (let at = 0; at < items.length; ) {
    const size = 1 + Math.floor(random() * max);
    batches.push(items.slice(at, at + size));
    at += size;
  }
  return batches;
}
