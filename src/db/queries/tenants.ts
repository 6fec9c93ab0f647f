import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import type { Plan } from '../../domain/plans.ts';
import type { SystemTrx, TenantTrx } from '../tenant.ts';

export interface Tenant {
  id: string;
  slug: string;
  name: string;
}

/** `suspended`: nobody gets in and nothing is sent until whoever runs the installation lifts it. */
export const TENANT_STATUSES = ['active', 'suspended', 'closed'] as const;
export type TenantStatus = (typeof TENANT_STATUSES)[number];

/** A tenant as whoever runs the installation sees it. */
export interface TenantAccount extends Tenant {
  plan: Plan;
  status: TenantStatus;
  timeZone: string;
  isOperator: boolean;
  createdAt: Date;
}

const ACCOUNT = ['id', 'slug', 'name', 'plan', 'status', 'timeZone', 'isOperator', 'createdAt'] as const;

/** Active tenants, by slug. */
export function listTenants(trx: SystemTrx): Promise<Tenant[]> {
  return trx.db
    .selectFrom('tenants')
    .select(['id', 'slug', 'name'])
    .where('status', '=', 'active')
    .orderBy('slug')
    .execute();
}

/** Every tenant whatever its state, by slug, those after `afterSlug`. */
export async function listAccounts(
  trx: SystemTrx,
  page: { limit: number; afterSlug?: string | undefined },
): Promise<TenantAccount[]> {
  const rows = await trx.db
    .selectFrom('tenants')
    .select(ACCOUNT)
    .$if(page.afterSlug !== undefined, (query) => query.where('slug', '>', page.afterSlug!))
    .orderBy('slug')
    .limit(page.limit)
    .execute();
  return rows as TenantAccount[];
}

/** A tenant whatever its state, or undefined. */
export async function findAccount(trx: SystemTrx, tenantId: string): Promise<TenantAccount | undefined> {
  const row = await trx.db.selectFrom('tenants').select(ACCOUNT).where('id', '=', tenantId).executeTakeFirst();
  return row as TenantAccount | undefined;
}

/**
 * Changes plan or state of a tenant; undefined when there is none of that id. Of the tenants that run the installation
 * one stays active.
 * @throws ReosError `conflict` for the last of them, and for a closed tenant
 */
export async function changeAccount(
  trx: SystemTrx,
  tenantId: string,
  change: { plan?: Plan | undefined; status?: 'active' | 'suspended' | undefined },
): Promise<{ before: TenantAccount; after: TenantAccount } | undefined> {
  // One change at a time: of two operators who suspend each other one comes second and sees it.
  await sql`select pg_advisory_xact_lock(hashtextextended('tenant accounts', 0))`.execute(trx.db);
  const before = await findAccount(trx, tenantId);
  if (before === undefined) return undefined;
  if (before.status === 'closed') throw new ReosError('conflict', `The tenant '${before.slug}' is closed.`);
  if (change.status === 'suspended' && before.isOperator && !(await hasOtherOperator(trx, tenantId))) {
    throw new ReosError(
      'conflict',
      `'${before.slug}' is the last active tenant of whoever runs this installation: nobody could lift it again.`,
    );
  }
  const row = await trx.db
    .updateTable('tenants')
    .set({ ...change, updatedAt: sql`now()` })
    .where('id', '=', tenantId)
    .returning(ACCOUNT)
    .executeTakeFirstOrThrow();
  return { before, after: row as TenantAccount };
}

async function hasOtherOperator(trx: SystemTrx, tenantId: string): Promise<boolean> {
  const row = await trx.db
    .selectFrom('tenants')
    .select('id')
    .where('isOperator', '=', true)
    .where('status', '=', 'active')
    .where('id', '!=', tenantId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** How the transaction's own tenant stands. */
export async function readTenantStatus(trx: TenantTrx): Promise<TenantStatus | undefined> {
  const row = await trx.db.selectFrom('tenants').select('status').where('id', '=', trx.tenantId).executeTakeFirst();
  return row?.status as TenantStatus | undefined;
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
