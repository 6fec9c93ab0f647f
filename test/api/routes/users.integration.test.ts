import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

describe('users', () => {
  it('lists them by address, page by page', async () => {
    const tenantId = await api.addTenant('people');
    const admin = await api.as('admin', tenantId);
    await api.as('viewer', tenantId);
    await api.as('ops', tenantId);
    const first = await admin('GET', '/api/v1/users?limit=2');
    const { items, next_cursor } = first.body as { items: { role: string }[]; next_cursor: string };
    const second = await admin('GET', `/api/v1/users?limit=2&cursor=${next_cursor}`);
    const rest = second.body as { items: { role: string }[]; next_cursor: string | null };
    expect([...items, ...rest.items].map(({ role }) => role)).toEqual(['admin', 'ops', 'viewer']);
    expect(rest.next_cursor).toBeNull();
    expect(first.text).not.toContain('password');
    expect((await admin('GET', '/api/v1/users?role=ops')).body).toMatchObject({ items: [{ role: 'ops' }] });
    expect((await (await api.as('analyst', tenantId))('GET', '/api/v1/users')).status).toBe(403);
  });

  it('tells names alone to those who write comments', async () => {
    const tenantId = await api.addTenant('names');
    const admin = await api.as('admin', tenantId);
    const analyst = await api.as('analyst', tenantId);
    await admin('PATCH', `/api/v1/users/${analyst.userId}`, { body: { name: 'Ada 100% Byron' } });
    expect((await analyst('GET', '/api/v1/colleagues?q=byr')).body).toEqual({
      items: [{ id: analyst.userId, name: 'Ada 100% Byron' }],
    });
    expect((await analyst('GET', '/api/v1/colleagues?q=100%25')).body).toMatchObject({
      items: [{ id: analyst.userId }],
    });
    expect((await analyst('GET', '/api/v1/colleagues?q=_')).body).toEqual({ items: [] });
    expect((await analyst('GET', '/api/v1/colleagues')).body).toMatchObject({ items: [{}, {}] });
    await admin('PATCH', `/api/v1/users/${analyst.userId}`, { body: { status: 'disabled' } });
    expect((await admin('GET', '/api/v1/colleagues?q=ada')).body).toEqual({ items: [] });
    expect((await (await api.as('ops', tenantId))('GET', '/api/v1/colleagues')).status).toBe(403);
  });

  it('takes a role away at once, and ends the sessions', async () => {
    const tenantId = await api.addTenant('roles');
    const admin = await api.as('admin', tenantId);
    const other = await api.as('admin', tenantId);
    expect((await other('GET', '/api/v1/users')).status).toBe(200);
    const changed = await admin('PATCH', `/api/v1/users/${other.userId}`, { body: { role: 'viewer' } });
    expect(changed).toMatchObject({ status: 200, body: { role: 'viewer' } });
    expect((await other('GET', '/api/v1/users')).status).toBe(401);
  });

  it('keeps one active admin, also against two who remove each other', async () => {
    const tenantId = await api.addTenant('last');
    const one = await api.as('admin', tenantId);
    const two = await api.as('admin', tenantId);
    const both = await Promise.all([
      one('PATCH', `/api/v1/users/${two.userId}`, { body: { status: 'disabled' } }),
      two('PATCH', `/api/v1/users/${one.userId}`, { body: { role: 'ops' } }),
    ]);
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
    const [{ count }] = (await api.database.query(
      `select count(*)::int from user_accounts where tenant_id = $1 and role = 'admin' and status = 'active'`,
      [tenantId],
    )) as [{ count: number }];
    expect(count).toBe(1);
    const alone = await api.as('admin', await api.addTenant('alone'));
    const refused = await alone('PATCH', `/api/v1/users/${alone.userId}`, { body: { role: 'viewer' } });
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await alone('PATCH', `/api/v1/users/${alone.userId}`, { body: { name: ' Al ' } })).body).toMatchObject({
      name: 'Al',
    });
  });

  it('lets a key give no role that may do more than the key', async () => {
    const tenantId = await api.addTenant('keys');
    const admin = await api.as('admin', tenantId);
    const viewer = await api.as('viewer', tenantId);
    const key = await api.asKey(['users:update', 'properties:read', 'timeline:*'], tenantId);
    const change = (userId: string, body: unknown) => key('PATCH', `/api/v1/users/${userId}`, { body });
    expect((await change(viewer.userId, { role: 'admin' })).status).toBe(403);
    expect((await change(admin.userId, { status: 'disabled' })).status).toBe(403);
    expect((await change(viewer.userId, { role: 'underwriter' })).status).toBe(200);
  });

  it('knows nothing of another tenant', async () => {
    const admin = await api.as('admin', await api.addTenant('here'));
    const foreign = await api.as('viewer', await api.addTenant('there'));
    for (const method of ['GET', 'PATCH']) {
      const body = method === 'PATCH' ? { body: { name: 'x' } } : {};
      expect((await admin(method, `/api/v1/users/${foreign.userId}`, body)).status).toBe(404);
    }
  });
});

describe('the own tenant', () => {
  it('is read and changed, and is the only one', async () => {
    const tenantId = await api.addTenant('own');
    const other = await api.addTenant('not-own');
    const admin = await api.as('admin', tenantId);
    expect((await admin('GET', '/api/v1/tenants')).body).toMatchObject({
      items: [{ id: tenantId }],
      next_cursor: null,
    });
    const body = { name: 'Own Homes', time_zone: 'America/Chicago' };
    expect(await admin('PATCH', `/api/v1/tenants/${tenantId}`, { body })).toMatchObject({ status: 200, body });
    expect((await admin('GET', `/api/v1/tenants/${tenantId}`)).body).toMatchObject({ slug: 'own', ...body });
    expect((await admin('PATCH', `/api/v1/tenants/${tenantId}`, { body: { time_zone: 'Mars/Base' } })).status).toBe(
      400,
    );
    expect((await admin('PATCH', `/api/v1/tenants/${tenantId}`, { body: { plan: 'enterprise' } })).status).toBe(400);
    expect((await admin('GET', `/api/v1/tenants/${other}`)).status).toBe(404);
    expect((await admin('PATCH', `/api/v1/tenants/${other}`, { body: { name: 'Mine' } })).status).toBe(404);
    expect((await (await api.as('viewer', tenantId))('GET', `/api/v1/tenants/${tenantId}`)).status).toBe(403);
  });
});
