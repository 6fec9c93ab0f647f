import { sql } from 'kysely';
import type { ContactKind } from '../../domain/outreach/contact.ts';
import type { TenantTrx } from '../tenant.ts';
import { type Contact, type ContactKeys, openDetails } from './contacts.ts';

/** A contact in a list, with the hashes that its addresses are looked up by. */
export interface ListedContact extends Contact {
  emailHash: string | null;
  phoneHash: string | null;
  postalHash: string | null;
  erasedAt: Date | null;
}

/** Contacts, newest first. `addressHash` finds those with an address. */
export async function listContacts(
  trx: TenantTrx,
  keys: ContactKeys,
  filter: {
    id?: string;
    /** These, in order of their ids. */
    ids?: readonly string[];
    kind?: ContactKind;
    tag?: string;
    status?: 'active' | 'archived';
    addressHash?: string;
    limit: number;
  },
): Promise<ListedContact[]> {
  const rows = await trx.db
    .selectFrom('contacts')
    .select(['id', 'kind', 'status', 'sealed', 'timeZone', 'state', 'tags', 'source', 'createdAt', 'erasedAt'])
    .select(['emailHash', 'phoneHash', 'postalHash'])
    .where('tenantId', '=', trx.tenantId)
    .$if(filter.id !== undefined, (query) => query.where('id', '=', filter.id!))
    .$if(filter.kind !== undefined, (query) => query.where('kind', '=', filter.kind!))
    .$if(filter.status !== undefined, (query) => query.where('status', '=', filter.status!))
    .$if(filter.tag !== undefined, (query) => query.where(sql<boolean>`${filter.tag} = any(tags)`))
    .$if(filter.addressHash !== undefined, (query) =>
      query.where(sql<boolean>`${filter.addressHash} in (email_hash, phone_hash, postal_hash)`),
    )
    .$if(filter.ids !== undefined, (query) => query.where('id', 'in', [...filter.ids!]).orderBy('id'))
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .limit(filter.limit)
    .execute();
  return rows.map(({ sealed, ...row }) => ({
    ...row,
    kind: row.kind as ContactKind,
    status: row.status as Contact['status'],
    details: openDetails(keys, trx.tenantId, { id: row.id, sealed }),
  }));
}

/** Every address that the contact has now, as channel and hash. */
export function addressHashes(
  contact: Pick<ListedContact, 'emailHash' | 'phoneHash' | 'postalHash'>,
): { channel: 'email' | 'sms' | 'mail'; addressHash: string }[] {
  const all = [
    { channel: 'email' as const, addressHash: contact.emailHash },
    { channel: 'sms' as const, addressHash: contact.phoneHash },
    { channel: 'mail' as const, addressHash: contact.postalHash },
  ];
  return all.flatMap(({ channel, addressHash }) => (addressHash === null ? [] : [{ channel, addressHash }]));
}

/** Puts a contact away, or brings it back: an archived one gets no messages. Returns false when it was so already. */
export async function setContactStatus(trx: TenantTrx, id: string, status: 'active' | 'archived'): Promise<boolean> {
  const changed = await trx.db
    .updateTable('contacts')
    .set({ status, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .where('status', '<>', status)
    .where('erasedAt', 'is', null)
    .returning('id')
    .execute();
  return changed.length > 0;
}
