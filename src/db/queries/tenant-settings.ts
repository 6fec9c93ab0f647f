import { sql } from 'kysely';
import type { SystemTrx, TenantTrx } from '../tenant.ts';

/** A tenant as its own people see it. */
export interface TenantSettings {
  id: string;
  slug: string;
  name: string;
  plan: string;
  status: string;
  timeZone: string;
  createdAt: Date;
}

const COLUMNS = ['id', 'slug', 'name', 'plan', 'status', 'timeZone', 'createdAt'] as const;

/** The transaction's own tenant. */
export function readOwnTenant(trx: TenantTrx): Promise<TenantSettings> {
  return trx.db.selectFrom('tenants').select(COLUMNS).where('id', '=', trx.tenantId).executeTakeFirstOrThrow();
}

/** Makes a tenant; undefined when its slug is taken. */
export async function insertTenant(
  trx: SystemTrx,
  tenant: { slug: string; name: string },
): Promise<string | undefined> {
  const row = await trx.db
    .insertInto('tenants')
    .values(tenant)
    .onConflict((oc) => oc.column('slug').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

/** Changes what is given of a tenant. Only the system writes tenants: the caller has checked whose it is. */
export async function updateTenant(
  trx: SystemTrx,
  tenantId: string,
  change: { name?: string | undefined; timeZone?: string | undefined },
): Promise<TenantSettings> {
  return trx.db
    .updateTable('tenants')
    .set({ ...change, updatedAt: sql`now()` })
    .where('id', '=', tenantId)
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
}
