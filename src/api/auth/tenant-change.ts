import type { Database } from '../../db/connect.ts';
import { appendAudit } from '../../db/queries/audit.ts';
import { type TenantSettings, updateTenant } from '../../db/queries/tenant-settings.ts';
import { changeAccount, type TenantAccount } from '../../db/queries/tenants.ts';
import { withSystem, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import type { Plan } from '../../domain/plans.ts';
import type { Principal } from '../kit/principal.ts';

/** A change of a tenant, and who asks for it. The caller has checked that they may know the tenant. */
export interface TenantChange {
  principal: Principal;
  tenantId: string;
  change: {
    name?: string | undefined;
    timeZone?: string | undefined;
    plan?: Plan | undefined;
    status?: 'active' | 'suspended' | undefined;
  };
  requestId: string;
  now: Date;
}

/**
 * Changes a tenant: its people change name and time zone, whoever runs the installation also plan and state. What the
 * latter do is in the tenant's own audit log, too. Undefined when there is no tenant of that id.
 * @throws ReosError `forbidden`, and `conflict` for the last active tenant that runs the installation
 */
export async function changeTenant(db: Database, request: TenantChange): Promise<TenantSettings | undefined> {
  const { principal, tenantId } = request;
  const { plan, status, ...own } = request.change;
  const isAccount = plan !== undefined || status !== undefined;
  if (isAccount && !principal.isOperator) {
    throw new ReosError('forbidden', 'Plan and state of a tenant are changed by whoever runs the installation.');
  }
  const result = await withSystem(db, 'only the system writes tenants', async (trx) => {
    const account = await changeAccount(trx, tenantId, { plan, status });
    return account && { account, changed: await updateTenant(trx, tenantId, own) };
  });
  if (result === undefined) return undefined;
  const { before, after } = result.account;
  const detail = differenceOf(before, after);
  if (isAccount || principal.tenantId !== tenantId) {
    // Before the answer: the tenant is told by whom and what, also when it is not the caller's own.
    await withTenant(db, tenantId, (trx) =>
      appendAudit(trx, {
        at: request.now,
        actorKind: principal.kind,
        actorId: principal.id,
        action: 'tenant:account',
        resource: `updateTenant:${tenantId}`,
        outcome: 'ok',
        requestId: request.requestId,
        subjectId: null,
        detail,
      }),
    );
  }
  return result.changed;
}

function differenceOf(before: TenantAccount, after: TenantAccount): Record<string, unknown> {
  return {
    ...(before.plan === after.plan ? {} : { plan: { from: before.plan, to: after.plan } }),
    ...(before.status === after.status ? {} : { status: { from: before.status, to: after.status } }),
  };
}
