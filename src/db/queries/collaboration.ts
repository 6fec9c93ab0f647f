import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import type { TenantTrx } from '../tenant.ts';

/**
 * Checks that the tenant has the property.
 * @throws ReosError `not_found`
 */
export async function requireProperty(trx: TenantTrx, propertyId: string): Promise<void> {
  const row = await trx.db
    .selectFrom('properties')
    .select('id')
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', propertyId)
    .executeTakeFirst();
  if (row === undefined) throw new ReosError('not_found', `There is no property ${propertyId}.`);
}

/**
 * The tenant's users of these ids.
 * @throws ReosError `not_found` naming the first id that is none of them
 */
export async function requireUsers(
  trx: TenantTrx,
  userIds: readonly string[],
): Promise<{ id: string; name: string }[]> {
  if (userIds.length === 0) return [];
  const rows = await trx.db
    .selectFrom('userAccounts')
    .select(['id', 'name'])
    .where('tenantId', '=', trx.tenantId)
    .where('id', 'in', [...userIds])
    .execute();
  const known = new Set(rows.map(({ id }) => id));
  const unknown = userIds.find((id) => !known.has(id));
  if (unknown !== undefined) throw new ReosError('not_found', `There is no user ${unknown}.`);
  return rows;
}

/** Something that a user is told of. `reference` names it, so that each is told of it once. */
export interface NewNotification {
  userId: string;
  kind: 'mention' | 'assignment' | 'search';
  title: string;
  propertyId: string | null;
  reference: string;
}

/** Tells users, those who are active and have not been told of the same thing; returns how many were. */
export async function notifyUsers(trx: TenantTrx, notifications: readonly NewNotification[]): Promise<number> {
  if (notifications.length === 0) return 0;
  const { numAffectedRows } = await sql`
    insert into notifications (tenant_id, user_id, kind, title, property_id, reference)
    select u.tenant_id, u.id, n.kind, n.title, n.property_id, n.reference
    from unnest(${notifications.map((one) => one.userId)}::uuid[], ${notifications.map((one) => one.kind)}::text[],
        ${notifications.map((one) => one.title)}::text[], ${notifications.map((one) => one.propertyId)}::uuid[],
        ${notifications.map((one) => one.reference)}::text[]) n (user_id, kind, title, property_id, reference)
      join user_accounts u on u.id = n.user_id and u.tenant_id = ${trx.tenantId} and u.status = 'active'
    on conflict (tenant_id, user_id, reference) do nothing`.execute(trx.db);
  return Number(numAffectedRows ?? 0n);
}
