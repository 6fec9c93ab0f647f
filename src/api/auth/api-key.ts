import { createHmac, randomBytes } from 'node:crypto';

const KEY = /^reos_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/;

/** A new API key: shown once, kept as a keyed hash. The tenant is in it, so that it is looked up as the tenant. */
export function makeApiKey(secret: string, tenantId: string): { key: string; prefix: string; hash: string } {
  const key = `reos_${tenantId.replaceAll('-', '')}_${randomBytes(32).toString('base64url')}`;
  return { key, prefix: key.slice(0, 44), hash: hashApiKey(secret, key) };
}

/** The tenant of a key; null for what has not the form of one. */
export function tenantOfApiKey(key: string): string | null {
  const hex = KEY.exec(key)?.[1];
  return hex === undefined ? null : hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Hash of a key under the installation's secret (HMAC-SHA256): keys are random, so one round is enough. */
export function hashApiKey(secret: string, key: string): string {
  return createHmac('sha256', secret).update(`api-key:${key}`).digest('hex');
}
