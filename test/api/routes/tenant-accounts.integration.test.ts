import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../../src/api/auth/password.ts';
import { loadGateFacts } from '../../../src/db/queries/outreach-gate.ts';
import { decide } from '../../../src/db/queries/policy.ts';
import { listTenants } from '../../../src/db/queries/tenants.ts';
import { countUsage } from '../../../src/db/queries/usage.ts';
import { withSystem, withTenant } from '../../../src/db/tenant.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';

let api: TestApi;
let operator: Awaited<ReturnType<TestApi['as']>>;
beforeAll(async () => {
  api = await createTestApi();
  await api.database.query('update tenants set is_operator = true where id = $1', [api.database.tenantId]);
  operator = await api.as('admin');
});
afterAll(() => api.close());

const change = (tenantId: string, body: unknown) => operator('PATCH', `/api/v1/tenants/${tenantId}`, { body });

describe('the plan of a tenant', () => {
  it('is changed by whoever runs the installation, and by nobody else', async () => {
    const tenantId = await api.addTenant('buyer');
    const admin = await api.as('admin', tenantId);
    expect((await admin('PATCH', `/api/v1/tenants/${tenantId}`, { body: { plan: 'enterprise' } })).status).toBe(403);
    expect((await admin('PATCH', `/api/v1/tenants/${tenantId}`, { body: { status: 'active' } })).status).toBe(403);
    expect((await change(tenantId, { plan: 'golden' })).status).toBe(400);
    expect(await change(tenantId, { plan: 'professional' })).toMatchObject({
      status: 200,
      body: { slug: 'buyer', plan: 'professional', status: 'active' },
    });
    expect((await admin('GET', '/api/v1/usage')).body).toMatchObject({ plan: 'professional' });
    const viewer = await api.as('viewer');
    expect((await viewer('PATCH', `/api/v1/tenants/${tenantId}`, { body: { plan: 'free' } })).status).toBe(403);
    const random = await change('00000000-0000-4000-8000-000000000000', { plan: 'free' });
    expect(random).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('is told in the audit log of both sides', async () => {
    const tenantId = await api.addTenant('told');
    await change(tenantId, { plan: 'professional' });
    const rows = await api.database.query(
      `select actor_id, action, detail from audit_log where tenant_id = $1 and action = 'tenant:account'`,
      [tenantId],
    );
    expect(rows).toEqual([
      { actor_id: operator.userId, action: 'tenant:account', detail: { plan: { from: 'free', to: 'professional' } } },
    ]);
    const own = await api.database.query('select 1 from audit_log where tenant_id = $1 and resource = $2', [
      api.database.tenantId,
      `updateTenant:${tenantId}`,
    ]);
    expect(own).toHaveLength(1);
  });

  it('follows from a list of everybody and what they used', async () => {
    const tenantId = await api.addTenant('zz-metered');
    const admin = await api.as('admin', tenantId);
    await withTenant(api.database.db, tenantId, (trx) => countUsage(trx, 'properties', 7, new Date()));
    await withTenant(api.database.db, tenantId, (trx) => countUsage(trx, 'sends', 3, new Date('2026-03-05T00:00:00Z')));
    for (const path of ['/api/v1/tenants?all=true', '/api/v1/usage/tenants']) {
      expect((await admin('GET', path)).status).toBe(403);
      const first = (await operator('GET', `${path}${path.includes('?') ? '&' : '?'}limit=1`)).body as {
        items: unknown[];
        next_cursor: string;
      };
      expect(first.items).toHaveLength(1);
      expect(first.next_cursor).not.toBeNull();
    }
    const listed = (await operator('GET', '/api/v1/tenants?all=true&limit=200')).body as { items: { slug: string }[] };
    expect(listed.items.map(({ slug }) => slug)).toContain('zz-metered');
    const usage = async (query: string) => {
      const { items } = (await operator('GET', `/api/v1/usage/tenants?limit=200${query}`)).body as {
        items: { tenant_id: string; meters: { meter: string; used: number }[] }[];
      };
      const { meters } = items.find(({ tenant_id }) => tenant_id === tenantId)!;
      return Object.fromEntries(meters.map(({ meter, used }) => [meter, used]));
    };
    expect(await usage('')).toMatchObject({ properties: 7, sends: 0 });
    expect(await usage('&month=2026-03')).toMatchObject({ properties: 0, sends: 3 });
    expect((await operator('GET', '/api/v1/usage/tenants?month=2026-13')).status).toBe(400);
  });
});

describe('a suspended tenant', () => {
  it('is refused at once, and told why; all goes on when it is active again', async () => {
    const tenantId = await api.addTenant('owing');
    const admin = await api.as('admin', tenantId);
    const key = await api.asKey(['*'], tenantId);
    await api.database.query('update user_accounts set password_hash = $2 where id = $1', [
      admin.userId,
      await hashPassword('a long enough password'),
    ]);
    const email = ((await admin('GET', '/api/v1/auth/me')).body as { user: { email: string } }).user.email;
    const logIn = (password: string) => api.anonymous('POST', '/api/v1/auth/login', { body: { email, password } });
    const session = (await logIn('a long enough password')).body as { refresh_token: string };
    expect((await change(tenantId, { status: 'suspended' })).body).toMatchObject({ status: 'suspended' });
    for (const caller of [admin, key]) {
      const refused = await caller('GET', '/api/v1/auth/me');
      expect(refused).toMatchObject({ status: 401, body: { code: 'auth_revoked' } });
      expect(refused.text).toContain('suspended');
    }
    const refreshed = await api.anonymous('POST', '/api/v1/auth/refresh', {
      body: { refresh_token: session.refresh_token },
    });
    expect(refreshed.status).toBe(401);
    expect((await logIn('a long enough password')).text).toContain('suspended');
    expect((await logIn('another password than that')).text).not.toContain('suspended');
    const active = () => withSystem(api.database.db, 'test', listTenants);
    expect((await active()).map(({ id }) => id)).not.toContain(tenantId);
    expect((await change(tenantId, { status: 'active' })).status).toBe(200);
    expect((await active()).map(({ id }) => id)).toContain(tenantId);
    expect((await key('GET', '/api/v1/auth/me')).status).toBe(200);
    expect((await logIn('a long enough password')).status).toBe(200);
  });

  it('sends nothing and pays for nothing', async () => {
    const tenantId = await api.addTenant('silent');
    await api.database.query(
      `insert into budgets (tenant_id, resource, period, limit_micros) values ($1, '*', 'day', 1000000)`,
      [tenantId],
    );
    const inTenant = <T>(fn: Parameters<typeof withTenant<T>>[2]) => withTenant(api.database.db, tenantId, fn);
    const send = { channel: 'email', addressHash: null, contactId: tenantId, propertyId: tenantId, sendId: tenantId };
    const row = { ...send, campaignId: tenantId, step: 1, dedupeDays: 1, maxPerRun: 1, throttle: null } as never;
    const pause = async () => (await inTenant((trx) => loadGateFacts(trx, row, new Date()))).tenantPause;
    const actor = { kind: 'system', name: 'test' } as const;
    const question = { actor, action: 'enrichment:call', resource: 'maps', costMicros: 10 };
    const pays = async () => (await inTenant((trx) => decide(trx, question))).allow;
    expect([await pause(), await pays()]).toEqual([null, true]);
    await change(tenantId, { status: 'suspended' });
    expect([await pause(), await pays()]).toEqual(['the organisation is suspended', false]);
    await change(tenantId, { status: 'active' });
    expect([await pause(), await pays()]).toEqual([null, true]);
  });

  it('is never the last of those that run the installation', async () => {
    const refused = await change(api.database.tenantId, { status: 'suspended' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const second = await api.addTenant('second-operator');
    await api.database.query('update tenants set is_operator = true where id = $1', [second]);
    expect((await change(second, { status: 'suspended' })).status).toBe(200);
    expect((await change(api.database.tenantId, { status: 'suspended' })).status).toBe(409);
  });
});
