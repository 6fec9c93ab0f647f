import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Keys for one purpose each, so that none of them opens anything else. */
export interface SecretKeys {
  /** Of the keyed hashes of addresses (suppressions). */
  addressHash: string;
  /** Of sealed contact data (AES-256-GCM). */
  contactData: string;
  /** Of signed file links. */
  fileLinks: string;
  /** Of the API's bearer tokens. */
  apiTokens: string;
  /** Password of the embedded database's login. */
  databasePassword: string;
}

/**
 * The installation's secret: as set, else the one kept in the home (made on first use, readable by its owner only).
 * Losing it breaks links already sent and forgets who unsubscribed, so it is part of every backup.
 */
export function readSecret(home: string, fromSettings: string | undefined): string {
  if (fromSettings !== undefined) return fromSettings;
  return readOrMake(join(home, 'secret.key'), () => `${randomBytes(32).toString('hex')}\n`).trim();
}

/** Signs the events of messages that went to the local outbox; a mail provider's own key takes its place. */
export interface OutboxEventKeys {
  /** Base64 SPKI DER, as SENDGRID_WEBHOOK_PUBLIC_KEY. */
  publicKey: string;
  privateKey: KeyObject;
}

/** The home's own key pair for events of the local outbox (ECDSA P-256), made on first use. */
export function outboxEventKeys(home: string): OutboxEventKeys {
  const pem = readOrMake(join(home, 'outbox-events.pem'), () =>
    generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      .privateKey.export({ format: 'pem', type: 'pkcs8' })
      .toString(),
  );
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64');
  return { publicKey, privateKey };
}

/** The file's text; a new one is readable by its owner only, and of two writers the first one's stays. */
function readOrMake(path: string, make: () => string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, make(), { mode: 0o600 });
  try {
    // A link, not a rename: it fails when another process was faster, and never shows half a file.
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return readFileSync(path, 'utf8');
}

/** Derives a key per purpose from the installation's secret (HMAC-SHA256). */
export function deriveKeys(secret: string): SecretKeys {
  const derive = (purpose: string) => createHmac('sha256', secret).update(`reos:${purpose}`).digest('hex');
  return {
    addressHash: derive('address-hash'),
    contactData: derive('contact-data'),
    fileLinks: derive('file-links'),
    apiTokens: derive('api-tokens'),
    databasePassword: derive('database-password').slice(0, 48),
  };
}
