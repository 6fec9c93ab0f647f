import type { Database } from '../../src/db/connect.ts';
import { contactKeys } from '../../src/db/contact-keys.ts';
import { insertContact, type NewContact } from '../../src/db/queries/contacts.ts';
import { withTenant } from '../../src/db/tenant.ts';
import type { ContactDetails } from '../../src/domain/outreach/contact.ts';

/** The keys that tests seal and look up contacts with. */
export const TEST_CONTACT_KEYS = contactKeys({ contactData: '5a'.repeat(32), addressHash: 'test-hash-key' });

/** Adds a contact through the product's own door; returns its id. */
export async function addTestContact(
  db: Database,
  tenantId: string,
  details: Partial<ContactDetails>,
  more: Partial<Omit<NewContact, 'details'>> = {},
): Promise<string> {
  const { id } = await withTenant(db, tenantId, (trx) =>
    insertContact(trx, TEST_CONTACT_KEYS, {
      kind: 'investor',
      timeZone: 'America/New_York',
      state: null,
      ...more,
      details: { name: 'Investor', email: null, phone: null, postalAddress: null, ...details },
    }),
  );
  return id;
}
