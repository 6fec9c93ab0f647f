import { sql } from 'kysely';
import type { ChannelKind } from '../../domain/outreach/contact.ts';
import { parseMessageStatus } from '../../domain/outreach/merge-status.ts';
import type { BounceClass, EventMeaning } from '../../domain/outreach/provider-event.ts';
import type { SendProgress } from '../../domain/outreach/provider-event-fold.ts';
import type { TenantTrx } from '../tenant.ts';

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
  /** True for a reply and for a click on the link that asks for an answer. */
  isAnswer: boolean;
  /** The provider's own id of the message, when it says so. */
  providerMessageId: string | null;
  /** Log-safe facts; no addresses. `reason`: why it bounced; `url`: the link clicked, without its query. */
  detail: Record<string, string | number | boolean>;
}

/** A send whose row is locked until the transaction ends. */
export interface LockedSend {
  sendId: string;
  channel: ChannelKind;
  contactId: string;
  propertyId: string;
  campaignId: string;
  step: number;
  provider: string | null;
  providerMessageId: string | null;
  sendingAt: Date | null;
  sentAt: Date | null;
  /** What it was sent to, else the contact's address now; null when there is none. */
  addressHash: string | null;
  /** The campaign's own link that asks for an answer. */
  callToActionUrl: string | null;
  progress: SendProgress;
}

/** Locks the rows of sends, in the order of their ids so that two batches cannot wait for each other. By send id. */
export async function lockSends(trx: TenantTrx, sendIds: readonly string[]): Promise<Map<string, LockedSend>> {
  const { rows } = await sql<Omit<LockedSend, 'progress'> & Omit<SendProgress, 'status'> & { status: string }>`
    select m.send_id, m.channel, m.contact_id, m.property_id, m.campaign_id, m.step, m.provider, m.provider_message_id,
      m.sending_at, m.sent_at, g.call_to_action->>'url' as call_to_action_url,
      coalesce(m.address_hash,
        case m.channel when 'email' then c.email_hash when 'sms' then c.phone_hash else c.postal_hash end) as address_hash,
      m.status, m.open_count, m.machine_open_count, m.click_count, m.delivered_at, m.opened_at, m.clicked_at,
      m.bounced_at, m.bounce_class, m.soft_bounce_count, m.unsubscribed_at, m.complained_at, m.answered_at, m.error
    from outreach_messages m
    join contacts c on c.tenant_id = m.tenant_id and c.id = m.contact_id
    join campaigns g on g.tenant_id = m.tenant_id and g.id = m.campaign_id
    where m.tenant_id = ${trx.tenantId} and m.send_id = any(${[...new Set(sendIds)]}::uuid[])
    order by m.send_id for update of m
  `.execute(trx.db);
  return new Map(
    rows.map((row) => [
      row.sendId,
      {
        ...row,
        progress: {
          status: parseMessageStatus(row.status),
          openCount: row.openCount,
          machineOpenCount: row.machineOpenCount,
          clickCount: row.clickCount,
          deliveredAt: row.deliveredAt,
          openedAt: row.openedAt,
          clickedAt: row.clickedAt,
          bouncedAt: row.bouncedAt,
          bounceClass: row.bounceClass as BounceClass | null,
          softBounceCount: row.softBounceCount,
          unsubscribedAt: row.unsubscribedAt,
          complainedAt: row.complainedAt,
          answeredAt: row.answeredAt,
          error: row.error,
        },
      },
    ]),
  );
}

