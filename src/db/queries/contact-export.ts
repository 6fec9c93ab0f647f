import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/** Rows of a table as they are stored, keys in snake_case, without what is no answer to a person (tenant, secrets). */
type Rows = Record<string, unknown>[];

/** Everything that is stored about a contact besides its own row, its consents and suppressions. */
export async function loadContactRecords(
  trx: TenantTrx,
  contactId: string,
  addressHashes: readonly string[],
): Promise<{ messages: Rows; events: Rows; inbound: Rows; erasures: Rows }> {
  const read = async (query: ReturnType<typeof sql<{ row: Record<string, unknown> }>>) =>
    (await query.execute(trx.db)).rows.map(({ row }) => row);
  const { tenantId } = trx;
  return {
    messages: await read(sql`
      select to_jsonb(m) - array['tenant_id', 'unsubscribe_token', 'reply_token', 'address_hash'] as row
      from outreach_messages m where m.tenant_id = ${tenantId} and m.contact_id = ${contactId} order by m.created_at`),
    events: await read(sql`
      select to_jsonb(e) - array['tenant_id'] as row from outreach_events e
      join outreach_messages m on m.tenant_id = e.tenant_id and m.send_id = e.send_id
      where e.tenant_id = ${tenantId} and m.contact_id = ${contactId} order by e.at`),
    inbound: await read(sql`
      select to_jsonb(i) - array['tenant_id', 'address_hash'] as row from inbound_messages i
      where i.tenant_id = ${tenantId}
        and (i.contact_id = ${contactId} or i.address_hash = any(${[...addressHashes]}::text[])) order by i.received_at`),
    erasures: await read(sql`
      select to_jsonb(e) - array['tenant_id', 'address_hashes'] as row from erasures e
      where e.tenant_id = ${tenantId} and e.contact_id = ${contactId} order by e.at`),
  };
}
