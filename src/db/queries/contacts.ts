import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { addressFor, type ChannelKind, type ContactDetails, type ContactKind } from '../../domain/outreach/contact.ts';
import type { Sealer } from '../sealer.ts';
import type { SystemTrx, TenantTrx } from '../tenant.ts';
import { hashAddress } from './suppressions.ts';

/** What contact data is sealed and looked up with. */
export interface ContactKeys {
  sealer: Sealer;
  /** Secret of the address hashes. */
  hashKey: string;
}

/** A contact with its details opened. */
export interface Contact {
  id: string;
  kind: ContactKind;
  status: 'active' | 'archived';
  details: ContactDetails;
  timeZone: string;
  state: string | null;
  tags: string[];
  source: string | null;
  createdAt: Date;
}

/** A contact to write; its id is made when left out. */
export interface NewContact {
  id?: string;
  kind: ContactKind;
  details: ContactDetails;
  timeZone: string;
  state: string | null;
  tags?: readonly string[];
  source?: string | null;
}

const ownerOf = (tenantId: string, id: string) => `contact:${tenantId}:${id}`;

/** The columns that hold a contact's details: the sealed document and one hash per address. */
export function sealDetails(keys: ContactKeys, tenantId: string, id: string, details: ContactDetails) {
  const hash = (channel: ChannelKind) => {
    const address = addressFor(channel, details);
    return address === null ? null : hashAddress(keys.hashKey, channel, address);
  };
  return {
    sealed: keys.sealer.seal(ownerOf(tenantId, id), JSON.stringify(details)),
    emailHash: hash('email'),
    phoneHash: hash('sms'),
    postalHash: hash('mail'),
  };
}

const NOBODY: ContactDetails = { name: 'Erased contact', email: null, phone: null, postalAddress: null };

/** The details of a row. An erased contact has none left. */
export function openDetails(
  keys: Pick<ContactKeys, 'sealer'>,
  tenantId: string,
  row: { id: string; sealed: string | null },
): ContactDetails {
  return row.sealed === null
    ? NOBODY
    : (JSON.parse(keys.sealer.open(ownerOf(tenantId, row.id), row.sealed)) as ContactDetails);
}

/**
 * Adds a contact, or leaves the one with the same id or (per kind) the same e-mail address as it is.
 * @returns the id of the contact that is there now, and whether it is new
 */
export async function insertContact(
  trx: TenantTrx,
  keys: ContactKeys,
  contact: NewContact,
): Promise<{ id: string; isNew: boolean }> {
  const id = contact.id ?? randomUUID();
  const sealed = sealDetails(keys, trx.tenantId, id, contact.details);
  const inserted = await trx.db
    .insertInto('contacts')
    .values({
      tenantId: trx.tenantId,
      id,
      kind: contact.kind,
      ...sealed,
      timeZone: contact.timeZone,
      state: contact.state,
      tags: [...(contact.tags ?? [])],
      source: contact.source ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .execute();
  if (inserted.length > 0) return { id, isNew: true };
  const known = await trx.db
    .selectFrom('contacts')
    .select('id')
    .where('tenantId', '=', trx.tenantId)
    .where('kind', '=', contact.kind)
    .where((eb) => eb.or([eb('id', '=', id), eb('emailHash', '=', sealed.emailHash)]))
    .executeTakeFirst();
  return { id: known?.id ?? id, isNew: false };
}

/** The contact with its details; null when the tenant has none of that id. */
export async function readContact(trx: TenantTrx, keys: ContactKeys, id: string): Promise<Contact | null> {
  const row = await trx.db
    .selectFrom('contacts')
    .select(['id', 'kind', 'status', 'sealed', 'timeZone', 'state', 'tags', 'source', 'createdAt'])
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { sealed, ...plain } = row;
  return {
    ...plain,
    kind: row.kind as ContactKind,
    status: row.status as Contact['status'],
    details: openDetails(keys, trx.tenantId, { id, sealed }),
  };
}

/**
 * Seals the contacts that an earlier version left readable, at most 1,000 at a time, and empties the readable columns.
 * Run at each start after migrating, until it returns 0.
 */
export async function sealReadableContacts(trx: SystemTrx, keys: ContactKeys): Promise<number> {
  const { rows } = await sql<{
    tenantId: string;
    id: string;
    name: string | null;
    email: string | null;
    phone: string | null;
  }>`
    select tenant_id, id, name, email, phone from contacts
    where sealed is null and erased_at is null limit 1000 for update skip locked
  `.execute(trx.db);
  for (const { tenantId, id, name, email, phone } of rows) {
    await trx.db
      .updateTable('contacts')
      .set({
        ...sealDetails(keys, tenantId, id, { name: name ?? '', email, phone, postalAddress: null }),
        name: null,
        email: null,
        phone: null,
        postalAddress: null,
      })
      .where('tenantId', '=', tenantId)
      .where('id', '=', id)
      .execute();
  }
  return rows.length;
}
