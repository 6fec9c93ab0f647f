import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { addProperty } from '../../support/collaboration.ts';

let api: TestApi;
let ann: Awaited<ReturnType<TestApi['as']>>;
let bob: Awaited<ReturnType<TestApi['as']>>;
beforeAll(async () => {
  api = await createTestApi();
  ann = await api.as('analyst');
  bob = await api.as('viewer');
});
afterAll(() => api.close());

async function find(query: string, who = ann): Promise<string[]> {
  const { status, body } = await who('GET', `/api/v1/properties/search?city=Yuma&${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return (body as { properties: { id: string }[] }).properties.map(({ id }) => id).sort();
}

describe('queues of a person’s work', () => {
  it('find what the person has not looked at, and what they look after, and what needs a person', async () => {
    const ids = await Promise.all([
      addProperty(api, undefined, { city: 'Yuma' }),
      addProperty(api, undefined, { city: 'Yuma' }),
      addProperty(api, undefined, { city: 'Yuma' }),
    ]);
    const [first = '', second = '', third = ''] = ids;
    await api.database.query('update properties set needs_review = true where id = $1', [second]);
    const mark = (body: object, who = ann) => who('POST', '/api/v1/properties/seen', { body });
    expect((await mark({ property_ids: [first, second, first] })).status).toBe(204);
    expect((await mark({ property_ids: [first] })).status).toBe(204);
    expect(await find(`unseen_by=${ann.userId}`)).toEqual([third]);
    // Marks are each person's own, and what is gone is passed over.
    expect((await mark({ property_ids: [randomUUID(), third] }, bob)).status).toBe(204);
    expect(await find(`unseen_by=${bob.userId}`)).toEqual([first, second].sort());
    expect((await mark({ property_ids: [second], seen: false })).status).toBe(204);
    expect(await find(`unseen_by=${ann.userId}`)).toEqual([second, third].sort());

    expect(await find('needs_review=true')).toEqual([second]);
    expect((await ann('GET', '/api/v1/properties/search?needs_review=maybe')).status).toBe(400);

    const assign = (id: string, body: object) =>
      ann('PUT', `/api/v1/properties/${id}/assignments/${ann.userId}`, { body });
    expect((await assign(first, {})).status).toBe(200);
    expect((await assign(third, { due_at: '2026-12-01T00:00:00Z' })).status).toBe(200);
    expect(await find(`assigned_to=${ann.userId}`)).toEqual([first, third].sort());
    expect((await assign(first, { completed: true })).status).toBe(200);
    expect(await find(`assigned_to=${ann.userId}&unseen_by=${ann.userId}`)).toEqual([third]);
    expect(await find(`assigned_to=${bob.userId}`)).toEqual([]);
  });

  it('are no marks of a key', async () => {
    const key = await api.asKey(['properties:read']);
    expect((await key('POST', '/api/v1/properties/seen', { body: { property_ids: [randomUUID()] } })).status).toBe(403);
  });

  it('are kept in a saved search with its order and what it means', async () => {
    const filter = { city: 'Yuma', unseen_by: ann.userId, sort: '-updated_at', meaning: 'large garden' };
    const { status, body } = await ann('POST', '/api/v1/saved-searches', { body: { name: 'my queue', filter } });
    expect(status).toBe(201);
    expect(body).toMatchObject({ filter });
    const refused = { name: 'other', filter: { sort: 'by magic' } };
    expect((await ann('POST', '/api/v1/saved-searches', { body: refused })).status).toBe(400);
  });
});
