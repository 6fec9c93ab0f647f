import type { Role } from '../../domain/policy.ts';
import type { TenantTrx } from '../tenant.ts';

type Plan = 'free' | 'professional' | 'enterprise';

/** The user of an access token with the tenant's state, or undefined. */
export async function findPrincipalUser(trx: TenantTrx, userId: string) {
  const row = await trx.db
    .selectFrom('userAccounts as u')
    .innerJoin('tenants as t', 't.id', 'u.tenantId')
    .select([
      'u.id',
      'u.name',
      'u.role',
      'u.status',
      'u.tokensValidFrom',
      't.plan',
      't.isOperator',
      't.status as tenantStatus',
    ])
    .where('u.tenantId', '=', trx.tenantId)
    .where('u.id', '=', userId)
    .executeTakeFirst();
  return row && { ...row, role: row.role as Role, plan: row.plan as Plan };
}

/** The API key of a hash with the tenant's state, or undefined. */
export async function findPrincipalKey(trx: TenantTrx, keyHash: string) {
  const row = await trx.db
    .selectFrom('apiKeys as k')
    .innerJoin('tenants as t', 't.id', 'k.tenantId')
    .select([
      'k.id',
      'k.name',
      'k.scopes',
      'k.expiresAt',
      'k.revokedAt',
      't.plan',
      't.isOperator',
      't.status as tenantStatus',
    ])
    .where('k.tenantId', '=', trx.tenantId)
    .where('k.keyHash', '=', keyHash)
    .executeTakeFirst();
  return row && { ...row, plan: row.plan as Plan };
}
