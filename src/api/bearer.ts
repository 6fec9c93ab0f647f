import { createHmac, timingSafeEqual } from 'node:crypto';
import { ReosError } from '../domain/errors.ts';

/** What a token may be used for. */
export const TOKEN_SCOPES = ['predict'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** Whose token it is, for what, and until when. */
export interface TokenClaims {
  tenantId: string;
  scopes: readonly TokenScope[];
  /** Seconds since 1970. */
  expiresAt: number;
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const TOKEN = /^reos_([A-Za-z0-9_-]{1,600})\.([A-Za-z0-9_-]{43})$/;

/** Makes a token: the claims and their HMAC-SHA256 under the installation's key. Nothing is stored. */
export function signToken(key: string, claims: TokenClaims): string {
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `reos_${body}.${macOf(key, body).toString('base64url')}`;
}

/**
 * The claims of an Authorization header.
 * @throws ReosError `auth_revoked` without a token, with one that is not ours, or an expired one; `forbidden` for another scope
 */
export function readToken(key: string, header: string | undefined, scope: TokenScope, now: Date): TokenClaims {
  const token = /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
  if (token === undefined) {
    throw new ReosError('auth_revoked', 'A token is needed: Authorization: Bearer TOKEN. Make one with: reos token');
  }
  const claims = verify(key, token);
  if (claims === null)
    throw new ReosError('auth_revoked', 'This token is not one of this installation. Make one with: reos token');
  if (claims.expiresAt * 1_000 <= now.getTime()) {
    throw new ReosError('auth_revoked', 'This token has expired. Make a new one with: reos token');
  }
  if (claims.scopes.includes(scope)) return claims;
  throw new ReosError('forbidden', `This token is not for ${scope}. Make one with: reos token --scope ${scope}`);
}

function verify(key: string, token: string): TokenClaims | null {
  const [, body = '', mac = ''] = TOKEN.exec(token) ?? [];
  const given = Buffer.from(mac, 'base64url');
  const own = macOf(key, body);
  if (body === '' || given.length !== own.length || !timingSafeEqual(given, own)) return null;
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as TokenClaims;
  return UUID.test(claims.tenantId) && Array.isArray(claims.scopes) && Number.isFinite(claims.expiresAt)
    ? claims
    : null;
}

const macOf = (key: string, body: string): Buffer => createHmac('sha256', key).update(`token:${body}`).digest();
