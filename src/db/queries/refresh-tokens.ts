import type { TenantTrx } from '../tenant.ts';

/** Keeps the hash of a new refresh token. */
export async function insertRefreshToken(
  trx: TenantTrx,
  token: { userId: string; family: string; tokenHash: string; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await trx.db
    .insertInto('refreshTokens')
    .values({ tenantId: trx.tenantId, ...token })
    .execute();
}

/** Whose a refresh token is, or undefined. */
export function findRefreshToken(
  trx: TenantTrx,
  tokenHash: string,
): Promise<{ userId: string; family: string } | undefined> {
  return trx.db
    .selectFrom('refreshTokens')
    .select(['userId', 'family'])
    .where('tenantId', '=', trx.tenantId)
    .where('tokenHash', '=', tokenHash)
    .executeTakeFirst();
}

/** The state of a refresh token, locked: of parallel uses one is first. Lock the user before. */
export function lockRefreshToken(trx: TenantTrx, tokenHash: string) {
  return trx.db
    .selectFrom('refreshTokens')
    .select(['id', 'usedAt', 'revokedAt', 'expiresAt'])
    .where('tenantId', '=', trx.tenantId)
    .where('tokenHash', '=', tokenHash)
    .forUpdate()
    .executeTakeFirst();
}

/** Marks a refresh token as used. */
export async function spendRefreshToken(trx: TenantTrx, tokenId: string, at: Date): Promise<void> {
  await trx.db
    .updateTable('refreshTokens')
    .set({ usedAt: at })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', tokenId)
    .execute();
}

/** Revokes the tokens of one login. */
export async function revokeFamily(trx: TenantTrx, family: string, at: Date): Promise<void> {
  await trx.db
    .updateTable('refreshTokens')
    .set({ revokedAt: at })
    .where('tenantId', '=', trx.tenantId)
    .where('family', '=', family)
    .where('revokedAt', 'is', null)
    .execute();
}

/** Revokes every refresh token of a user. */
export async function revokeUserTokens(trx: TenantTrx, userId: string, at: Date): Promise<void> {
  await trx.db
    .updateTable('refreshTokens')
    .set({ revokedAt: at })
    .where('tenantId', '=', trx.tenantId)
    .where('userId', '=', userId)
    .where('revokedAt', 'is', null)
    .execute();
}

/** Deletes what expired before the time: nobody can use it any more. */
export async function deleteExpiredTokens(trx: TenantTrx, userId: string, before: Date): Promise<void> {
  await trx.db
    .deleteFrom('refreshTokens')
    .where('tenantId', '=', trx.tenantId)
    .where('userId', '=', userId)
    .where('expiresAt', '<', before)
    .execute();
}
