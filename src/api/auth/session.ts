import { randomUUID } from 'node:crypto';
import type { Database } from '../../db/connect.ts';
import { appendAudit } from '../../db/queries/audit.ts';
import {
  deleteExpiredTokens,
  findRefreshToken,
  insertRefreshToken,
  lockRefreshToken,
  revokeFamily,
  revokeUserTokens,
  spendRefreshToken,
} from '../../db/queries/refresh-tokens.ts';
import { lockUser, type User, updateUser } from '../../db/queries/users.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { ACCESS_TOKEN_SECONDS, issueAccessToken, type TokenKeys } from './access-token.ts';
import { hashOpaqueToken, makeOpaqueToken, tenantOfOpaqueToken } from './opaque-token.ts';
import { personEntry } from './person-audit.ts';

/** Life of a refresh token. Spec A1. */
export const REFRESH_TOKEN_MS = 7 * 24 * 60 * 60_000;

/** Keys of everything that signs a person or a program in. */
export interface AuthKeys {
  tokens: TokenKeys;
  /** Secret of the hashes of API keys, refresh tokens, invitations and links for a new password. */
  keySecret: string;
}

/** What sessions are made with. */
export interface SessionDeps extends AuthKeys {
  db: Database;
}

/** Answer of every way to sign in. */
export interface Session {
  access_token: string;
  token_type: 'Bearer';
  expires_in: number;
  refresh_token: string;
  user: User;
}

/** Where a request comes from, for the audit log. */
export interface RequestOrigin {
  network?: string;
  requestId?: string;
}

/** Gives a user an access token and a refresh token: of a new login, or as the next of `family`. */
export async function openSession(
  deps: SessionDeps,
  trx: TenantTrx,
  user: User,
  now: Date,
  family: string = randomUUID(),
): Promise<Session> {
  const { token, hash } = makeOpaqueToken('reosr', deps.keySecret, trx.tenantId);
  const expiresAt = new Date(now.getTime() + REFRESH_TOKEN_MS);
  await insertRefreshToken(trx, { userId: user.id, family, tokenHash: hash, createdAt: now, expiresAt });
  return {
    access_token: await issueAccessToken(deps.tokens, { tenantId: trx.tenantId, userId: user.id }, now),
    token_type: 'Bearer',
    expires_in: ACCESS_TOKEN_SECONDS,
    refresh_token: token,
    user,
  };
}

/** Ends all that was issued to a user until now: access tokens and refresh tokens. */
export async function endSessions(trx: TenantTrx, userId: string, now: Date): Promise<void> {
  await updateUser(trx, userId, { tokensValidFrom: new Date(now.getTime() + 1) });
  await revokeUserTokens(trx, userId, now);
}

/**
 * Takes a refresh token for the next pair. A token works once: used again, it was copied by somebody, so every token of
 * that login and the user's access tokens end.
 * @throws ReosError `auth_revoked`
 */
export async function refreshSession(
  deps: SessionDeps,
  refreshToken: string,
  now: Date,
  from: RequestOrigin = {},
): Promise<Session> {
  const tenantId = tenantOfOpaqueToken('reosr', refreshToken);
  if (tenantId === null) throw ended();
  const hash = hashOpaqueToken(deps.keySecret, refreshToken);
  // Thrown after the commit, so that the revocation stays.
  const session = await withTenant(deps.db, tenantId, async (trx) => {
    const found = await findRefreshToken(trx, hash);
    // Each way to change a session locks the user first, so that none waits for another in a circle.
    const user = found && (await lockUser(trx, found.userId));
    const token = user && (await lockRefreshToken(trx, hash));
    if (!found || !user || !token || token.revokedAt !== null || token.expiresAt <= now) return undefined;
    if (token.usedAt !== null) {
      await revokeFamily(trx, found.family, now);
      await updateUser(trx, user.id, { tokensValidFrom: new Date(now.getTime() + 1) });
      const reuse = { userId: user.id, action: 'session:refresh-reused', outcome: 'refused', ...from } as const;
      await appendAudit(trx, personEntry({ ...reuse, detail: { family: found.family } }, now));
      return undefined;
    }
    if (user.status !== 'active' || !(await isTenantActive(trx))) return undefined;
    await spendRefreshToken(trx, token.id, now);
    await deleteExpiredTokens(trx, user.id, now);
    return openSession(deps, trx, user, later(now, user.tokensValidFrom), found.family);
  });
  if (session === undefined) throw ended();
  return session;
}

/** Revokes the login that a refresh token belongs to; one that is unknown is as good as logged out. */
export async function closeSession(
  deps: SessionDeps,
  refreshToken: string,
  now: Date,
  from: RequestOrigin = {},
): Promise<void> {
  const tenantId = tenantOfOpaqueToken('reosr', refreshToken);
  if (tenantId === null) return;
  await withTenant(deps.db, tenantId, async (trx) => {
    const found = await findRefreshToken(trx, hashOpaqueToken(deps.keySecret, refreshToken));
    if (found === undefined) return;
    await lockUser(trx, found.userId);
    await revokeFamily(trx, found.family, now);
    await appendAudit(trx, personEntry({ userId: found.userId, action: 'session:logout', ...from }, now));
  });
}

/** Whether the transaction's tenant may be worked with. */
export async function isTenantActive(trx: TenantTrx): Promise<boolean> {
  const row = await trx.db.selectFrom('tenants').select('status').where('id', '=', trx.tenantId).executeTakeFirst();
  return row?.status === 'active';
}

/** Tokens made in the very moment in which older ones end are made after it. */
export function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}

function ended(): ReosError {
  return new ReosError('auth_revoked', 'This session has ended. Log in again: POST /api/v1/auth/login');
}
