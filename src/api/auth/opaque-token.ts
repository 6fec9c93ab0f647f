import { createHmac, randomBytes } from 'node:crypto';

/** `reosr`: refresh token. `reosi`: invitation. `reosp`: link for a new password. */
export type OpaqueKind = 'reosr' | 'reosi' | 'reosp';

const FORM = /^(reosr|reosi|reosp)_([0-9a-f]{32})_[A-Za-z0-9_-]{43}$/;

/** A new random token that names its tenant, so that it is looked up as the tenant. Only its keyed hash is kept. */
export function makeOpaqueToken(kind: OpaqueKind, secret: string, tenantId: string): { token: string; hash: string } {
  const token = `${kind}_${tenantId.replaceAll('-', '')}_${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashOpaqueToken(secret, token) };
}

/** The tenant that a token of this kind names; null for anything else. */
export function tenantOfOpaqueToken(kind: OpaqueKind, token: string): string | null {
  const [, found, hex] = FORM.exec(token) ?? [];
  if (found !== kind || hex === undefined) return null;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Hash of a token under the installation's secret (HMAC-SHA256). */
export function hashOpaqueToken(secret: string, token: string): string {
  return createHmac('sha256', secret).update(`opaque-token:${token}`).digest('hex');
}
