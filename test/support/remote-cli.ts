import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pino from 'pino';
import { serveApi } from '../../src/api/serve.ts';
import { createApi } from '../../src/api/server.ts';
import { main } from '../../src/cli/main.ts';
import { reosHome } from '../../src/runtime/home.ts';
import { writeRunningSystem } from '../../src/runtime/state.ts';
import { readSettings } from '../../src/settings.ts';
import { createApiParts } from '../../src/workers/api.ts';
import { startEvents } from '../../src/workers/api-events.ts';
import { createTestApi, type TestApi } from './api.ts';
import { KEY_SECRET, TEST_TOKEN_KEYS, testIdentity } from './identity.ts';

/** What a verb answered with `--json`. */
export interface CliAnswer {
  code: number;
  // biome-ignore lint/suspicious/noExplicitAny: the shapes are what the tests look at
  json: any;
  stderr: string;
}

/** A system as `reos up` leaves it, and verbs on it from here and from far away. No verb here needs Temporal. */
export interface RemoteCli {
  api: TestApi;
  home: string;
  /** Where its API is, and a key that may do everything. */
  url: string;
  key: string;
  /** On this machine's database. */
  here(...args: string[]): Promise<CliAnswer>;
  /** Over HTTP, with a key that may do everything. */
  there(...args: string[]): Promise<CliAnswer>;
  close(): Promise<void>;
}

/** Starts it on a database and a home of its own. */
export async function startRemoteCli(): Promise<RemoteCli> {
  const home = await mkdtemp(join(tmpdir(), 'reos remote '));
  const api = await createTestApi();
  const settings = readSettings({ REOS_HOME: home });
  // A connection that is never opened.
  const connection = Connection.lazy({ address: '127.0.0.1:9' });
  const { db, url } = api.database;
  const logger = pino({ level: 'silent' });
  const client = new Client({ connection });
  const parts = await createApiParts(settings, logger, { db, client, publicUrl: 'http://127.0.0.1:9' });
  const events = startEvents({ db, url, logger });
  const unlimited = { tenant: { free: 1e9, professional: 1e9, enterprise: 1e9 }, address: 1e9 };
  const auth = { tokens: TEST_TOKEN_KEYS, keySecret: KEY_SECRET };
  const identity = testIdentity();
  const app = createApi({ ...parts.deps, feed: events.feed, identity, auth, limits: unlimited });
  const server = await serveApi(app, { port: 0, host: '127.0.0.1' });
  const { key } = await api.asKey(['*']);
  const running = { temporalAddress: '127.0.0.1:9', temporalUiUrl: null, apiUrl: server.url, parts: [] };
  writeRunningSystem(reosHome(home), { databaseUrl: url, ...running });
  const reos = async (args: readonly string[], env: Record<string, string>): Promise<CliAnswer> => {
    let stdout = '';
    let stderr = '';
    const streams = {
      stdout: { write: (text: string) => (stdout += text) },
      stderr: { write: (text: string) => (stderr += text) },
    };
    const code = await main([...args, '--json'], streams, { REOS_LOG_LEVEL: 'silent', REOS_HOME: home, ...env });
    return { code, json: JSON.parse(stdout) as unknown, stderr };
  };
  return {
    api,
    home,
    url: server.url,
    key,
    here: (...args) => reos(args, {}),
    there: (...args) => reos([...args, '--api', server.url], { REOS_API_KEY: key }),
    async close() {
      await events.stop();
      await server.close();
      parts.close();
      await connection.close();
      await api.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
