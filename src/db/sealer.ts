import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ReosError } from '../domain/errors.ts';

/** Seals personal data for the database. What it belongs to is part of the seal, so that rows cannot be swapped. */
export interface Sealer {
  /** @param owner what the text belongs to, such as `contact:<tenant>:<id>`; needed again to open it */
  seal(owner: string, text: string): string;
  /** @throws ReosError `validation` when the text was sealed with another key, for another owner, or was altered */
  open(owner: string, sealed: string): string;
}

const VERSION = 'v1';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM under one key: `v1.` and base64url of nonce, tag and ciphertext. The owner is authenticated, not stored.
 * @param keyHex 32 bytes in hexadecimal
 */
export function createSealer(keyHex: string): Sealer {
  const key = Buffer.from(keyHex, 'hex');
  if (key.length !== 32) throw new ReosError('validation', 'The key that seals contact data must have 32 bytes.');
  return {
    seal(owner, text) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(Buffer.from(owner));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    open(owner, sealed) {
      const [version, payload] = sealed.split('.', 2);
      const bytes = Buffer.from(payload ?? '', 'base64url');
      try {
        if (version !== VERSION) throw new Error(`version ${version}`);
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
        decipher.setAAD(Buffer.from(owner));
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      } catch (error) {
        throw new ReosError(
          'validation',
          `Sealed data (${owner.split(':')[0]}) cannot be opened: it was sealed with another key or altered. Use the REOS_SECRET_KEY (or secret.key) that it was written with.`,
          { cause: error },
        );
      }
    },
  };
}
