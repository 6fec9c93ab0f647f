import { mkdtemp, rm } from 'node:fs/promises';
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
import { testIdentity } from '../support/identity.ts';

let api: TestApi;
let parts: Awaited<ReturnType<typeof createApiParts>>;
let connection: Connection;
let server: Awaited<ReturnType<typeof serveApi>>;
let home: string;

async function reos(args: readonly string[], env: Record<string, string> = {}) {
  let stdout = '';
  let stderr = '';
  const streams = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  };
  const code = await main([...args, '--json'], streams, { REOS_LOG_LEVEL: 'silent', REOS_HOME: home, ...env });
  // biome-ignore lint/suspicious/noExplicitAny: the shapes are what the tests look at
  return { code, json: JSON.parse(stdout) as any, stderr };
}
const there = async (tenantId: string, ...args: string[]) => {
  const { key } = await api.asKey(['*'], tenantId);
  return reos([...args, '--api', server.url], { REOS_API_KEY: key });
};
const post = (path: string, body: unknown) =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'reos accounts '));
  api = await createTestApi();
  // No verb here needs Temporal: a connection that is never opened.
  connection = Connection.lazy({ address: '127.0.0.1:9' });
  const { db } = api.database;
  const own = { db, client: new Client({ connection }), publicUrl: 'https://reos.example.com' };
  parts = await createApiParts(readSettings({ REOS_HOME: home }), pino({ level: 'silent' }), own);
  const unlimited = { tenant: { free: 1e9, professional: 1e9, enterprise: 1e9 }, address: 1e9 };
  // Links are made and believed with the home's own secret; keys are the tests'.
  const app = createApi({ ...parts.deps, identity: testIdentity(), limits: unlimited });
  server = await serveApi(app, { port: 0, host: '127.0.0.1' });
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

describe('tenants at the terminal', () => {
  it('are given plans, suspended and resumed, on the machine and from afar', async () => {
    await api.addTenant('renter');
    expect(await reos(['tenant', 'plan', 'renter', 'professional'])).toMatchObject({
      code: 0,
      json: { slug: 'renter', plan: 'professional', status: 'active' },
    });
    const operator = api.database.tenantId;
    expect((await there(operator, 'tenant', 'suspend', 'renter')).json).toMatchObject({ status: 'suspended' });
    const [near, far] = [await reos(['tenant', 'list']), await there(operator, 'tenant', 'list')];
    expect(near.json).toEqual(far.json);
    expect(near.json.tenants).toContainEqual(expect.objectContaining({ slug: 'renter', status: 'suspended' }));
    expect((await reos(['tenant', 'resume', 'renter'])).json).toMatchObject({ status: 'active' });
    expect(await reos(['tenant', 'plan', 'renter', 'golden'])).toMatchObject({ code: 2 });
    expect(await reos(['tenant', 'suspend', 'nobody'])).toMatchObject({ code: 4 });
    const renter = near.json.tenants.find(({ slug }: { slug: string }) => slug === 'renter').id;
    expect(await there(renter, 'tenant', 'plan', 'renter', 'enterprise')).toMatchObject({
      json: { error: { code: 'forbidden' } },
    });
  });

  it('are written down when they are made', async () => {
    const { json } = await reos(['tenant', 'create', 'fresh']);
    const rows = await api.database.query('select actor_kind, action, detail from audit_log where tenant_id = $1', [
      json.id,
    ]);
    expect(rows).toEqual([{ actor_kind: 'system', action: 'tenant:create', detail: { slug: 'fresh' } }]);
  });
});

describe('people at the terminal', () => {
  it('get back in with a link, the last admin who is locked out, too', async () => {
    const tenantId = await api.addTenant('locked');
    const admin = await api.as('admin', tenantId);
    const email = 'last@example.com';
    await api.database.query('update user_accounts set email = $2 where id = $1', [admin.userId, email]);
    const made = await reos(['user', 'reset-password', email, '--tenant', 'locked']);
    expect(made).toMatchObject({ code: 0, json: { email, user_id: admin.userId } });
    const { token, url } = made.json;
    expect(url).toBe(`${server.url}/reset-password?token=${token}`);
    const password = 'a password of their own';
    expect((await post('/api/v1/auth/reset-password', { token, password })).status).toBe(204);
    expect((await post('/api/v1/auth/login', { email, password })).status).toBe(200);
    const { json } = await reos(['audit', 'list', '--tenant', 'locked', '--action', 'session:*']);
    const actions = json.entries.map(({ action }: { action: string }) => action);
    expect(actions).toEqual(['session:login', 'session:reset-password']);
    const far = await there(tenantId, 'user', 'reset-password', email);
    expect(far.json.url).toMatch(/^https:\/\/reos\.example\.com\/reset-password\?token=reosp_/);
  });

  it('are erased when it is really meant', async () => {
    const tenantId = await api.addTenant('leaving');
    await api.as('admin', tenantId);
    const { userId } = await api.as('viewer', tenantId);
    expect(await there(tenantId, 'user', 'erase', userId)).toMatchObject({ code: 2 });
    expect(await there(tenantId, 'user', 'erase', userId, '--yes')).toMatchObject({
      code: 0,
      json: { id: userId, erased: true },
    });
    const verified = await reos(['audit', 'verify', '--tenant', 'leaving']);
    expect(verified).toMatchObject({ code: 0, json: { ok: true } });
    const { users } = (await reos(['user', 'list', '--tenant', 'leaving'])).json;
    expect(users).toContainEqual(expect.objectContaining({ id: userId, name: 'Erased person', status: 'disabled' }));
  });

  it('are invited by mail', async () => {
    await api.addTenant('mailers');
    const made = await reos(['user', 'add', 'new@example.com', '--tenant', 'mailers']);
    expect(made.json).toMatchObject({
      is_mailed: true,
      url: `${server.url}/accept-invitation?token=${made.json.token}`,
    });
  });
});
