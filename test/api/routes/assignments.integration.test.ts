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
  items: { property_id: string; completed_at: string | null }[];
  next_cursor: string | null;
}

describe('assignments', () => {
  it('tell the user once, are listed and completed', async () => {
    const [ann, bob] = [await api.as('analyst'), await api.as('viewer')];
    const [one, two] = [await addProperty(api), await addProperty(api)];
    const put = (property: string, body: object = {}) =>
      ann('PUT', `/api/v1/properties/${property}/assignments/${bob.userId}`, { body });
    expect(await put(one, { note: 'call', due_at: '2026-12-01T09:00:00-05:00' })).toMatchObject({
      status: 200,
      body: { note: 'call', due_at: '2026-12-01T14:00:00.000Z', assigned_by: ann.userId, completed_at: null },
    });
    await put(one, { note: 'call again' });
    await put(two);
    const list = async (query: string, who = bob) => (await who('GET', `/api/v1/assignments?${query}`)).body as Page;
    const notices = (await bob('GET', '/api/v1/notifications')).body as unknown as { items: unknown[] };
    expect(notices.items).toHaveLength(2);
    const first = await list('limit=1');
    const rest = await list(`limit=1&cursor=${first.next_cursor}`);
    expect([...first.items, ...rest.items].map((item) => item.property_id).sort()).toEqual([one, two].sort());
    expect((await put(one, { completed: true })).status).toBe(200);
    const assignees = await ann('GET', `/api/v1/properties/${one}/assignments`);
    expect(assignees.body).toMatchObject({ items: [{ user_id: bob.userId, user_name: expect.any(String) }] });
    expect((await ann('GET', `/api/v1/properties/${randomUUID()}/assignments`)).status).toBe(404);
    expect((await list(`user=${bob.userId}&open=true`, ann)).items.map((item) => item.property_id)).toEqual([two]);
    expect((await list('open=false')).items.map((item) => item.property_id)).toEqual([one]);
    expect((await ann('DELETE', `/api/v1/properties/${two}/assignments/${bob.userId}`)).status).toBe(204);
    expect((await list('open=true')).items).toEqual([]);
    expect((await bob('PUT', `/api/v1/properties/${one}/assignments/${bob.userId}`, { body: {} })).status).toBe(403);
  });

  it('know nothing of another tenant’s users and properties', async () => {
    const ann = await api.as('analyst');
    const other = await api.addTenant('other-assignments');
    const [stranger, mine, theirs] = [
      await api.as('admin', other),
      await addProperty(api),
      await addProperty(api, other),
    ];
    for (const user of [stranger.userId, randomUUID()]) {
      expect((await ann('PUT', `/api/v1/properties/${mine}/assignments/${user}`, { body: {} })).status).toBe(404);
      expect((await ann('GET', `/api/v1/assignments?user=${user}`)).status).toBe(404);
    }
    expect((await ann('PUT', `/api/v1/properties/${theirs}/assignments/${ann.userId}`, { body: {} })).status).toBe(404);
    const key = await api.asKey(['timeline:read']);
    expect((await key('GET', '/api/v1/assignments')).status).toBe(400);
  });
});
