import type { webcrypto } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { ReosError } from '../../domain/errors.ts';

/** Life of an access token. Spec A1. */
export const ACCESS_TOKEN_SECONDS = 1_800;
const AUDIENCE = 'reos-api';

/** A key that signs or verifies, its algorithm fixed with it: a token cannot choose another. */
export interface TokenKey {
  /** Name in the token's head (`kid`). */
  id: string;
  algorithm: 'HS256' | 'EdDSA' | 'ES256' | 'RS256';
  sign: Uint8Array | webcrypto.CryptoKey | null;
  verify: Uint8Array | webcrypto.CryptoKey;
}

/** The key that signs now, and all that are still believed. */
export interface TokenKeys {
  issuer: string;
  current: TokenKey;
  accepted: readonly TokenKey[];
}

/** The installation's own HS256 key, when no others are set. */
export function tokenKeys(secret: string, issuer: string): TokenKeys {
  const bytes = Buffer.from(secret, 'hex');
  const key: TokenKey = { id: 'own', algorithm: 'HS256', sign: bytes, verify: bytes };
  return { issuer, current: key, accepted: [key] };
}

/** What an access token says. The role is not in it: the database knows the present one. */
export interface AccessClaims {
  tenantId: string;
  userId: string;
  /** Seconds since 1970, to the millisecond: a session that ends is told from one that begins in the same second. */
  issuedAt: number;
}

/** Makes an access token of 30 minutes. */
export async function issueAccessToken(
  keys: TokenKeys,
  claims: { tenantId: string; userId: string },
  now: Date,
): Promise<string> {
  const { current } = keys;
  if (current.sign === null) throw new ReosError('missing_part', `The token key '${current.id}' can only verify.`);
  const at = now.getTime() / 1_000;
  return new SignJWT({ tid: claims.tenantId })
    .setProtectedHeader({ alg: current.algorithm, typ: 'at+jwt', kid: current.id })
    .setSubject(claims.userId)
    .setIssuer(keys.issuer)
    .setAudience(AUDIENCE)
    .setIssuedAt(at)
    .setExpirationTime(Math.floor(at) + ACCESS_TOKEN_SECONDS)
    .sign(current.sign);
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * Verifies an access token: key by `kid` from our own list, its own algorithm alone, issuer, audience, type, times.
 * @throws ReosError `auth_revoked`
 */
export async function verifyAccessToken(keys: TokenKeys, token: string, now: Date): Promise<AccessClaims> {
  try {
    const kid = isCanonical(token) ? headOf(token) : undefined;
    const key = keys.accepted.find(({ id }) => id === kid);
    if (key === undefined)
      throw new ReosError('auth_revoked', 'This token is not one of this installation. Log in again.');
    const { payload } = await jwtVerify(token, key.verify, {
      algorithms: [key.algorithm],
      issuer: keys.issuer,
      audience: AUDIENCE,
      typ: 'at+jwt',
      currentDate: now,
      requiredClaims: ['sub', 'tid', 'iat', 'exp'],
    });
    const { sub, tid, iat } = payload;
    if (typeof sub === 'string' && UUID.test(sub) && typeof tid === 'string' && UUID.test(tid) && iat !== undefined) {
      return { tenantId: tid, userId: sub, issuedAt: iat };
    }
    throw new ReosError('auth_revoked', 'This token is not one of this installation. Log in again.');
  } catch (error) {
    if (error instanceof ReosError) throw error;
    if (error instanceof errors.JWTExpired) {
      throw new ReosError('auth_revoked', 'The access token has expired. Get a new one: POST /api/v1/auth/refresh', {
        cause: error,
      });
    }
    throw new ReosError('auth_revoked', 'This token is not one of this installation. Log in again.', { cause: error });
  }
}

/** Base64url has several spellings of the same last bits; of those only the usual one is ours. */
function isCanonical(token: string): boolean {
  return token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

function headOf(token: string): unknown {
  const head: unknown = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'));
  return typeof head === 'object' && head !== null && 'kid' in head ? head.kid : undefined;
}
