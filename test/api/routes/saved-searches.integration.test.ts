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

interface Saved {
  id: string;
  name: string;
  alert: string;
  is_own: boolean;
}
const save = async (body: object, who = ann) => (await who('POST', '/api/v1/saved-searches', { body })).body as Saved;

describe('saved searches', () => {
  it('find what the search route finds with the same filter', async () => {
    const ids = [
      await addProperty(api, undefined, { city: 'Tucson', listPriceCents: 10_000_000 }),
      await addProperty(api, undefined, { city: 'Tucson', listPriceCents: 20_000_000 }),
      await addProperty(api, undefined, { city: 'Tucson', listPriceCents: 90_000_000 }),
    ];
    const { id } = await save({ name: 'cheap', filter: { city: 'tucson', max_price: 250_000 } });
    const run = (await ann('GET', `/api/v1/saved-searches/${id}/results?sort=-list_price&limit=1`)).body as {
      properties: { id: string }[];
      total_count: number;
      next_cursor: string;
    };
    expect(run).toMatchObject({ total_count: 2, properties: [{ id: ids[1] }] });
    const next = await ann(
      'GET',
      `/api/v1/saved-searches/${id}/results?sort=-list_price&limit=1&cursor=${run.next_cursor}`,
    );
    expect(next.body).toMatchObject({ properties: [{ id: ids[0] }], next_cursor: null });
    const direct = await ann('GET', '/api/v1/properties/search?city=tucson&max_price=250000&sort=-list_price&limit=1');
    expect(direct.body).toMatchObject({ properties: run.properties, total_count: 2 });
  });

  it('are seen by others only when shared, and changed by their owner alone', async () => {
    const own = await save({ name: 'private one', filter: {} });
    const shared = await save({ name: 'shared one', filter: { status: 'new' }, shared: true });
    const names = ((await bob('GET', '/api/v1/saved-searches')).body as { items: Saved[] }).items;
    expect(names.map(({ name, is_own }) => [name, is_own])).toEqual([['shared one', false]]);
    expect((await bob('GET', `/api/v1/saved-searches/${own.id}`)).status).toBe(404);
    expect((await bob('GET', `/api/v1/saved-searches/${shared.id}/results`)).status).toBe(200);
    expect((await bob('PATCH', `/api/v1/saved-searches/${shared.id}`, { body: { name: 'mine' } })).status).toBe(403);
    expect((await bob('DELETE', `/api/v1/saved-searches/${shared.id}`)).status).toBe(403);
    const admin = await api.as('admin');
    expect((await admin('DELETE', `/api/v1/saved-searches/${own.id}`)).status).toBe(404);
    expect((await admin('DELETE', `/api/v1/saved-searches/${shared.id}`)).status).toBe(204);
    expect((await ann('DELETE', `/api/v1/saved-searches/${own.id}`)).status).toBe(204);
  });

  it('come in pages by name, and have one name each', async () => {
    const cal = await api.as('analyst');
    for (const name of ['c', 'a', 'b']) await save({ name, filter: {} }, cal);
    expect((await cal('POST', '/api/v1/saved-searches', { body: { name: ' a ', filter: {} } })).status).toBe(409);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = (await cal('GET', `/api/v1/saved-searches?limit=2${cursor}`)).body as {
        items: Saved[];
        next_cursor: string | null;
      };
      seen.push(...page.items.map(({ name }) => name));
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    expect(seen.filter((name) => name.length === 1)).toEqual(['a', 'b', 'c']);
  });

  it('refuse filters that the search does not know, and owners without a face', async () => {
    const make = (body: object, who = ann) => who('POST', '/api/v1/saved-searches', { body });
    expect((await make({ name: 'x', filter: { colour: 'red' } })).status).toBe(400);
    expect((await make({ name: 'x', filter: { near: '47,-122' } })).status).toBe(400);
    expect((await make({ name: 'x', filter: {}, alert: 'hourly' })).status).toBe(400);
    const key = await api.asKey(['properties:*']);
    expect((await key('POST', '/api/v1/saved-searches', { body: { name: 'x', filter: {} } })).status).toBe(403);
    expect((await ann('GET', `/api/v1/saved-searches/${randomUUID()}`)).status).toBe(404);
  });

  it('are kept for a person by a key that may change users', async () => {
    const key = await api.asKey(['properties:read', 'users:update']);
    const of = `?user_id=${ann.userId}`;
    const body = { name: 'for Ann', filter: { city: 'Elma' }, user_id: ann.userId };
    expect((await (await api.asKey(['properties:*']))('POST', '/api/v1/saved-searches', { body })).status).toBe(403);
    const made = (await key('POST', '/api/v1/saved-searches', { body })).body as { id: string; owner: object };
    expect(made.owner).toMatchObject({ id: ann.userId });
    const listed = (await key('GET', `/api/v1/saved-searches${of}`)).body as { items: { id: string }[] };
    expect(listed.items.map(({ id }) => id)).toContain(made.id);
    expect((await key('DELETE', `/api/v1/saved-searches/${made.id}`)).status).toBe(404);
    expect((await key('DELETE', `/api/v1/saved-searches/${made.id}${of}`)).status).toBe(204);
  });
});
