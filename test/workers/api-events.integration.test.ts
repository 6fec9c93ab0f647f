import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApi } from '../../src/api/server.ts';
import { createTellingCache } from '../../src/workers/answer-news.ts';
import { startEvents } from '../../src/workers/api-events.ts';
import { apiDeps } from '../api/setup.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { addProperty } from '../support/collaboration.ts';

const logger = pino({ level: 'silent' });
let api: TestApi;
let processes: { app: ReturnType<typeof createApi>; events: ReturnType<typeof startEvents> }[];
let token: string;

beforeAll(async () => {
  api = await createTestApi();
  const { db, url } = api.database;
  processes = [1, 2].map(() => {
    const events = startEvents({ db, url, logger });
    return { app: createApi(apiDeps({ db, feed: events.feed, cache: events.cache, callers: events.callers })), events };
  });
  token = (await api.as('admin')).token;
  // Both listen: from then on nothing is missed.
  await vi.waitUntil(async () => {
    const rows = await api.database.query(
      `select 1 from pg_stat_activity where application_name = 'reos listen' and datname = current_database() and query like '%kept_answers%'`,
    );
    return rows.length === 2;
  });
});
afterAll(async () => {
  for (const { events } of processes) await events.stop();
  await api.close();
});

const ask = async (at: number, path: string, method = 'GET', body?: unknown) => {
  const response = await processes[at]!.app.request(path, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
};

describe('two processes of the API', () => {
  it('forget together what was changed without an event', async () => {
    const id = await addProperty(api, undefined, { city: 'Before' });
    const path = `/api/v1/properties/${id}`;
    for (const at of [0, 1]) expect((await ask(at, path)).text).toContain('Before');
    await api.database.query(`update properties set city = 'After' where id = $1`, [id]);
    for (const at of [0, 1]) expect((await ask(at, path)).text).toContain('Before');
    expect((await ask(0, `${path}/cache`, 'DELETE')).status).toBe(204);
    expect((await ask(0, path)).text).toContain('After');
    await vi.waitUntil(async () => (await ask(1, path)).text.includes('After'), { timeout: 3_000 });
  });

  it('forget lists after a write that opens its own transactions, and keep what it was not about', async () => {
    const id = await addProperty(api, undefined, { city: 'Old' });
    const [path, list] = [`/api/v1/properties/${id}`, '/api/v1/properties'];
    for (const at of [0, 1]) {
      expect((await ask(at, path)).text).toContain('Old');
      expect((await ask(at, list)).text).toContain('Old');
    }
    await api.database.query(`update properties set city = 'New' where id = $1`, [id]);
    const renamed = await ask(0, `/api/v1/tenants/${api.database.tenantId}`, 'PATCH', { name: 'Renamed' });
    expect(renamed.status, renamed.text).toBe(200);
    for (const at of [0, 1]) await vi.waitUntil(async () => (await ask(at, list)).text.includes('New'));
    expect((await ask(1, path)).text).toContain('Old');
    await processes[0]!.events.cache.invalidate(api.database.tenantId, null);
    for (const at of [0, 1]) await vi.waitUntil(async () => (await ask(at, path)).text.includes('New'));
  });

  it('forget what a command beside them changed', async () => {
    const id = await addProperty(api, undefined, { city: 'Then' });
    const path = `/api/v1/properties/${id}`;
    for (const at of [0, 1]) expect((await ask(at, path)).text).toContain('Then');
    await api.database.query(`update properties set city = 'Now' where id = $1`, [id]);
    const telling = createTellingCache({ db: api.database.db, logger });
    await telling.cache.invalidate(api.database.tenantId, id);
    await telling.stop();
    for (const at of [0, 1]) await vi.waitUntil(async () => (await ask(at, path)).text.includes('Now'));
  });

  it('know a caller for a moment, and forget them when anybody changes them', async () => {
    const { db } = api.database;
    let asked = 0;
    const counting = apiDeps({ db });
    const { events } = processes[0]!;
    const app = createApi({
      ...counting,
      feed: events.feed,
      cache: events.cache,
      callers: events.callers,
      identity: {
        ...counting.identity,
        principalOf: (...all) => {
          asked += 1;
          return counting.identity.principalOf(...all);
        },
      },
    });
    const read = async (as: { token: string }, path = '/api/v1/properties') =>
      (await app.request(path, { headers: { Authorization: `Bearer ${as.token}` } })).status;
    const settle = () => new Promise((resolve) => setTimeout(resolve, 1_100));

    const changes: [string, (userId: string) => Promise<unknown>, number][] = [
      ['disabled', (id) => api.database.query(`update user_accounts set status = 'disabled' where id = $1`, [id]), 401],
      [
        'ended',
        (id) =>
          api.database.query("update user_accounts set tokens_valid_from = now() + interval '1 hour' where id = $1", [
            id,
          ]),
        401,
      ],
      ['gone', (id) => api.database.query('delete from user_accounts where id = $1', [id]), 401],
    ];
    for (const [what, change, status] of changes) {
      const user = await api.as('analyst');
      await settle();
      asked = 0;
      expect([what, await read(user), await read(user), await read(user)]).toEqual([what, 200, 200, 200]);
      expect([what, asked]).toEqual([what, 1]);
      await change(user.userId);
      const began = Date.now();
      await vi.waitUntil(async () => (await read(user)) === status, { interval: 5 });
      // Heard, not waited out.
      expect([what, Date.now() - began < 900]).toEqual([what, true]);
    }

    // The process in which it is done forgets before it answers.
    const [admin, user] = [await api.as('admin'), await api.as('analyst')];
    expect(await read(user)).toBe(200);
    const disabled = await app.request(`/api/v1/users/${user.userId}`, {
      method: 'PATCH',
      headers: { Authorization: `Bearer ${admin.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ status: 'disabled' }),
    });
    expect(disabled.status, await disabled.text()).toBe(200);
    expect(await read(user)).toBe(401);

    const tenant = await api.addTenant('closing');
    const theirs = await api.as('admin', tenant);
    expect(await read(theirs)).toBe(200);
    await api.database.query(`update tenants set status = 'closed' where id = $1`, [tenant]);
    await vi.waitUntil(async () => (await read(theirs)) === 401, { timeout: 900, interval: 5 });
  });
});
