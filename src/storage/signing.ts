import { createHmac, timingSafeEqual } from 'node:crypto';
import { ReosError } from '../domain/errors.ts';
import { checkExpiry, checkKey, type SignedUrlOptions, safeFileName } from './object-store.ts';

/** What signs and checks the addresses of files: the secret and the clock. */
export interface Signer {
  /** At least 32 bytes (or characters) that nobody else knows. */
  secret: string | Uint8Array;
  /** Milliseconds since 1970; default the system's clock. */
  now?: () => number;
}

/** A signed address that was accepted: what to serve and how to call it. */
export interface SignedFile {
  key: string;
  contentType: string | null;
  fileName: string | null;
  expiresAt: Date;
}

/** Why an address was not accepted. `malformed` covers a bad signature's shape and a missing part. */
export type SignatureVerdict =
  | ({ ok: true } & SignedFile)
  | { ok: false; reason: 'malformed' | 'bad_signature' | 'expired' };

const PREFIX = '/files/';

/** @throws ReosError `validation` when the secret is too short to sign with */
function checkSecret(secret: string | Uint8Array): string | Uint8Array {
  if (Buffer.byteLength(secret) >= 32) return secret;
  throw new ReosError('validation', 'The secret that signs file links must have at least 32 bytes. Set a longer one.');
}

/** Everything that the address promises is signed; the parts are length-prefixed, so none can borrow from another. */
function signatureOf(signer: Signer, parts: readonly string[]): string {
  const hmac = createHmac('sha256', checkSecret(signer.secret));
  for (const part of ['reos-file-v1', ...parts]) hmac.update(`${Buffer.byteLength(part)}:${part}`);
  return hmac.digest('base64url');
}

/**
 * The signed path of a file: `/files/{key}?expires=…&signature=…` (`type` and `name` when given), to be put behind the
 * public address of the API.
 * @throws ReosError `validation` for a bad key, expiry or secret
 */
export function signPath(signer: Signer, key: string, options: SignedUrlOptions = {}): string {
  checkKey(key);
  const nowMs = (signer.now ?? Date.now)();
  const expires = String(Math.floor(nowMs / 1_000) + checkExpiry(options.expiresSeconds));
  const type = options.contentType ?? '';
  const name = options.fileName === undefined ? '' : safeFileName(options.fileName);
  const query = new URLSearchParams({ expires, signature: signatureOf(signer, [key, expires, type, name]) });
  if (type !== '') query.set('type', type);
  if (name !== '') query.set('name', name);
  return `${PREFIX}${key.split('/').map(encodeURIComponent).join('/')}?${query}`;
}

/**
 * Checks a path and query as they came in. The comparison takes the same time wherever the signatures differ, and the
 * signature is checked before the expiry, so that a forger learns nothing from the answer.
 * @param pathAndQuery `/files/…?…`, or a whole URL
 */
export function verifySignedPath(signer: Signer, pathAndQuery: string): SignatureVerdict {
  const base = 'http://files.invalid';
  const url = URL.canParse(pathAndQuery, base) ? new URL(pathAndQuery, base) : null;
  const key = url === null ? null : keyOf(url);
  if (url === null || key === null) return { ok: false, reason: 'malformed' };
  const one = (name: string) => (url.searchParams.getAll(name).length > 1 ? null : (url.searchParams.get(name) ?? ''));
  const [expires, signature, type, name] = [one('expires'), one('signature'), one('type'), one('name')];
  if (expires === null || signature === null || type === null || name === null)
    return { ok: false, reason: 'malformed' };
  if (!/^\d{10}$/.test(expires) || !/^[A-Za-z0-9_-]{43}$/.test(signature)) return { ok: false, reason: 'malformed' };
  const wanted = Buffer.from(signatureOf(signer, [key, expires, type, name]));
  if (!timingSafeEqual(wanted, Buffer.from(signature))) return { ok: false, reason: 'bad_signature' };
  const expiresAtMs = Number(expires) * 1_000;
  if ((signer.now ?? Date.now)() >= expiresAtMs) return { ok: false, reason: 'expired' };
  return {
    ok: true,
    key,
    contentType: type === '' ? null : type,
    fileName: name === '' ? null : name,
    expiresAt: new Date(expiresAtMs),
  };
}

function keyOf(url: URL): string | null {
  if (!url.pathname.startsWith(PREFIX)) return null;
  try {
    return checkKey(decodeURIComponent(url.pathname.slice(PREFIX.length)));
  } catch {
    return null;
  }
}
