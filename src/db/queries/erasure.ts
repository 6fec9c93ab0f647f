import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';
import { eraseAuditSubject } from './audit.ts';
import { appendEvents } from './events.ts';
import { suppressAddresses } from './suppressions.ts';

/** What was removed for a person. */
export interface ErasureCounts {
  /** Planned messages that will not leave. */
  pendingSends: number;
  /** Messages that keep their ids and statuses, without what they said or went to. */
  messages: number;
  inboundMessages: number;
  consents: number;
  buyBoxes: number;
  propertyLinks: number;
  /** Addresses that nobody writes to again. */
  suppressions: number;
}

/** Every send of the contact: their files in a local outbox carry these ids. `inFlight`: how many are just leaving. */
export async function listSendsOf(trx: TenantTrx, contactId: string): Promise<{ ids: string[]; inFlight: number }> {
  const rows = await trx.db
    .selectFrom('outreachMessages')
    .select(['sendId', 'status'])
    .where('tenantId', '=', trx.tenantId)
    .where('contactId', '=', contactId)
    .execute();
  return { ids: rows.map((row) => row.sendId), inFlight: rows.filter((row) => row.status === 'sending').length };
}

/**
 * Forgets a person: sealed details and what was received are removed, planned messages end, and the contact stays as a
 * stump without a name. What remains is ids, times, statuses and costs, and the keyed hashes under which the addresses
 * are suppressed, so that nobody writes to them again. All of it in this one transaction; a second time finds nothing
 * left to do, and says so. What was done leaves a record with its counts.
 */
export async function eraseContact(
  trx: TenantTrx,
  erasure: { contactId: string; requestedBy: string; at: Date },
): Promise<{ wasErased: boolean; counts: ErasureCounts }> {
  const { contactId, at } = erasure;
  const { tenantId } = trx;
  const pending = await lockPending(trx, contactId);
  const contact = await trx.db
    .selectFrom('contacts')
    .select(['emailHash', 'phoneHash', 'postalHash', 'erasedAt'])
    .where('tenantId', '=', tenantId)
    .where('id', '=', contactId)
    .executeTakeFirst();
  if (contact === undefined)
    throw new ReosError('not_found', `There is no contact ${contactId}. See: reos contact list`);
  const addresses = await listAddresses(trx, contactId, contact);
  // Takes the lock of each address, as a send does behind its row: none is reserved once this has committed.
  const suppressions = await suppressAddresses(
    trx,
    addresses.map((address) => ({ ...address, reason: 'erased' as const, at, source: 'erasure' })),
  );
  await markErased(trx, addresses, at);
  const removed = async (query: Promise<{ rows: unknown[] }>) => (await query).rows.length;
  const counts: ErasureCounts = {
    pendingSends: pending.length,
    messages: await removed(
      sql`
        update outreach_messages set
          status = case when status = 'pending' then 'error' else status end,
          error = case when status = 'pending' then 'Not sent: the contact was erased'
            when error is not null then 'Removed: the contact was erased' end,
          held_reason = null, held_until = null, address_hash = null, recipient_domain = null, reply_token = null, updated_at = ${at}
        where tenant_id = ${tenantId} and contact_id = ${contactId}
          and (status = 'pending' or address_hash is not null or recipient_domain is not null or reply_token is not null
            or (error is not null and error not like '%the contact was erased'))
        returning send_id`.execute(trx.db),
    ),
    inboundMessages: await removed(
      sql`
        update inbound_messages set sealed = null, address_hash = 'erased'
        where tenant_id = ${tenantId} and address_hash <> 'erased'
          and (contact_id = ${contactId} or address_hash = any(${addresses.map((one) => one.addressHash)}::text[])
            or send_id in (select send_id from outreach_messages where tenant_id = ${tenantId} and contact_id = ${contactId}))
        returning id`.execute(trx.db),
    ),
    consents: await removed(
      sql`
        delete from consents where tenant_id = ${tenantId}
          and (contact_id = ${contactId} or address_hash = any(${addresses.map((one) => one.addressHash)}::text[]))
        returning id`.execute(trx.db),
    ),
    buyBoxes: await removed(
      sql`delete from buy_boxes where tenant_id = ${tenantId} and contact_id = ${contactId} returning id`.execute(
        trx.db,
      ),
    ),
    propertyLinks: await removed(
      sql`delete from property_contacts where tenant_id = ${tenantId} and contact_id = ${contactId} returning property_id`.execute(
        trx.db,
      ),
    ),
    suppressions,
  };
  await removeReasons(trx, contactId);
  await eraseAuditSubject(trx, contactId);
  await sql`
    update contacts set sealed = null, name = null, email = null, phone = null, postal_address = null,
      email_hash = null, phone_hash = null, postal_hash = null, state = null, tags = '{}', source = null,
      status = 'archived', erased_at = coalesce(erased_at, ${at}), updated_at = ${at}
    where tenant_id = ${tenantId} and id = ${contactId}`.execute(trx.db);
  const wasErased = contact.erasedAt !== null;
  if (wasErased && Object.values(counts).every((count) => count === 0)) return { wasErased, counts };
  await trx.db
    .insertInto('erasures')
    .values({
      tenantId,
      contactId,
      addressHashes: addresses.map((address) => address.addressHash),
      counts: json({ ...counts }),
      requestedBy: erasure.requestedBy,
      at,
    })
    .execute();
  await tellTimeline(trx, contactId, pending, at);
  return { wasErased, counts };
}

