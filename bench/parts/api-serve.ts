/** Serves the API alone, until the parent goes: `api-serve.ts URL`. Asked, it says what processor time it has used. */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import pino from 'pino';
import { serveApi } from '../../src/api/serve.ts';
import { createApi } from '../../src/api/server.ts';
import { connect } from '../../src/db/connect.ts';
import { startEvents } from '../../src/workers/api-events.ts';
import { KEY_SECRET, TEST_TOKEN_KEYS, testIdentity } from '../../test/support/identity.ts';

const [url, profile] = process.argv.slice(2);
// The log is written as in production, to where nobody reads it.
const logger = pino(
  { level: 'info' },
  pino.destination({ dest: '/dev/null', sync: false, minLength: 8_192, periodicFlush: 100 }),
);
const UNLIMITED = { tenant: { free: 1e9, professional: 1e9, enterprise: 1e9 }, address: 1e9 };
const db = connect({ url: url!, logger, max: 10, connectTimeoutMs: 2_000, applicationName: 'reos api' });
const { feed, cache, callers, stop } = startEvents({ db, url: url!, logger });
const app = createApi({
  db,
  logger,
  feed,
  cache,
  callers,
  limits: UNLIMITED,
  clock: () => new Date(),
  hashKey: 'bench',
  identity: testIdentity(),
  auth: { tokens: TEST_TOKEN_KEYS, keySecret: KEY_SECRET },
  sendgridPublicKey: undefined,
  callToActionUrl: 'https://deals.example.com/interested',
  files: { check: () => ({ ok: false, reason: 'none' }), get: () => Promise.reject(new Error('none')) },
  checks: {},
});
const running = await serveApi(app, { port: 0, host: '127.0.0.1' });
const session = new Session();
if (profile !== undefined) {
  session.connect();
  await session.post('Profiler.enable');
}
process.on('message', async (question) => {
  if (question === 'profile' && profile !== undefined) await session.post('Profiler.start');
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuSeconds: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() });
});
process.once('disconnect', async () => {
  if (profile !== undefined) writeFileSync(profile, JSON.stringify((await session.post('Profiler.stop')).profile));
  await stop();
  process.exit(0);
});
process.send?.(running.url);
