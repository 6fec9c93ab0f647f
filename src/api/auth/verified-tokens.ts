import { decodeJwt } from 'jose';
import { type AccessClaims, type TokenKeys, verifyAccessToken } from './access-token.ts';

const KNOWN_MS = 60_000;
const MOST_KNOWN = 10_000;

/**
 * Verifies access tokens, and remembers those that passed for a minute, at most until they expire: the same bytes have the
 * same signature. Whether the person is still who the token says is asked of the database each time, elsewhere.
 */
export function createTokenVerifier(keys: TokenKeys): (token: string, now: Date) => Promise<AccessClaims> {
  const known = new Map<string, { claims: AccessClaims; from: number; until: number }>();
  return async (token, now) => {
    const at = now.getTime();
    const found = known.get(token);
    if (found !== undefined && found.from <= at && at < found.until) return found.claims;
    known.delete(token);
    const claims = await verifyAccessToken(keys, token, now);
    const expiresAt = (decodeJwt(token).exp ?? 0) * 1_000;
    known.set(token, { claims, from: at, until: Math.min(at + KNOWN_MS, expiresAt) });
    if (known.size > MOST_KNOWN) known.delete(known.keys().next().value!);
    return claims;
  };
}
