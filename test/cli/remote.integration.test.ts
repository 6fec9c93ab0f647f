import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveApi } from '../../src/api/serve.ts';
import { createApi } from '../../src/api/server.ts';
import { main } from '../../src/cli/main.ts';
import { reosHome } from '../../src/runtime/home.ts';
import { writeRunningSystem } from '../../src/runtime/state.ts';
import { readSettings } from '../../src/settings.ts';
import { createApiParts } from '../../src/workers/api.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { KEY_SECRET, TEST_TOKEN_KEYS, testIdentity } from '../support/identity.ts';

let api: TestApi;
let parts: Awaited<ReturnType<typeof createApiParts>>;
let connection: Connection;
let server: Awaited<ReturnType<typeof serveApi>>;
let home: string;
let key: string;

interface Answer {
  code: number;
  // biome-ignore lint/suspicious/noExplicitAny: the shapes are what the tests look at
  json: any;
  stderr: string;
}

async function reos(args: readonly string[], env: Record<string, string>): Promise<Answer> {
  let stdout = '';
  let stderr = '';
  const streams = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  };
  const code = await main([...args, '--json'], streams, { REOS_LOG_LEVEL: 'silent', REOS_HOME: home, ...env });
  return { code, json: JSON.parse(stdout) as unknown, stderr };
}

/** Over HTTP, with a key, on a home that holds nothing. */
const there = (...args: string[]) => reos([...args, '--api', server.url], { REOS_API_KEY: key });
/** On this machine's database, without a server. */
const here = (...args: string[]) => reos(args, {});

describe('verbs against a remote server', () => {
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'reos remote '));
    api = await createTestApi();
    const settings = readSettings({ REOS_HOME: home });
    // No verb here needs Temporal: a connection that is never opened.
    connection = Connection.lazy({ address: '127.0.0.1:9' });
    const { db } = api.database;
    const publicUrl = 'http://127.0.0.1:9';
    const logger = pino({ level: 'silent' });
    parts = await createApiParts(settings, logger, { db, client: new Client({ connection }), publicUrl });
    const auth = { tokens: TEST_TOKEN_KEYS, keySecret: KEY_SECRET };
    const unlimited = { tenant: { free: 1e9, professional: 1e9, enterprise: 1e9 }, address: 1e9 };
    const app = createApi({ ...parts.deps, identity: testIdentity(), auth, limits: unlimited });
    server = await serveApi(app, { port: 0, host: '127.0.0.1' });
    ({ key } = await api.asKey(['*']));
    await api.as('admin');
    // A system as `reos up` leaves it for other verbs; no verb here needs Temporal.
    const running = { temporalAddress: '127.0.0.1:9', temporalUiUrl: null, apiUrl: server.url, parts: [] };
    writeRunningSystem(reosHome(home), { databaseUrl: api.database.url, ...running });
  });
  afterAll(async () => {
    await server.close();
    parts.close();
    await connection.close();
    await api.close();
    await rm(home, { recursive: true, force: true });
  });

  it('writes what is then read the same here and there', async () => {
    const invited = await there('user', 'add', 'jo@example.com', '--role', 'analyst');
    expect(invited).toMatchObject({ code: 0, json: { email: 'jo@example.com', role: 'analyst' } });
    expect(invited.json.token).toMatch(/^reosi_/);
    expect(await there('budget', 'set', 'sendgrid', '2.50')).toMatchObject({
      json: { limit: 2.5, spent: 0, left: 2.5 },
    });
    expect(await there('outreach', 'pause', '--channel', 'sms', '--reason', 'holiday')).toMatchObject({
      json: { paused: ['sms'], reason: 'holiday' },
    });
    const made = await there('api-key', 'create', '--name', 'reader', '--scopes', 'properties:read', '--days', '3');
    expect(made.json).toMatchObject({ name: 'reader', scopes: ['properties:read'] });

    for (const verb of [
      'user list',
      'invitation list',
      'tenant show',
      'budget list',
      'buy-box list',
      'outreach status',
      'outreach unknowns',
      'outreach suppressions',
      'campaign list',
      'contact list',
      'template list --kind sms',
      'branding show',
      'lifecycle list',
      'models list',
      'models drift',
      'memo',
      'scoreboard',
      'forecast --county king-wa',
      'audit verify',
    ]) {
      const [near, far] = [await here(...verb.split(' ')), await there(...verb.split(' '))];
      expect({ verb, ...far }).toMatchObject({ verb, code: 0 });
      expect({ verb, json: near.json }).toEqual({ verb, json: far.json });
    }
    const [near, far] = [await here('api-key', 'list'), await there('api-key', 'list')];
    const names = ({ json }: Answer) => json.api_keys.map(({ name }: { name: string }) => name);
    expect(names(near)).toEqual(names(far));

    await here('budget', 'remove', 'sendgrid');
    expect((await there('budget', 'list')).json.budgets).toEqual([]);
    const { entries } = (await there('audit', 'list')).json;
    expect(entries[0]).toMatchObject({ actor_id: expect.stringMatching(/^command-line:/), outcome: 'ok' });
  });

  it('refuses the same with the same code here and there', async () => {
    const nobody = '4f7c0000-0000-4000-8000-000000000000';
    for (const [code, exit, ...args] of [
      ['not_found', 4, 'buy-box', 'remove', nobody],
      ['not_found', 4, 'budget', 'remove', 'lob'],
      ['not_found', 4, 'user', 'role', 'nobody@example.com', 'admin'],
      ['validation', 2, 'user', 'role', 'nobody@example.com', 'king'],
      ['validation', 2, 'api-key', 'create', '--scopes', 'everything'],
      ['not_found', 4, 'outreach', 'settle', nobody, '--as', 'sent', '--note', 'seen'],
      ['not_found', 4, 'score', nobody],
      ['not_found', 4, 'comps', nobody],
      ['not_found', 4, 'similar', nobody],
      ['not_found', 4, 'deal', nobody],
      ['not_found', 4, 'value', '--property', nobody],
      ['not_found', 4, 'lead-score', nobody],
      ['not_found', 4, 'lifecycle', 'show', nobody],
      ['not_found', 4, 'memo', nobody],
      ['not_found', 4, 'contact', 'show', nobody],
      ['not_found', 4, 'models', 'compare', '--market', 'king-wa'],
      ['validation', 2, 'forecast', '--county', 'atlantis'],
    ] as const) {
      const [near, far] = [await here(...args), await there(...args)];
      expect([args, near.code, near.json.error.code]).toEqual([args, exit, code]);
      expect([args, far.code, far.json.error.code]).toEqual([args, exit, code]);
      expect(far.json.error.message).toBe(near.json.error.message);
    }
  });

  it('does what the key may do, in the tenant of the key, with a key from a file', async () => {
    const reader = await api.asKey(['properties:read']);
    const file = join(home, 'reader.key');
    await writeFile(file, `${reader.key}\n`, { mode: 0o600 });
    const asReader = (...args: string[]) => reos([...args, '--api', server.url, '--api-key-file', file], {});
    expect(await asReader('user', 'list')).toMatchObject({ code: 1, json: { error: { code: 'forbidden' } } });
    expect((await asReader('user', 'list')).json.error.details).toMatchObject({
      status: 403,
      request_id: expect.any(String),
    });
    const other = await there('user', 'list', '--tenant', 'another');
    expect(other).toMatchObject({ code: 2, json: { error: { code: 'validation' } } });
    key = 'reos_wrong';
    expect(await there('user', 'list')).toMatchObject({ code: 1, json: { error: { code: 'auth_revoked' } } });
  });
});
