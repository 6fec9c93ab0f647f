import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../../src/api/auth/password.ts';
import { verifyAudit } from '../../../src/db/queries/audit-verify.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { addProperty } from '../../support/collaboration.ts';

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

describe('a person who is erased', () => {
  const whole = (tenantId: string) => withTenant(api.database.db, tenantId, async (trx) => (await verifyAudit(trx)).ok);

  it('is forgotten, and the audit log stays whole', async () => {
    const tenantId = await api.addTenant('forgetting');
    const admin = await api.as('admin', tenantId);
    const person = await api.as('analyst', tenantId);
    const email = 'grace.hopper@example.com';
    const password = 'a long enough password';
    await api.database.query('update user_accounts set email = $2, name = $3, password_hash = $4 where id = $1', [
      person.userId,
      email,
      'Grace Hopper',
      await hashPassword(password),
    ]);
    const propertyId = await addProperty(api, tenantId, { city: 'Ajo' });
    await person('POST', `/api/v1/properties/${propertyId}/comments`, { body: { body: 'A good house.' } });
    const logIn = () => api.anonymous('POST', '/api/v1/auth/login', { body: { email, password } });
    const session = (await logIn()).body as { refresh_token: string };
    const [before] = await api.database.query<{ detail: { network: string } }>(
      `select detail from audit_log where action = 'session:login' and subject_id = $1`,
      [person.userId],
    );
    expect(before!.detail.network).toBeTruthy();
    expect((await admin('DELETE', `/api/v1/users/${person.userId}`)).status).toBe(204);
    expect((await person('GET', '/api/v1/auth/me')).status).toBe(401);
    expect((await logIn()).status).toBe(401);
    const refreshed = await api.anonymous('POST', '/api/v1/auth/refresh', {
      body: { refresh_token: session.refresh_token },
    });
    expect(refreshed.status).toBe(401);
    expect((await admin('GET', `/api/v1/users/${person.userId}`)).body).toMatchObject({
      name: 'Erased person',
      email: `${person.userId}@erased.invalid`,
      status: 'disabled',
      last_login_at: null,
    });
    const comments = await admin('GET', `/api/v1/properties/${propertyId}/comments`);
    expect(comments.text).toContain('A good house.');
    for (const table of ['user_accounts', 'audit_log', 'comments', 'refresh_tokens', 'user_mails', 'invitations']) {
      const rows = await api.database.query<{ row: string }>(
        `select t::text as row from ${table} t where tenant_id = $1`,
        [tenantId],
      );
      expect([table, rows.filter(({ row }) => /hopper/i.test(row))]).toEqual([table, []]);
    }
    const details = await api.database.query('select detail from audit_log where subject_id = $1 and action = $2', [
      person.userId,
      'session:login',
    ]);
    expect(details).toEqual([{ detail: null }]);
    expect(await whole(tenantId)).toBe(true);
    // For good: nobody lets them in again, and the address is free.
    expect((await admin('PATCH', `/api/v1/users/${person.userId}`, { body: { status: 'active' } })).status).toBe(409);
    expect((await admin('POST', `/api/v1/users/${person.userId}/password-reset`)).status).toBe(409);
    expect((await admin('POST', '/api/v1/invitations', { body: { email, role: 'viewer' } })).status).toBe(201);
    expect((await admin('DELETE', `/api/v1/users/${person.userId}`)).status).toBe(204);
  });

  it('is never the last admin, nobody of another tenant, and nobody above who asks', async () => {
    const tenantId = await api.addTenant('keeping');
    const admin = await api.as('admin', tenantId);
    const viewer = await api.as('viewer', tenantId);
    expect((await admin('DELETE', `/api/v1/users/${admin.userId}`)).status).toBe(409);
    expect((await viewer('DELETE', `/api/v1/users/${viewer.userId}`)).status).toBe(403);
    const key = await api.asKey(['users:update'], tenantId);
    expect((await key('DELETE', `/api/v1/users/${admin.userId}`)).status).toBe(403);
    const stranger = await api.as('admin', await api.addTenant('not-keeping'));
    expect((await stranger('DELETE', `/api/v1/users/${viewer.userId}`)).status).toBe(404);
    expect((await viewer('GET', '/api/v1/auth/me')).status).toBe(200);
    const second = await api.as('admin', tenantId);
    const both = await Promise.all([
      admin('DELETE', `/api/v1/users/${second.userId}`),
      second('DELETE', `/api/v1/users/${admin.userId}`),
    ]);
    expect(both.filter(({ status }) => status === 204)).toHaveLength(1);
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
    expect((await admin('PATCH', `/api/v1/tenants/${tenantId}`, { body: { plan: 'enterprise' } })).status).toBe(403);
    expect((await admin('GET', `/api/v1/tenants/${other}`)).status).toBe(404);
    expect((await admin('PATCH', `/api/v1/tenants/${other}`, { body: { name: 'Mine' } })).status).toBe(404);
    expect((await (await api.as('viewer', tenantId))('GET', `/api/v1/tenants/${tenantId}`)).status).toBe(403);
  });
});
