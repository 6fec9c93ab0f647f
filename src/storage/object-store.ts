import { ReosError } from '../domain/errors.ts';

/** How a signed URL is made: how long it works and what the download is called. */
export interface SignedUrlOptions {
  /** Seconds from now; default 86,400 (24 h), at most 604,800 (7 days). */
  expiresSeconds?: number;
  /** Content type that the answer carries; default the stored one. */
  contentType?: string;
  /** Name the browser saves the file under; default the last part of the key. */
  fileName?: string;
}

/** Where memos and other files lie: a local directory or an S3-compatible store. Keys are relative paths of `/`. */
export interface ObjectStore {
  /**
   * Stores the bytes whole or not at all; the same key again replaces them.
   * @throws ReosError `validation` for a bad key, `transient` when the store does not answer
   */
  put(key: string, bytes: Uint8Array, contentType: string): Promise<void>;
  /** Stores a file of this machine under the key, without holding it in memory. Throws as `put`. */
  putFile(key: string, path: string, contentType: string): Promise<void>;
  /** Removes the object; one that is not there is removed already. */
  remove(key: string): Promise<void>;
  /** The bytes, or null when there is no such object. */
  get(key: string): Promise<Buffer | null>;
  has(key: string): Promise<boolean>;
  /** An address that anyone may GET until it expires. It is made without asking whether the object exists. */
  signedUrl(key: string, options?: SignedUrlOptions): Promise<string>;
}

/** 24 hours: how long a link in a memo's mail works unless a setting says otherwise. */
export const DEFAULT_EXPIRY_SECONDS = 86_400;
/** S3's own limit for a presigned URL; the local store keeps to it so that both behave alike. */
export const MAX_EXPIRY_SECONDS = 604_800;

const PART = /^[A-Za-z0-9_][A-Za-z0-9._=@-]*$/;

/**
 * Refuses a key that could leave its place: `..`, absolute paths, backslashes, empty or hidden parts, odd characters.
 * @throws ReosError `validation`
 */
export function checkKey(key: string): string {
  const parts = key.split('/');
  if (key.length > 512 || !parts.every((part) => PART.test(part) && part.length <= 200)) {
    throw new ReosError(
      'validation',
      `The storage key ${JSON.stringify(key.slice(0, 120))} is not allowed. Use parts of letters, digits and . _ = @ - joined by "/", none beginning with a dot.`,
    );
  }
  return key;
}

/**
 * The key of a memo: under its tenant, named by its content.
 * @param sha256 64 lower-case hexadecimal digits
 * @throws ReosError `validation` when either part is not of its kind
 */
export function memoKey(tenantId: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw new ReosError(
      'validation',
      'A memo is stored under the SHA-256 of its bytes: 64 lower-case hexadecimal digits.',
    );
  }
  if (!/^[0-9a-f-]{36}$/i.test(tenantId)) {
    throw new ReosError('validation', 'A memo is stored under its tenant: the tenant id must be a uuid.');
  }
  return checkKey(`tenants/${tenantId.toLowerCase()}/memos/${sha256}.pdf`);
}

/**
 * The life of a signed URL in whole seconds.
 * @throws ReosError `validation` when it is not between 1 second and 7 days
 */
export function checkExpiry(seconds = DEFAULT_EXPIRY_SECONDS): number {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_EXPIRY_SECONDS) return seconds;
  throw new ReosError('validation', `A signed URL works for 1 to ${MAX_EXPIRY_SECONDS} whole seconds, not ${seconds}.`);
}

/** A file name that is safe inside a Content-Disposition header: ASCII, no quotes, no separators. */
export function safeFileName(name: string): string {
  const clean = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._ -]+/g, '')
    .replace(/^[. ]+/, '')
    .trim()
    .slice(0, 120);
  return clean === '' ? 'file' : clean;
}
