import type { TenantTrx } from '../tenant.ts';

/** Which of these are active users of the tenant. */
export async function activeUsers(trx: TenantTrx, userIds: readonly string[]): Promise<string[]> {
  if (userIds.length === 0) return [];
  const rows = await trx.db
    .selectFrom('userAccounts')
    .select('id')
    .where('tenantId', '=', trx.tenantId)
    .where('id', 'in', [...userIds])
    .where('status', '=', 'active')
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}
