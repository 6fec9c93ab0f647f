import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

interface NewKey {
  id: string;
  key: string;
  prefix: string;
}

describe('API keys', () => {
  it('work from the moment they are shown until they are revoked, and are counted', async () => {
    const tenantId = await api.addTenant('programs');
    const admin = await api.as('admin', tenantId);
    const body = { name: 'Importer', scopes: ['timeline:read', 'timeline:read'] };
    const made = await admin('POST', '/api/v1/api-keys', { body });
    const { id, key, prefix } = made.body as NewKey;
    expect(made.status).toBe(201);
    expect(key.startsWith(prefix)).toBe(true);
    const headers = { Authorization: `Bearer ${key}` };
    expect((await api.anonymous('GET', '/api/v1/auth/me', { headers })).body).toMatchObject({
      kind: 'api_key',
      id,
      user: null,
      permissions: ['timeline:read'],
    });
    expect((await api.anonymous('GET', '/api/v1/tags', { headers })).status).toBe(200);
    expect((await api.anonymous('GET', '/api/v1/users', { headers })).status).toBe(403);
    const list = await admin('GET', '/api/v1/api-keys');
    expect(list.text).not.toContain(key);
    expect(list.body).toMatchObject({ items: [{ id, name: 'Importer', revoked_at: null, request_count: 1 }] });
    const stranger = await api.as('admin', await api.addTenant('other-programs'));
    expect((await stranger('DELETE', `/api/v1/api-keys/${id}`)).status).toBe(404);
    expect((await admin('DELETE', `/api/v1/api-keys/${id}`)).status).toBe(204);
    expect((await api.anonymous('GET', '/api/v1/tags', { headers })).status).toBe(401);
  });

  it('may do no more than who made them', async () => {
    const maker = await api.asKey(['keys:update', 'timeline:*']);
    const make = (scopes: string[]) => maker('POST', '/api/v1/api-keys', { body: { name: 'x', scopes } });
    expect((await make(['timeline:update'])).status).toBe(201);
    for (const scopes of [['*'], ['users:update'], ['timeline:read', 'properties:*']]) {
      expect(await make(scopes)).toMatchObject({ status: 403, body: { code: 'forbidden', field: 'body.scopes' } });
    }
    expect((await make(['nonsense:read'])).status).toBe(400);
    expect((await make([])).status).toBe(400);
  });

  it('expire', async () => {
    const admin = await api.as('admin');
    const make = (expires_at: string) =>
      admin('POST', '/api/v1/api-keys', { body: { name: 'x', scopes: ['*'], expires_at } });
    expect((await make('2020-01-01T00:00:00Z')).status).toBe(400);
    const { id, key } = (await make('2100-01-01T00:00:00Z')).body as NewKey;
    await api.database.query('update api_keys set expires_at = now() where id = $1', [id]);
    const headers = { Authorization: `Bearer ${key}` };
    expect((await api.anonymous('GET', '/api/v1/auth/me', { headers })).status).toBe(401);
  });

  it('are paged', async () => {
    const tenantId = await api.addTenant('many-keys');
    const admin = await api.as('admin', tenantId);
    for (let at = 0; at < 3; at += 1) await api.asKey(['*'], tenantId);
    const first = (await admin('GET', '/api/v1/api-keys?limit=2')).body as { items: NewKey[]; next_cursor: string };
    const rest = (await admin('GET', `/api/v1/api-keys?limit=2&cursor=${first.next_cursor}`)).body as typeof first;
    expect(new Set([...first.items, ...rest.items].map(({ id }) => id)).size).toBe(3);
    const forged = Buffer.from(JSON.stringify(['id', 'x'])).toString('base64url');
    expect((await admin('GET', `/api/v1/api-keys?cursor=${forged}`)).status).toBe(400);
  });
});
