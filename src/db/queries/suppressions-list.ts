import { sql } from 'kysely';
import type { ChannelKind } from '../../domain/outreach/contact.ts';
import type { TenantTrx } from '../tenant.ts';
import type { SuppressionRow } from './suppressions.ts';

/** Place in the list: by time, then by channel and hash. `micros` since 1970. */
export interface SuppressionPlace {
  micros: number;
  channel: string;
  addressHash: string;
}

/** The tenant's list, the newest first; those that have ended are left out unless asked for. */
export async function pageSuppressions(
  trx: TenantTrx,
  filter: {
    channel: ChannelKind | undefined;
    addressHash: string | undefined;
    withEnded: boolean;
    now: Date;
    after: SuppressionPlace | undefined;
    limit: number;
  },
): Promise<Array<SuppressionRow & { micros: number }>> {
  const { channel, addressHash, after } = filter;
  const { rows } = await sql<SuppressionRow & { micros: number }>`
    select s.channel, s.address_hash, s.reason, s.at, s.expires_at, s.source,
      (extract(epoch from s.at) * 1000000)::float8 as micros, (
      select c.id from contacts c where c.tenant_id = s.tenant_id and s.address_hash in (c.email_hash, c.phone_hash, c.postal_hash)
      limit 1) as contact_id
    from suppressions s
    where s.tenant_id = ${trx.tenantId}
      ${channel === undefined ? sql`` : sql`and s.channel = ${channel}`}
      ${addressHash === undefined ? sql`` : sql`and s.address_hash = ${addressHash}`}
      ${filter.withEnded ? sql`` : sql`and (s.expires_at is null or s.expires_at > ${filter.now})`}
      ${
        after === undefined
          ? sql``
          : sql`and (s.at, s.channel, s.address_hash) <
              (timestamptz 'epoch' + ${after.micros}::float8 * interval '1 microsecond', ${after.channel}, ${after.addressHash})`
      }
    order by s.at desc, s.channel desc, s.address_hash desc limit ${filter.limit}
  `.execute(trx.db);
  return rows;
}

/** Takes an address off the list; a person answers for it. Returns what was there; undefined when nothing was. */
export function removeSuppression(
  trx: TenantTrx,
  of: { channel: ChannelKind; addressHash: string },
): Promise<{ reason: string } | undefined> {
  return trx.db
    .deleteFrom('suppressions')
    .where('tenantId', '=', trx.tenantId)
    .where('channel', '=', of.channel)
    .where('addressHash', '=', of.addressHash)
    .returning('reason')
    .executeTakeFirst();
}
