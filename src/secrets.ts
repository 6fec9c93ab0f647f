import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Keys for one purpose each, so that none of them opens anything else. */
export interface SecretKeys {
  /** Of the keyed hashes of addresses (suppressions). */
  addressHash: string;
  /** Of signed file links. */
  fileLinks: string;
  /** Password of the embedded database's login. */
  databasePassword: string;
}

/**
 * The installation's secret: as set, else the one kept in the home (made on first use, readable by its owner only).
 * Losing it breaks links already sent and forgets who unsubscribed, so it is part of every backup.
 */
export function readSecret(home: string, fromSettings: string | undefined): string {
  if (fromSettings !== undefined) return fromSettings;
  const path = join(home, 'secret.key');
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    // Another process was faster: its secret is the one.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(path, 'utf8').trim();
}

/** Derives a key per purpose from the installation's secret (HMAC-SHA256). */
export function deriveKeys(secret: string): SecretKeys {
  const derive = (purpose: string) => createHmac('sha256', secret).update(`reos:${purpose}`).digest('hex');
  return {
    addressHash: derive('address-hash'),
    fileLinks: derive('file-links'),
    databasePassword: derive('database-password').slice(0, 48),
  };
}
