import type { TenantTrx } from '../tenant.ts';

/** Marks properties as seen by a user, or takes the marks away. Ids of properties that the tenant does not have must not be among them. */
export async function markSeen(
  trx: TenantTrx,
  userId: string,
  propertyIds: readonly string[],
  { isSeen, now }: { isSeen: boolean; now: Date },
): Promise<void> {
  const of = { tenantId: trx.tenantId, userId };
  if (!isSeen) {
    await trx.db
      .deleteFrom('propertyViews')
      .where('tenantId', '=', of.tenantId)
      .where('userId', '=', userId)
      .where('propertyId', 'in', [...propertyIds])
      .execute();
    return;
  }
  // In one order, so that two windows of the same user do not wait for each other.
  const rows = [...new Set(propertyIds)].sort().map((propertyId) => ({ ...of, propertyId, seenAt: now }));
  await trx.db
    .insertInto('propertyViews')
    .values(rows)
    .onConflict((oc) => oc.columns(['tenantId', 'userId', 'propertyId']).doNothing())
    .execute();
}
