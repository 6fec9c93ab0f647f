import pino from 'pino';
import { tokenKeys } from '../src/api/auth/access-token.ts';
import { documentOf } from '../src/api/kit/document.ts';
import { createApi } from '../src/api/server.ts';
import { connect } from '../src/db/connect.ts';
import { ReosError } from '../src/domain/errors.ts';

const never = () => Promise.reject(new ReosError('missing_part', 'Routes are only described here.'));

/** The OpenAPI document of every route, from the registry of routes alone: no server, database or key is asked. */
export function openApiDocument() {
  const logger = pino({ level: 'silent' });
  // A pool connects when it is first used, which is never.
  const db = connect({ url: 'postgres://nobody@127.0.0.1:9/none', logger });
  const app = createApi({
    db,
    logger,
    clock: () => new Date(0),
    identity: { credentialOf: never, principalOf: never },
    auth: { tokens: tokenKeys('none', 'none'), keySecret: 'none' },
    hashKey: 'none',
    sendgridPublicKey: undefined,
    callToActionUrl: 'https://example.com/',
    files: { check: () => ({ ok: false, reason: 'none' }), get: never },
    checks: {},
  });
  return documentOf(app);
}
