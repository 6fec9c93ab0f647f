import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/** What an owner's property is called: its id, or a parcel number or address within its county. */
export interface PropertyKey {
  propertyId: string | null;
  countyFips: string | null;
  /** `apn:…` or `address:…`, as aliases have it. */
  identity: string | null;
}

/** The property of each key, in order; null where the tenant has none. */
export async function findProperties(trx: TenantTrx, wanted: readonly PropertyKey[]): Promise<(string | null)[]> {
  const ids = wanted.flatMap(({ propertyId }) => (propertyId === null ? [] : [propertyId]));
  const identities = wanted.flatMap(({ identity }) => (identity === null ? [] : [identity]));
  const { rows } = await sql<{ id: string; key: string }>`
    select p.id, p.id::text as key from properties p where p.tenant_id = ${trx.tenantId} and p.id = any(${ids}::uuid[])
    union all
    select a.property_id, a.county_fips || ' ' || a.identity from property_aliases a
    where a.tenant_id = ${trx.tenantId} and a.identity = any(${identities}::text[])
  `.execute(trx.db);
  const found = new Map(rows.map((row) => [row.key, row.id]));
  return wanted.map((key) => found.get(key.propertyId ?? `${key.countyFips} ${key.identity}`) ?? null);
}

/** A contact of a property. */
export interface PropertyContact {
  propertyId: string;
  contactId: string;
  role: string;
  source: string;
}

/** Links contacts to properties; a link that exists stays. Returns how many are new. */
export async function linkContacts(trx: TenantTrx, links: readonly PropertyContact[]): Promise<number> {
  if (links.length === 0) return 0;
  const written = await trx.db
    .insertInto('propertyContacts')
    .values(links.map((link) => ({ tenantId: trx.tenantId, ...link })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('propertyId')
    .execute();
  return written.length;
}

/** The properties of a contact. */
export function listPropertiesOf(
  trx: TenantTrx,
  contactId: string,
): Promise<(PropertyContact & { createdAt: Date })[]> {
  return trx.db
    .selectFrom('propertyContacts')
    .select(['propertyId', 'contactId', 'role', 'source', 'createdAt'])
    .where('tenantId', '=', trx.tenantId)
    .where('contactId', '=', contactId)
    .orderBy('createdAt')
    .orderBy('propertyId')
    .execute();
}
