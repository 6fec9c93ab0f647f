import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventFeed, startEventFeed } from '../../src/api/events/feed.ts';
import { STREAMS_PER_CALLER } from '../../src/api/kit/open-streams.ts';
import { createApi } from '../../src/api/server.ts';
import { spendQuota } from '../../src/db/queries/usage.ts';
import { withTenant } from '../../src/db/tenant.ts';
import { PLAN_LIMITS } from '../../src/domain/plans.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { apiDeps } from './setup.ts';

const LIMITS = { tenant: { free: 5, professional: 5, enterprise: 5 }, address: 3 };

let api: TestApi;
let feed: EventFeed;
beforeAll(async () => {
  api = await createTestApi();
  const { db, url } = api.database;
  feed = startEventFeed({ db, url, logger: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await feed.stop();
  await api.close();
});

describe('a bad credential', () => {
  for (const [method, path] of [
    ['GET', '/api/v1/tags'],
    ['POST', '/mcp'],
  ] as const) {
    it(`counts against its sender's address at ${path}`, async () => {
      const app = createApi(apiDeps({ limits: LIMITS }));
      const ask = (authorization: string | undefined) =>
        app.request(path, { method, headers: authorization === undefined ? {} : { Authorization: authorization } });
      for (const authorization of ['Bearer made.up.token', 'Bearer reos_nothing', undefined]) {
        const answer = await ask(authorization);
        expect(answer.status).toBe(401);
        expect(answer.headers.get('RateLimit-Limit')).toBe('3');
      }
      const over = await ask('Bearer made.up.token');
      expect(over.status).toBe(429);
      expect(Number(over.headers.get('Retry-After'))).toBeGreaterThan(0);
      expect(over.headers.get('RateLimit-Remaining')).toBe('0');
    });
  }

  it('does not keep a good one of the same address out', async () => {
    const app = createApi(apiDeps({ db: api.database.db, limits: { ...LIMITS, address: 1 } }));
    const { token } = await api.as('admin');
    const ask = (authorization: string) => app.request('/api/v1/tags', { headers: { Authorization: authorization } });
    await ask('Bearer nothing');
    expect((await ask('Bearer nothing')).status).toBe(429);
    expect((await ask(`Bearer ${token}`)).status).toBe(200);
  });
});

describe('a limit that is met', () => {
  it('says by how much, in members and headers: requests', async () => {
    const app = createApi(apiDeps({ db: api.database.db, limits: LIMITS }));
    const { token } = await api.as('admin');
    const ask = () => app.request('/api/v1/tags', { headers: { Authorization: `Bearer ${token}` } });
    for (let n = 0; n < 5; n += 1) expect((await ask()).status).toBe(200);
    const over = await ask();
    expect(over.status).toBe(429);
    expect(await over.json()).toMatchObject({
      code: 'rate_limited',
      plan: 'enterprise',
      meter: 'requests_per_minute',
      limit: 5,
      used: 5,
      asked: 1,
      resets_at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(over.headers.get('Quota-Meter')).toBe('requests_per_minute');
    expect(over.headers.get('Quota-Remaining')).toBe('0');
  });

  it('says by how much: a month’s meter', async () => {
    const tenantId = await api.addTenant('small');
    const app = createApi(
      apiDeps({
        db: api.database.db,
        files: {
          check: () => ({ ok: true, key: 'k', fileName: undefined }),
          get: () => withTenant(api.database.db, tenantId, (trx) => spendQuota(trx, 'sends', 250, new Date())) as never,
        },
      }),
    );
    const answer = await app.request('/files/k?x=1');
    expect(answer.status).toBe(402);
    const body = (await answer.json()) as { resets_at: string };
    expect(body).toMatchObject({
      code: 'quota_exceeded',
      plan: 'free',
      meter: 'sends',
      limit: 200,
      used: 0,
      asked: 250,
    });
    expect(body.resets_at).toMatch(/-01T00:00:00.000Z$/);
    expect(Number(answer.headers.get('Quota-Reset'))).toBeGreaterThan(0);
    expect(answer.headers.get('Quota-Limit')).toBe('200');
  });
});

describe('event streams', () => {
  it('are bounded for each caller and each tenant, and free their place when they end', async () => {
    const app = createApi(apiDeps({ db: api.database.db, feed }));
    const tenantId = await api.addTenant('listens');
    const open = async (token: string) => {
      const aborted = new AbortController();
      const response = await app.request('/api/v1/events', {
        headers: { Authorization: `Bearer ${token}` },
        signal: aborted.signal,
      });
      return { response, end: () => response.body!.cancel() };
    };
    const first = await api.as('viewer', tenantId);
    const all = [];
    for (let n = 0; n < STREAMS_PER_CALLER; n += 1) all.push(await open(first.token));
    expect(all.map(({ response }) => response.status)).toEqual(all.map(() => 200));
    const over = await open(first.token);
    expect(over.response.status).toBe(429);
    expect(await over.response.json()).toMatchObject({
      code: 'rate_limited',
      detail: expect.stringContaining('event streams open already'),
      meter: 'open_streams_per_caller',
      limit: STREAMS_PER_CALLER,
    });
    // The plan's own bound, over all callers of the tenant.
    expect(PLAN_LIMITS.free.openStreams).toBe(STREAMS_PER_CALLER);
    const second = await api.as('viewer', tenantId);
    const ofTenant = await open(second.token);
    expect(ofTenant.response.status).toBe(429);
    expect(await ofTenant.response.json()).toMatchObject({ meter: 'open_streams', plan: 'free' });
    expect((await open((await api.as('viewer')).token)).response.status).toBe(200);
    await all[0]!.end();
    const again = await open(second.token);
    expect(again.response.status).toBe(200);
    for (const one of [...all.slice(1), again]) await one.end();
  });
});

describe('/api/health/comprehensive', () => {
  it('looks once for all who ask within 15 s', async () => {
    let looks = 0;
    let now = Date.parse('2026-01-01T00:00:00Z');
    const browser = async () => {
      looks += 1;
      await sleep(20);
      return { status: 'healthy' as const };
    };
    const app = createApi(apiDeps({ checks: { browser }, clock: () => new Date(now) }));
    const ask = () => app.request('/api/health/comprehensive');
    const answers = await Promise.all(Array.from({ length: 10 }, ask));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    now += 14_000;
    await ask();
    expect(looks).toBe(1);
    now += 2_000;
    await ask();
    expect(looks).toBe(2);
  });
});
