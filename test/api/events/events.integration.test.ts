import { randomUUID } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueAccessToken } from '../../../src/api/auth/access-token.ts';
import { type EventFeed, startEventFeed } from '../../../src/api/events/feed.ts';
import type { ApiEnv } from '../../../src/api/problem.ts';
import { createApi } from '../../../src/api/server.ts';
import { appendEvent } from '../../../src/db/queries/events.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { TEST_TOKEN_KEYS } from '../../support/identity.ts';
import { apiDeps } from '../setup.ts';

const logger = pino({ level: 'silent' });
const HOUSE = '11111111-1111-5111-8111-111111111111';
let database: TestDatabase;
let feed: EventFeed;
let otherTenant: string;

interface Received {
  id: string | undefined;
  event: string;
  data: { payload?: { n: number }; [key: string]: unknown };
}

beforeAll(async () => {
  database = await createTestDatabase();
  feed = startEventFeed({ db: database.db, url: database.url, logger });
  const [row] = await database.query<{ id: string }>(
    `insert into tenants (slug, name) values ('other', 'Other') returning id`,
  );
  otherTenant = row!.id;
});
afterAll(async () => {
  await feed.stop();
  await database.close();
});

const appOf = (one: EventFeed, streams = {}) => createApi(apiDeps({ db: database.db, feed: one, streams }));

function write(n: number, { tenantId = database.tenantId, propertyId = null as string | null } = {}): Promise<void> {
  return withTenant(database.db, tenantId, (trx) =>
    appendEvent(trx, {
      eventType: 'timeline.updated',
      propertyId,
      correlationId: 'test',
      payload: { n },
      source: 'test',
    }),
  );
}

async function viewer(tenantId = database.tenantId): Promise<{ userId: string; token: string }> {
  const userId = randomUUID();
  await database.query(
    `insert into user_accounts (tenant_id, id, email, name, password_hash, role, tokens_valid_from)
     values ($1, $2, $3, 'V', 'none', 'viewer', now() - interval '1 hour')`,
    [tenantId, userId, `${userId}@example.com`],
  );
  return { userId, token: await issueAccessToken(TEST_TOKEN_KEYS, { tenantId, userId }, new Date()) };
}

/** Opens a stream; `next` waits for one event that is no `ready`. */
async function open(app: OpenAPIHono<ApiEnv>, token: string, { query = '', lastEventId = '' } = {}) {
  const answer = await app.request(`/api/v1/events${query}`, {
    headers: { Authorization: `Bearer ${token}`, ...(lastEventId === '' ? {} : { 'Last-Event-ID': lastEventId }) },
  });
  expect(answer.status).toBe(200);
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const any = async (): Promise<Received | undefined> => {
    while (!text.includes('\n\n')) {
      const { done, value } = await reader.read();
      if (done) return undefined;
      text += value;
    }
    const end = text.indexOf('\n\n');
    const lines = text.slice(0, end).split('\n');
    text = text.slice(end + 2);
    const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    return lines[0]!.startsWith(':')
      ? { id: undefined, event: 'comment', data: {} }
      : { id: field('id'), event: field('event')!, data: JSON.parse(field('data')!) };
  };
  const next = async () => {
    let one = await any();
    while (one?.event === 'ready' || one?.event === 'comment') one = await any();
    return one;
  };
  return { answer, any, next, close: () => reader.cancel() };
}

const numbers = async (stream: { next: () => Promise<Received | undefined> }, count: number) => {
  const seen: (number | undefined)[] = [];
  for (let i = 0; i < count; i += 1) seen.push((await stream.next())?.data.payload?.n);
  return seen;
};

