/** Serves the API with its events and the built dashboard, until the parent goes: `dashboard-serve.ts URL FOLDER`. */
import pino from 'pino';
import { serveApi } from '../../src/api/serve.ts';
import { createApi } from '../../src/api/server.ts';
import { connect } from '../../src/db/connect.ts';
import { startEvents } from '../../src/workers/api-events.ts';
import { KEY_SECRET, TEST_TOKEN_KEYS, testIdentity } from '../../test/support/identity.ts';

const [url, folder] = process.argv.slice(2);
const logger = pino({ level: 'silent' });
const db = connect({ url: url!, logger, max: 10, connectTimeoutMs: 2_000, applicationName: 'reos api' });
const events = startEvents({ db, url: url!, logger, redisUrl: undefined });
const app = createApi({
  db,
  logger,
  feed: events.feed,
  cache: events.cache,
  limits: { tenant: { free: 1e9, professional: 1e9, enterprise: 1e9 }, address: 1e9 },
  clock: () => new Date(),
  hashKey: 'bench',
  identity: testIdentity(),
  auth: { tokens: TEST_TOKEN_KEYS, keySecret: KEY_SECRET },
  dashboard: { folder: folder! },
  sendgridPublicKey: undefined,
  callToActionUrl: 'https://deals.example.com/interested',
  files: { check: () => ({ ok: false, reason: 'none' }), get: () => Promise.reject(new Error('none')) },
  checks: {},
});
const running = await serveApi(app, { port: 0, host: '127.0.0.1' });
process.once('disconnect', () => process.exit(0));
process.send?.(running.url);
