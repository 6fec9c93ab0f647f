import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import { parseMessageStatus } from '../../domain/outreach/merge-status.ts';
import type { TenantTrx } from '../tenant.ts';
import { appendEvent } from './events.ts';
import { holdProperty } from './outreach-property.ts';
import { recordSent } from './outreach-send.ts';

/** A send of which nobody knows whether it left. */
export interface UnknownSend {
  sendId: string;
  channel: string;
  provider: string | null;
  propertyId: string;
  address: string | null;
  apn: string | null;
  campaign: string;
  step: number;
  contactId: string;
  /** Sealed name and addresses of the contact. */
  sealed: string | null;
  /** When the attempt began whose end is not known. */
  since: Date | null;
  why: string | null;
  costMicros: number;
}

/** Sends in `unknown`, oldest first: webhooks may still settle them, else a person does. */
export async function listUnknownSends(trx: TenantTrx, limit: number): Promise<UnknownSend[]> {
  return trx.db
    .selectFrom('outreachMessages as m')
    .innerJoin('contacts as c', (join) => join.onRef('c.tenantId', '=', 'm.tenantId').onRef('c.id', '=', 'm.contactId'))
    .innerJoin('campaigns as g', (join) =>
      join.onRef('g.tenantId', '=', 'm.tenantId').onRef('g.id', '=', 'm.campaignId'),
    )
    .innerJoin('properties as p', (join) =>
      join.onRef('p.tenantId', '=', 'm.tenantId').onRef('p.id', '=', 'm.propertyId'),
    )
    .select([
      'm.sendId',
      'm.channel',
      'm.provider',
      'm.propertyId',
      'p.address',
      'p.apn',
      'g.name as campaign',
      'm.step',
    ])
    .select(['m.contactId', 'c.sealed', 'm.sendingAt as since', 'm.error as why', 'm.costMicros'])
    .where('m.tenantId', '=', trx.tenantId)
    .where('m.status', '=', 'unknown')
    .orderBy('m.sendingAt')
    .limit(limit)
    .execute();
}

/** A person's decision about a send whose outcome is not known. */
export interface Settlement {
  sendId: string;
  as: 'sent' | 'error';
  note: string;
  by: string;
  at: Date;
}

/**
 * Settles an unknown send as a person found it: `sent` counts as a message that left when the attempt began, `error` as
 * one that did not, which costs nothing. Nothing is posted, now or later. The same decision again changes nothing.
 * @throws ReosError `not_found`; `conflict` when the send is not unknown
 */
export async function settleUnknownSend(trx: TenantTrx, settlement: Settlement): Promise<'settled' | 'as before'> {
  const { sendId, as, note, by, at } = settlement;
  const send = await trx.db
    .selectFrom('outreachMessages')
    .selectAll()
    .where('tenantId', '=', trx.tenantId)
    .where('sendId', '=', sendId)
    .forUpdate()
    .executeTakeFirst();
  if (send === undefined) throw new ReosError('not_found', `There is no send ${sendId}. See: reos outreach unknowns`);
  const status = parseMessageStatus(send.status);
  if (status !== 'unknown') {
    if (send.settledAt !== null && status === as) return 'as before';
    throw new ReosError('conflict', `The send ${sendId} is '${status}', not 'unknown': there is nothing to settle.`);
  }
  const change = as === 'sent' ? { error: null } : { error: `Not sent, as a person found out: ${note}`, costMicros: 0 };
  await trx.db
    .updateTable('outreachMessages')
    .set({ status: as, settledBy: by, settledAt: at, updatedAt: at, ...change })
    .where('tenantId', '=', trx.tenantId)
    .where('sendId', '=', sendId)
    .execute();
  if (as === 'sent') await recordSent(trx, send, send.sendingAt ?? at, 'operator');
  else await holdProperty(trx, send.propertyId, { reason: null, until: null });
  await settleCost(trx, send, as);
  await appendEvent(trx, {
    eventType: 'timeline.updated',
    propertyId: send.propertyId,
    correlationId: sendId,
    payload: {
      kind: `${send.channel}.settled`,
      send_id: sendId,
      contact_id: send.contactId,
      status: as,
      note,
      at: at.toISOString(),
    },
    source: 'operator',
    userId: by,
  });
  return 'settled';
}

/** The attempt's price stays where the message left, and falls away where it did not. */
async function settleCost(trx: TenantTrx, send: { sendId: string; propertyId: string }, as: 'sent' | 'error') {
  await sql`
    update cost_ledger set outcome = ${as === 'sent' ? 'ok' : 'error'},
      cost_micros = case when ${as === 'sent'} then cost_micros else 0 end
    where tenant_id = ${trx.tenantId} and property_id = ${send.propertyId} and reference = ${send.sendId}
      and kind = 'send' and outcome in ('reserved', 'unknown')
  `.execute(trx.db);
}