describe('the event stream', () => {
  it('brings the envelope with headers that proxies leave alone', async () => {
    const { token } = await viewer();
    const stream = await open(appOf(feed), token);
    expect(stream.answer.headers.get('Content-Type')).toMatch(/^text\/event-stream/);
    expect(stream.answer.headers.get('Cache-Control')).toContain('no-cache');
    expect(stream.answer.headers.get('X-Accel-Buffering')).toBe('no');
    expect(await stream.any()).toMatchObject({ event: 'ready', id: expect.stringMatching(/^\d+-\d+$/) });
    await write(1, { propertyId: HOUSE });
    const got = await stream.next();
    expect(got).toMatchObject({
      event: 'timeline.updated',
      id: expect.stringMatching(/^\d+-\d+$/),
      data: {
        event_type: 'timeline.updated',
        subject: 'event.timeline.updated',
        tenant_id: database.tenantId,
        correlation_id: 'test',
        property_id: HOUSE,
        payload: { n: 1 },
        metadata: { source: 'test', user_id: null },
      },
    });
    await stream.close();
  });

  it('does not lose the event of a transaction that began earlier and commits later', async () => {
    const { token } = await viewer();
    const stream = await open(appOf(feed), token);
    const early = new pg.Client({ connectionString: database.adminUrl });
    await early.connect();
    await early.query('begin');
    const insert = (n: number) =>
      early.query(
        `insert into event_log (tenant_id, event_type, subject, correlation_id, payload)
         values ($1, 'timeline.updated', 'event.timeline.updated', 'test', $2)`,
        [database.tenantId, JSON.stringify({ n })],
      );
    await insert(10);
    await write(12);
    const first = stream.next();
    const nothing = Symbol('nothing');
    expect(await Promise.race([first, new Promise((done) => setTimeout(done, 250, nothing))])).toBe(nothing);
    await insert(11);
    await early.query('commit');
    await early.end();
    expect((await first)?.data.payload?.n).toBe(10);
    expect(await numbers(stream, 2)).toEqual([11, 12]);
    await stream.close();
  });

  it('goes on from the last id after the feed was started anew, without a gap or a double', async () => {
    const { token } = await viewer();
    const ownFeed = startEventFeed({ db: database.db, url: database.url, logger });
    const before = await open(appOf(ownFeed), token);
    await write(20);
    await write(21);
    const id = (await before.next())!.id!;
    await ownFeed.stop();
    await write(22);
    const again = startEventFeed({ db: database.db, url: database.url, logger });
    const after = await open(appOf(again), token, { lastEventId: id });
    const writes = [write(23), write(24), write(25)];
    await Promise.all(writes);
    const got = await numbers(after, 5);
    expect(got.slice(0, 2)).toEqual([21, 22]);
    expect(got.slice(2).sort()).toEqual([23, 24, 25]);
    await write(26);
    expect(await numbers(after, 1)).toEqual([26]);
    await after.close();
    await again.stop();
  });

  it('says resync for an id that it does not know, or too far back', async () => {
    const { token } = await viewer();
    for (const lastEventId of ['nonsense', '1-999999', '9223372036854775807-4']) {
      const stream = await open(appOf(feed), token, { lastEventId });
      expect((await stream.any())?.event).toBe('resync');
      await write(30);
      expect(await numbers(stream, 1)).toEqual([30]);
      await stream.close();
    }
    const short = await open(appOf(feed, { replayEvents: 2 }), token, { lastEventId: '0-0' });
    expect((await short.next())?.event).toBe('resync');
    await short.close();
  });

  it('brings no other tenant’s events, and one property’s alone when asked', async () => {
    const mine = await open(appOf(feed), (await viewer()).token);
    const house = await open(appOf(feed), (await viewer()).token, {
      query: `?property_id=${HOUSE}`,
      lastEventId: '0-0',
    });
    const theirs = await open(appOf(feed), (await viewer(otherTenant)).token, { lastEventId: '0-0' });
    expect(await numbers(house, 1)).toEqual([1]);
    await write(40, { tenantId: otherTenant, propertyId: HOUSE });
    await write(41);
    await write(42, { propertyId: HOUSE });
    expect(await numbers(mine, 2)).toEqual([41, 42]);
    expect(await numbers(house, 1)).toEqual([42]);
    expect(await numbers(theirs, 1)).toEqual([40]);
    for (const stream of [mine, house, theirs]) await stream.close();
  });

  it('ends when the account is disabled, and comments meanwhile', async () => {
    const { token, userId } = await viewer();
    const stream = await open(appOf(feed, { heartbeatMs: 40 }), token);
    await stream.any();
    expect((await stream.any())?.event).toBe('comment');
    await database.query(`update user_accounts set status = 'disabled' where id = $1`, [userId]);
    expect(await stream.next()).toBeUndefined();
  });

  it('ends a receiver that does not read, which can go on from its last id', async () => {
    const { token } = await viewer();
    const small = startEventFeed({ db: database.db, url: database.url, logger, bufferEvents: 3 });
    const stream = await open(appOf(small), token);
    const id = (await stream.any())!.id!;
    await withTenant(database.db, database.tenantId, async (trx) => {
      for (let n = 50; n < 60; n += 1) {
        await appendEvent(trx, {
          eventType: 'timeline.updated',
          propertyId: null,
          correlationId: 'test',
          payload: { n },
          source: 'test',
        });
      }
    });
    expect(await stream.next()).toBeUndefined();
    const resumed = await open(appOf(small), token, { lastEventId: id });
    expect(await numbers(resumed, 10)).toEqual([50, 51, 52, 53, 54, 55, 56, 57, 58, 59]);
    await resumed.close();
    await small.stop();
  });
});

describe('the event list', () => {
  it('is read on and on without missing or repeating one', async () => {
    const { token } = await viewer();
    const app = appOf(feed);
    const get = async (query: string) => {
      const answer = await app.request(`/api/v1/events/log?${query}`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      return { status: answer.status, body: (await answer.json()) as never };
    };
    type Page = { items: { id: string; payload: { n: number } }[]; next: string; has_more: boolean };
    const start = (await get('start=now')).body as Page;
    expect(start.items).toEqual([]);
    for (const n of [60, 61, 62]) await write(n);
    const first = (await get(`after=${start.next}&limit=2`)).body as Page;
    expect(first).toMatchObject({ has_more: true, items: [{ payload: { n: 60 } }, { payload: { n: 61 } }] });
    const second = (await get(`after=${first.next}&limit=2`)).body as Page;
    expect(second).toMatchObject({ has_more: false, items: [{ payload: { n: 62 } }] });
    expect((await get(`after=${second.next}`)).body).toMatchObject({ items: [], next: second.next });
    expect(await get('after=1-999999')).toMatchObject({ status: 400, body: { code: 'validation' } });
  });
});
