import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import type { ContactDetails, ContactKind } from '../../domain/outreach/contact.ts';
import type { TenantTrx } from '../tenant.ts';
import { type ContactKeys, sealDetails } from './contacts.ts';
import { type ListedContact, listContacts } from './contacts-list.ts';

/**
 * The contact of an id.
 * @throws ReosError `not_found`, the same for an id of another tenant
 */
export async function contactOfId(trx: TenantTrx, keys: ContactKeys, contactId: string): Promise<ListedContact> {
  const [found] = await listContacts(trx, keys, { id: contactId, limit: 1 });
  if (found !== undefined) return found;
  throw new ReosError('not_found', `There is no contact ${contactId}.`);
}

/** Contacts in order of their ids, those after `afterId`. */
export async function listContactPage(
  trx: TenantTrx,
  keys: ContactKeys,
  filter: {
    kind?: ContactKind | undefined;
    status?: 'active' | 'archived' | undefined;
    tag?: string | undefined;
    afterId: string | undefined;
    limit: number;
  },
): Promise<ListedContact[]> {
  const ids = await trx.db
    .selectFrom('contacts')
    .select('id')
    .where('tenantId', '=', trx.tenantId)
    .$if(filter.kind !== undefined, (query) => query.where('kind', '=', filter.kind!))
    .$if(filter.status !== undefined, (query) => query.where('status', '=', filter.status!))
    .$if(filter.tag !== undefined, (query) => query.where(sql<boolean>`${filter.tag} = any(tags)`))
    .$if(filter.afterId !== undefined, (query) => query.where('id', '>', filter.afterId!))
    .orderBy('id')
    .limit(filter.limit)
    .execute();
  if (ids.length === 0) return [];
  return listContacts(trx, keys, { ids: ids.map(({ id }) => id), limit: filter.limit });
}

/** How many contacts a search opens for one page. */
export const SEARCHED_CONTACTS = 5_000;
/** Contacts that are opened between two looks at what else is to be done. */
const OPENED_AT_ONCE = 500;

/**
 * Contacts that have all the words in what is known of them, in order of their ids. Names and addresses are sealed, so
 * that each contact is opened: at most `SEARCHED_CONTACTS` of those after the place.
 * @returns `lookedTo`: the last contact that was opened when there are more to open; null otherwise
 */
export async function searchContactPage(
  trx: TenantTrx,
  keys: ContactKeys,
  filter: Parameters<typeof listContactPage>[2] & { words: string },
): Promise<{ rows: ListedContact[]; lookedTo: string | null }> {
  const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean);
  const rows: ListedContact[] = [];
  let afterId = filter.afterId;
  for (let looked = 0; looked < SEARCHED_CONTACTS; looked += OPENED_AT_ONCE) {
    const batch = await listContactPage(trx, keys, { ...filter, afterId, limit: OPENED_AT_ONCE });
    for (const contact of batch) {
      if (!hasWords(contact, words)) continue;
      rows.push(contact);
      if (rows.length === filter.limit) return { rows, lookedTo: null };
    }
    if (batch.length < OPENED_AT_ONCE) return { rows, lookedTo: null };
    afterId = batch.at(-1)?.id;
  }
  return { rows, lookedTo: afterId ?? null };
}

function hasWords({ details, state, tags, source }: ListedContact, words: readonly string[]): boolean {
  const post = details.postalAddress;
  const known = [details.name, details.email, details.phone, post?.line1, post?.line2, post?.city, post?.zipCode];
  const text = [...known, state, source, ...tags].filter(Boolean).join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

/**
 * Writes what is known of a contact anew. An address that another contact of the kind has is refused.
 * @throws ReosError `conflict` for an erased contact or an address that is taken, `suppressed` for one that was erased
 */
export async function changeContact(
  trx: TenantTrx,
  keys: ContactKeys,
  contact: ListedContact,
  change: { details: ContactDetails; timeZone: string; state: string | null; tags: readonly string[] },
): Promise<void> {
  if (contact.erasedAt !== null) throw new ReosError('conflict', 'The contact was erased and cannot come back.');
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${trx.tenantId}:contacts:${contact.kind}`}, 0))`.execute(
    trx.db,
  );
  const sealed = sealDetails(keys, trx.tenantId, contact.id, change.details);
  const own = [contact.emailHash, contact.phoneHash, contact.postalHash];
  const added = [sealed.emailHash, sealed.phoneHash, sealed.postalHash].filter(
    (hash): hash is string => hash !== null && !own.includes(hash),
  );
  const erased = await trx.db
    .selectFrom('suppressions')
    .select('reason')
    .where('tenantId', '=', trx.tenantId)
    .where('reason', '=', 'erased')
    .where('addressHash', '=', sql<string>`any(${added}::text[])`)
    .executeTakeFirst();
  if (erased !== undefined) {
    throw new ReosError('suppressed', 'The person of this address asked to be erased and is not stored again.');
  }
  if (sealed.emailHash !== null) {
    const taken = await trx.db
      .selectFrom('contacts')
      .select('id')
      .where('tenantId', '=', trx.tenantId)
      .where('kind', '=', contact.kind)
      .where('emailHash', '=', sealed.emailHash)
      .where('id', '!=', contact.id)
      .executeTakeFirst();
    if (taken !== undefined) throw new ReosError('conflict', `The contact ${taken.id} has this e-mail address.`);
  }
  await trx.db
    .updateTable('contacts')
    .set({
      ...sealed,
      timeZone: change.timeZone,
      state: change.state,
      tags: [...change.tags],
      updatedAt: sql<Date>`now()`,
    })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', contact.id)
    .execute();
}