/** Rows before addresses, as sends lock them; in one order, so that two erasures do not block each other. */
async function lockPending(trx: TenantTrx, contactId: string) {
  return trx.db
    .selectFrom('outreachMessages')
    .select(['sendId', 'propertyId', 'channel'])
    .where('tenantId', '=', trx.tenantId)
    .where('contactId', '=', contactId)
    .where('status', '=', 'pending')
    .orderBy('sendId')
    .forUpdate()
    .execute();
}

type Address = { channel: 'email' | 'sms' | 'mail'; addressHash: string };

/** The addresses of the contact now, those it was written to before, and those it wrote from. */
async function listAddresses(
  trx: TenantTrx,
  contactId: string,
  contact: { emailHash: string | null; phoneHash: string | null; postalHash: string | null },
): Promise<Address[]> {
  const { rows } = await sql<Address>`
    select 'email' as channel, ${contact.emailHash}::text as address_hash where ${contact.emailHash}::text is not null
    union select 'sms', ${contact.phoneHash}::text where ${contact.phoneHash}::text is not null
    union select 'mail', ${contact.postalHash}::text where ${contact.postalHash}::text is not null
    union select channel, address_hash from outreach_messages
      where tenant_id = ${trx.tenantId} and contact_id = ${contactId} and address_hash is not null
    union select channel, address_hash from consents where tenant_id = ${trx.tenantId} and contact_id = ${contactId}
    union select channel, address_hash from inbound_messages
      where tenant_id = ${trx.tenantId} and contact_id = ${contactId} and address_hash <> 'erased'
    order by 1, 2
  `.execute(trx.db);
  return rows;
}

/** Gives way to nothing: an address that was suppressed for another reason is now that of an erased person. */
async function markErased(trx: TenantTrx, addresses: readonly Address[], at: Date): Promise<void> {
  for (const { channel, addressHash } of addresses) {
    await trx.db
      .updateTable('suppressions')
      .set({ reason: 'erased', at, expiresAt: null, source: 'erasure' })
      .where('tenantId', '=', trx.tenantId)
      .where('channel', '=', channel)
      .where('addressHash', '=', addressHash)
      .where('reason', '<>', 'erased')
      .execute();
  }
}

/** What providers said about a message may name its recipient. */
async function removeReasons(trx: TenantTrx, contactId: string): Promise<void> {
  await sql`
    update outreach_events set detail = detail - 'reason' - 'url'
    where tenant_id = ${trx.tenantId} and detail ?| array['reason', 'url']
      and send_id in (select send_id from outreach_messages where tenant_id = ${trx.tenantId} and contact_id = ${contactId})
  `.execute(trx.db);
}

async function tellTimeline(
  trx: TenantTrx,
  contactId: string,
  pending: readonly { sendId: string; propertyId: string; channel: string }[],
  at: Date,
): Promise<void> {
  await appendEvents(
    trx,
    pending.map(({ sendId, propertyId, channel }) => ({
      eventType: 'timeline.updated' as const,
      propertyId,
      correlationId: sendId,
      payload: {
        kind: `${channel}.erased`,
        send_id: sendId,
        contact_id: contactId,
        status: 'error',
        at: at.toISOString(),
      },
      source: 'erasure',
    })),
  );
}
