import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import { eraseAuditSubject } from './audit.ts';

/** Who stands where an erased person stood. */
export const ERASED_NAME = 'Erased person';

/**
 * Forgets who a user was, for good: name, address, password and what the audit log holds of where they came from. What
 * they did stays, under their id alone, and the audit chain stays verifiable. Returns false when there is no such user.
 */
export async function eraseUser(trx: TenantTrx, userId: string, at: Date): Promise<boolean> {
  const found = await trx.db
    .selectFrom('userAccounts')
    .select(['email', 'name'])
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', userId)
    .forUpdate()
    .executeTakeFirst();
  if (found === undefined) return false;
  const ofUser = { tenantId: trx.tenantId, userId };
  await trx.db
    .updateTable('userAccounts')
    .set({
      email: placeholderOf(userId),
      name: ERASED_NAME,
      // No hash at all: no password fits it.
      passwordHash: 'erased',
      status: 'disabled',
      lastLoginAt: null,
      tokensValidFrom: new Date(at.getTime() + 1),
      erasedAt: sql<Date>`coalesce(erased_at, ${at})`,
      updatedAt: at,
    })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', userId)
    .execute();
  for (const table of ['refreshTokens', 'passwordResets', 'userMails', 'notifications'] as const) {
    await trx.db
      .deleteFrom(table)
      .where((eb) => eb.and(ofUser))
      .execute();
  }
  await trx.db
    .updateTable('comments')
    .set({ authorName: ERASED_NAME })
    .where('tenantId', '=', trx.tenantId)
    .where('authorId', '=', userId)
    .execute();
  await trx.db
    .deleteFrom('invitations')
    .where('tenantId', '=', trx.tenantId)
    .where('email', '=', found.email)
    .execute();
  await eraseAuditSubject(trx, userId);
  return true;
}

function placeholderOf(userId: string): string {
  return `${userId}@erased.invalid`;
}
