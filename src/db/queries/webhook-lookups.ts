import { sql } from 'kysely';
import type { SystemTrx } from '../tenant.ts';

/** A send and whose it is. */
export interface OwnedSend {
  tenantId: string;
  sendId: string;
}

/** The send that a provider knows by its own id; null when none has it. Of several, the newest. */
export async function findSendByProviderId(
  trx: SystemTrx,
  provider: string,
  providerMessageId: string,
): Promise<OwnedSend | null> {
  const row = await trx.db
    .selectFrom('outreachMessages')
    .select(['tenantId', 'sendId'])
    .where('provider', '=', provider)
    .where('providerMessageId', '=', providerMessageId)
    .orderBy('createdAt', 'desc')
    .executeTakeFirst();
  return row ?? null;
}

/**
 * The send that an e-mail answers: by the token of its Reply-To address, whoever writes; else by the ids it refers to,
 * which count only when they come from the address that the send went to. Null when it answers none of ours.
 * @param messageIds what stands before the `@` of the ids, newest first; it begins with the provider's id of the message
 * @param senderHash hash of the address that writes; null when it is not known
 */
export async function findRepliedSend(
  trx: SystemTrx,
  reply: { tokens: readonly string[]; messageIds: readonly string[]; senderHash: string | null },
): Promise<OwnedSend | null> {
  if (reply.tokens.length > 0) {
    const tokens = reply.tokens.flatMap((token) => [token, `reply+${token}`]);
    const row = await trx.db
      .selectFrom('outreachMessages')
      .select(['tenantId', 'sendId'])
      .where('replyToken', 'in', tokens)
      .executeTakeFirst();
    if (row !== undefined) return row;
  }
  if (reply.messageIds.length === 0 || reply.senderHash === null) return null;
  const ids = reply.messageIds.flatMap((id) => [id, id.split('.')[0] as string]);
  const row = await trx.db
    .selectFrom('outreachMessages')
    .select(['tenantId', 'sendId'])
    .where('provider', '=', 'sendgrid')
    .where('providerMessageId', 'in', [...new Set(ids)])
    .where('addressHash', '=', reply.senderHash)
    .orderBy('createdAt', 'desc')
    .executeTakeFirst();
  return row ?? null;
}

/** A tenant that wrote to a phone, or has it among its contacts. */
export interface TextingTenant {
  tenantId: string;
  tenantName: string;
  /** Its last text message to the phone; null when it never wrote. */
  sendId: string | null;
}

/** Every tenant that knows a phone by its hash, the one that wrote last first. */
export async function findTextingTenants(trx: SystemTrx, phoneHash: string): Promise<TextingTenant[]> {
  const { rows } = await sql<TextingTenant>`
    select t.id as tenant_id, t.name as tenant_name, m.send_id
    from tenants t
    left join lateral (
      select send_id, sending_at from outreach_messages
      where tenant_id = t.id and address_hash = ${phoneHash} and channel = 'sms' and sending_at is not null
      order by sending_at desc limit 1) m on true
    where m.send_id is not null
      or exists (select 1 from contacts c where c.tenant_id = t.id and c.phone_hash = ${phoneHash})
    order by m.sending_at desc nulls last, t.id
  `.execute(trx.db);
  return rows;
}
