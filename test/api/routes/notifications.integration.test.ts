import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { addProperty } from '../../support/collaboration.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

interface Page {
  items: { id: string; title: string; read_at: string | null; property_id: string }[];
  next_cursor: string | null;
}

describe('notifications', () => {
  it('are one’s own, newest first, and are read once or all together', async () => {
    const [ann, bob] = [await api.as('underwriter'), await api.as('viewer')];
    const property = await addProperty(api);
    for (let n = 0; n < 3; n += 1) {
      const body = { body: `${n}`, mentions: [bob.userId] };
      expect((await ann('POST', `/api/v1/properties/${property}/comments`, { body })).status).toBe(201);
    }
    const list = async (who = bob, query = '') => (await who('GET', `/api/v1/notifications${query}`)).body as Page;
    const { items } = await list();
    expect(items).toHaveLength(3);
    expect(items[0]).toMatchObject({ title: 'A underwriter mentioned you in a comment', property_id: property });
    expect((await list(ann)).items).toEqual([]);

    const first = await list(bob, '?limit=2');
    const rest = await list(bob, `?limit=2&cursor=${first.next_cursor}`);
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(items.map(({ id }) => id));
    expect(rest.next_cursor).toBeNull();

    const read = `/api/v1/notifications/${items[1]!.id}/read`;
    expect((await ann('POST', read)).status).toBe(404);
    expect((await bob('POST', read)).status).toBe(204);
    const at = (await list()).items[1]!.read_at;
    expect(at).not.toBeNull();
    await bob('POST', read);
    expect((await list()).items[1]!.read_at).toBe(at);
    expect((await list(bob, '?unread=true')).items).toHaveLength(2);
    expect((await bob('POST', '/api/v1/notifications/read-all')).body).toEqual({ read: 2 });
    expect((await list(bob, '?unread=true')).items).toEqual([]);
  });

  it('are another person’s only for whoever may change users', async () => {
    const [ann, bob] = [await api.as('analyst'), await api.as('viewer')];
    const body = { body: 'look', mentions: [bob.userId] };
    await ann('POST', `/api/v1/properties/${await addProperty(api)}/comments`, { body });
    const of = `?user_id=${bob.userId}`;
    expect((await ann('GET', `/api/v1/notifications${of}`)).status).toBe(403);
    expect((await (await api.asKey(['timeline:*']))('GET', `/api/v1/notifications${of}`)).status).toBe(403);
    const key = await api.asKey(['users:update']);
    const own = (await bob('GET', '/api/v1/notifications')).body as { items: { id: string }[] };
    expect((await key('GET', `/api/v1/notifications${of}`)).body).toEqual(own);
    expect((await key('POST', `/api/v1/notifications/${own.items[0]!.id}/read${of}`)).status).toBe(204);
    expect((await key('GET', `/api/v1/notifications?user_id=${randomUUID()}`)).status).toBe(404);
  });

  it('are not for keys', async () => {
    const key = await api.asKey(['timeline:read']);
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/read-all'],
    ] as const) {
      expect(await key(method, `/api/v1/notifications${path}`)).toMatchObject({
        status: 403,
        body: {
          detail:
            'An API key has no notifications: they are told to people. Sign in as a user, or name one with user_id.',
        },
      });
    }
  });
});