/** Inserts events of locked sends; returns those that were not there, each once. */
export async function insertNewEvents(trx: TenantTrx, events: readonly MessageEvent[]): Promise<MessageEvent[]> {
  const values = events.map((event) => ({
    provider: event.provider,
    provider_event_id: event.providerEventId,
    send_id: event.sendId,
    type: event.type,
    at: event.at.toISOString(),
    detail: event.meaning.bounce === undefined ? event.detail : { ...event.detail, bounce_class: event.meaning.bounce },
  }));
  const { rows } = await sql<{ provider: string; providerEventId: string }>`
    insert into outreach_events (tenant_id, provider, provider_event_id, send_id, type, at, detail)
    select ${trx.tenantId}::uuid, x.provider, x.provider_event_id, x.send_id, x.type, x.at, x.detail
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb)
      as x(provider text, provider_event_id text, send_id uuid, type text, at timestamptz, detail jsonb)
    on conflict (tenant_id, provider, provider_event_id) do nothing
    returning provider, provider_event_id
  `.execute(trx.db);
  const inserted = new Set(rows.map((row) => `${row.provider}\n${row.providerEventId}`));
  // Deleting as it is met: of two with one id in a batch the first was inserted.
  return events.filter((event) => inserted.delete(`${event.provider}\n${event.providerEventId}`));
}

/** Writes what is known of the sends now. */
export async function updateSends(
  trx: TenantTrx,
  sends: readonly { sendId: string; providerMessageId: string | null; progress: SendProgress }[],
): Promise<void> {
  const values = sends.map(({ sendId, providerMessageId, progress: p }) => ({
    send_id: sendId,
    provider_message_id: providerMessageId,
    status: p.status,
    open_count: p.openCount,
    machine_open_count: p.machineOpenCount,
    click_count: p.clickCount,
    delivered_at: p.deliveredAt,
    opened_at: p.openedAt,
    clicked_at: p.clickedAt,
    bounced_at: p.bouncedAt,
    bounce_class: p.bounceClass,
    soft_bounce_count: p.softBounceCount,
    unsubscribed_at: p.unsubscribedAt,
    complained_at: p.complainedAt,
    answered_at: p.answeredAt,
    error: p.error,
  }));
  await sql`
    update outreach_messages m set
      status = x.status, provider_message_id = coalesce(m.provider_message_id, x.provider_message_id),
      open_count = x.open_count, machine_open_count = x.machine_open_count, click_count = x.click_count,
      delivered_at = x.delivered_at, opened_at = x.opened_at, clicked_at = x.clicked_at,
      bounced_at = x.bounced_at, bounce_class = x.bounce_class, soft_bounce_count = x.soft_bounce_count,
      unsubscribed_at = x.unsubscribed_at, complained_at = x.complained_at, answered_at = x.answered_at,
      error = x.error, updated_at = now()
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as x(
      send_id uuid, provider_message_id text, status text, open_count int, machine_open_count int, click_count int,
      delivered_at timestamptz, opened_at timestamptz, clicked_at timestamptz, bounced_at timestamptz,
      bounce_class text, soft_bounce_count int, unsubscribed_at timestamptz, complained_at timestamptz,
      answered_at timestamptz, error text)
    where m.tenant_id = ${trx.tenantId} and m.send_id = x.send_id
  `.execute(trx.db);
}

/** Settles the open attempts of sends that are now known to have left. */
export async function settleAsSent(trx: TenantTrx, sends: readonly LockedSend[]): Promise<void> {
  if (sends.length === 0) return;
  await sql`
    update cost_ledger set outcome = 'ok'
    where tenant_id = ${trx.tenantId} and kind = 'send' and outcome in ('reserved', 'unknown')
      and property_id = any(${sends.map((send) => send.propertyId)}::uuid[])
      and reference = any(${sends.map((send) => send.sendId)}::text[])
  `.execute(trx.db);
}

/** Locks properties that are about to move, in the order of their ids. */
export async function lockProperties(trx: TenantTrx, propertyIds: readonly string[]): Promise<void> {
  if (propertyIds.length === 0) return;
  await sql`
    select id from properties where tenant_id = ${trx.tenantId} and id = any(${[...new Set(propertyIds)]}::uuid[])
    order by id for no key update
  `.execute(trx.db);
}
