import type { ContactKeys } from './queries/contacts.ts';
import { createSealer } from './sealer.ts';

/** The keys of contact data from the installation's derived secrets. */
export function contactKeys(keys: { contactData: string; addressHash: string }): ContactKeys {
  return { sealer: createSealer(keys.contactData), hashKey: keys.addressHash };
}
