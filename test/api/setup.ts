import { sign } from 'node:crypto';
import pino from 'pino';
import type { ApiDeps } from '../../src/api/deps.ts';
import { createApi } from '../../src/api/server.ts';
import { connect } from '../../src/db/connect.ts';
import { generateKeyPair, type MailEventKeys, signedEvents } from '../../src/demo/mail-events.ts';
import { ReosError } from '../../src/domain/errors.ts';
import { KEY_SECRET, TEST_TOKEN_KEYS, testIdentity } from '../support/identity.ts';

export const HASH_KEY = 'test-hash-key';
export const CALL_TO_ACTION = 'https://deals.example.com/talk';
const silent = pino({ level: 'silent' });

/** API deps whose database is away: for everything that must not need one. */
export function apiDeps(more: Partial<ApiDeps> = {}): ApiDeps {
  return {
    db: connect({ url: 'postgres://nobody@127.0.0.1:9/none', logger: silent }),
    logger: silent,
    clock: () => new Date(),
    identity: testIdentity(),
    auth: { tokens: TEST_TOKEN_KEYS, keySecret: KEY_SECRET },
    // No test may meet a limit that it does not ask for.
    limits: { tenant: { free: 1e9, professional: 1e9, enterprise: 1e9 }, address: 1e9 },
    hashKey: HASH_KEY,
    sendgridPublicKey: undefined,
    callToActionUrl: CALL_TO_ACTION,
    files: {
      check: () => ({ ok: false, reason: 'the signature does not match' }),
      get: () => Promise.reject(new ReosError('not_found', 'There is no such file.')),
    },
    checks: {},
    ...more,
  };
}

/** Signs a body as SendGrid does. */
export function signBody(keys: MailEventKeys, body: string | Buffer, at: Date): RequestInit {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const bytes = Buffer.from(body);
  const signature = sign('sha256', Buffer.concat([Buffer.from(timestamp), bytes]), keys.privateKey).toString('base64');
  return {
    method: 'POST',
    body: new Uint8Array(bytes),
    headers: {
      'X-Twilio-Email-Event-Webhook-Signature': signature,
      'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
    },
  };
}

export { createApi, generateKeyPair, signedEvents };
