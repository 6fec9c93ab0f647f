import type { TenantTrx } from '../tenant.ts';

/** A link that sets a new password; its token is kept as a hash alone. */
export interface PasswordReset {
  id: string;
  userId: string;
  expiresAt: Date;
}

/** Adds a reset; those of the user that are still open give way to it. */
export async function insertReset(
  trx: TenantTrx,
  reset: { userId: string; tokenHash: string; issuedBy: string; createdAt: Date; expiresAt: Date },
): Promise<PasswordReset> {
  await endResets(trx, reset.userId, reset.createdAt);
  return trx.db
    .insertInto('passwordResets')
    .values({ tenantId: trx.tenantId, ...reset })
    .returning(['id', 'userId', 'expiresAt'])
    .executeTakeFirstOrThrow();
}

/** The user of a token that works at this moment, or undefined. */
export async function findResetUser(trx: TenantTrx, tokenHash: string, now: Date): Promise<string | undefined> {
  const row = await trx.db
    .selectFrom('passwordResets')
    .select('userId')
    .where('tenantId', '=', trx.tenantId)
    .where('tokenHash', '=', tokenHash)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', now)
    .executeTakeFirst();
  return row?.userId;
}

/** Takes a token, so that it works once; false when it works no more. */
export async function takeReset(trx: TenantTrx, tokenHash: string, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await trx.db
    .updateTable('passwordResets')
    .set({ endedAt: now })
    .where('tenantId', '=', trx.tenantId)
    .where('tokenHash', '=', tokenHash)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', now)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Ends every open reset of a user, and forgets those that ran out. */
export async function endResets(trx: TenantTrx, userId: string, now: Date): Promise<void> {
  const ofUser = { tenantId: trx.tenantId, userId };
  await trx.db
    .deleteFrom('passwordResets')
    .where((eb) => eb.and(ofUser))
    .where('expiresAt', '<=', now)
    .execute();
  await trx.db
    .updateTable('passwordResets')
    .set({ endedAt: now })
    .where((eb) => eb.and(ofUser))
    .where('endedAt', 'is', null)
    .execute();
}
