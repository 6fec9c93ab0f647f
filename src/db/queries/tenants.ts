import type { SystemTrx } from '../tenant.ts';

export interface Tenant {
  id: string;
  slug: string;
  name: string;
}

/** Active tenants, by slug. */
export function listTenants(trx: SystemTrx): Promise<Tenant[]> {
  return trx.db
    .selectFrom('tenants')
    .select(['id', 'slug', 'name'])
    .where('status', '=', 'active')
    .orderBy('slug')
    .execute();
}

/** The tenant with this slug, or undefined. */
export function findTenant(trx: SystemTrx, slug: string): Promise<Tenant | undefined> {
  return trx.db.selectFrom('tenants').select(['id', 'slug', 'name']).where('slug', '=', slug).executeTakeFirst();
}

/** The tenant with this id, or undefined. */
export function readTenant(trx: SystemTrx, id: string): Promise<Tenant | undefined> {
  return trx.db.selectFrom('tenants').select(['id', 'slug', 'name']).where('id', '=', id).executeTakeFirst();
}

/** Makes the operator's own tenant, which has no quotas, when its slug is new; returns the slug's tenant either way. */
export async function ensureTenant(
  trx: SystemTrx,
  tenant: { id?: string; slug: string; name: string },
): Promise<Tenant> {
  await trx.db
    .insertInto('tenants')
    .values({ ...tenant, plan: 'enterprise', isOperator: true })
    .onConflict((oc) => oc.column('slug').doNothing())
    .execute();
  return (await findTenant(trx, tenant.slug))!;
}
