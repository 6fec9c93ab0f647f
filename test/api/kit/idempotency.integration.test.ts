import { setTimeout as sleep } from 'node:timers/promises';
import { z } from '@hono/zod-openapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, endpoint, ownEndpoint } from '../../../src/api/kit/endpoint.ts';
import { mount } from '../../../src/api/kit/mount.ts';
import { createOpenApiApp } from '../../../src/api/kit/openapi.ts';
import { problemOf } from '../../../src/api/problem.ts';
import { ReosError } from '../../../src/domain/errors.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { apiDeps } from '../setup.ts';

let api: TestApi;
let effects: string[] = [];
let work: () => Promise<void> = async () => undefined;
let post: (key: string, body?: unknown, path?: string) => Promise<{ status: number; headers: Headers; text: string }>;

const spec = {
  method: 'post',
  path: '/order',
  operationId: 'order',
  tag: 'Test',
  summary: 'Orders',
  permission: 'signed-in',
  body: z.strictObject({ what: z.string() }),
  answer: z.object({ token: z.string() }),
} as const;

beforeAll(async () => {
  api = await createTestApi();
  const deps = apiDeps({ db: api.database.db });
  const app = createOpenApiApp();
  app.onError((error, c) => problemOf(c, error, deps.logger));
  const own: Endpoint = ownEndpoint(spec, async ({ body }) => {
    await work();
    effects.push(body.what);
    return { token: `secret-of-${body.what}` };
  });
  const inOne: Endpoint = endpoint({ ...spec, path: '/in-one', operationId: 'inOne' }, async ({ body }) => {
    await work();
    effects.push(body.what);
    return { token: `secret-of-${body.what}` };
  });
  mount(app, deps, [own, inOne]);
  const { token } = await api.as('admin');
  post = async (key, body = { what: 'it' }, path = '/order') => {
    const response = await app.request(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Idempotency-Key': key },
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
});
afterAll(() => api.close());

function begin(doing: () => Promise<void> = async () => undefined): void {
  effects = [];
  work = doing;
}

const rowOf = async (key: string) =>
  (await api.database.query<Record<string, unknown>>('select * from idempotency_keys where key = $1', [key]))[0];

describe('a write outside of one transaction', () => {
  it('is done once, however many ask at once', async () => {
    begin(() => sleep(150));
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('parallel')));
    expect(effects).toEqual(['it']);
    const done = answers.filter(({ status }) => status === 200);
    expect(done.length).toBeGreaterThanOrEqual(1);
    for (const answer of answers) {
      expect([200, 409]).toContain(answer.status);
      if (answer.status === 409) expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
      else expect(answer.text).toBe('{"token":"secret-of-it"}');
    }
    const again = await post('parallel');
    expect(again).toMatchObject({ status: 200, text: '{"token":"secret-of-it"}' });
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect(effects).toEqual(['it']);
  });

  it('holds its key after a crash until the lease is over, and then runs again', async () => {
    begin(() => new Promise(() => undefined));
    void post('crash');
    while ((await rowOf('crash')) === undefined) await sleep(5);
    begin();
    expect(await post('crash')).toMatchObject({ status: 409 });
    expect(await post('crash', { what: 'other' })).toMatchObject({ status: 422 });
    expect(effects).toEqual([]);
    await api.database.query(
      `update idempotency_keys set lease_until = now() - interval '1 second' where key = 'crash'`,
    );
    expect(await post('crash')).toMatchObject({ status: 200 });
    expect(effects).toEqual(['it']);
    expect((await post('crash')).headers.get('Idempotent-Replayed')).toBe('true');
  });

  it('lets its key go when it failed', async () => {
    begin(() => Promise.reject(new ReosError('conflict', 'Not now.')));
    expect(await post('failing')).toMatchObject({ status: 409 });
    expect(await rowOf('failing')).toBeUndefined();
    begin();
    expect(await post('failing')).toMatchObject({ status: 200 });
    expect(effects).toEqual(['it']);
  });

  it('does not overwrite the answer of whoever took its key over', async () => {
    let finish: () => void = () => undefined;
    begin(() => new Promise((resolve) => (finish = resolve)));
    const slow = post('slow');
    while ((await rowOf('slow')) === undefined) await sleep(5);
    await api.database.query(
      `update idempotency_keys set lease_until = now() - interval '1 second' where key = 'slow'`,
    );
    const finishFirst = () => finish();
    work = async () => undefined;
    expect(await post('slow')).toMatchObject({ status: 200 });
    const kept = (await rowOf('slow'))?.sealed_answer;
    finishFirst();
    expect(await slow).toMatchObject({ status: 200 });
    expect((await rowOf('slow'))?.sealed_answer).toBe(kept);
  });
});

describe('kept answers', () => {
  it('are sealed, in a transaction of their own or not', async () => {
    begin();
    await post('sealed');
    await post('sealed-too', { what: 'x' }, '/in-one');
    const admin = await api.as('admin');
    const made = await admin('POST', '/api/v1/api-keys', {
      body: { name: 'a key', scopes: ['properties:read'] },
      headers: { 'Idempotency-Key': 'api-key' },
    });
    expect(made.status).toBe(201);
    const secret = (made.body as { key: string }).key;
    const rows = await api.database.query<Record<string, unknown>>('select * from idempotency_keys');
    expect(rows.length).toBeGreaterThanOrEqual(3);
    const text = JSON.stringify(rows);
    for (const clear of [secret, secret.slice(0, 12), 'secret-of-', 'token']) expect(text).not.toContain(clear);
    const again = await admin('POST', '/api/v1/api-keys', {
      body: { name: 'a key', scopes: ['properties:read'] },
      headers: { 'Idempotency-Key': 'api-key' },
    });
    expect(again.text).toBe(made.text);
  });

  it('are good for a day', async () => {
    begin();
    await post('old');
    await api.database.query(`update idempotency_keys set created_at = now() - interval '25 hours' where key = 'old'`);
    expect(await post('old', { what: 'new' })).toMatchObject({ status: 200 });
    expect(effects).toEqual(['it', 'new']);
  });
});

describe('a registration that is sent again', () => {
  it('makes one tenant, and the table has neither its tokens nor its password', async () => {
    const body = {
      organization_name: 'Twice Homes',
      name: 'Ada',
      email: 'ada@twice.example',
      password: 'a long enough password 1',
    };
    const headers = { 'Idempotency-Key': 'register-1' };
    const send = () => api.anonymous('POST', '/api/v1/auth/register', { body, headers });
    const [first, second] = await Promise.all([send(), send()]);
    expect([first.status, second.status].sort()).toEqual([201, 409]);
    const again = await send();
    expect(again.status).toBe(201);
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    expect(again.text).toBe([first, second].find(({ status }) => status === 201)!.text);
    const tenants = await api.database.query(`select 1 from tenants where name = 'Twice Homes'`);
    expect(tenants).toHaveLength(1);
    const rows = JSON.stringify(await api.database.query('select * from public_idempotency_keys'));
    expect(rows).toContain('register-1');
    const { access_token: access, refresh_token: refresh } = again.body as Record<string, string>;
    for (const clear of [access!, refresh!, 'ada@twice.example', body.password]) expect(rows).not.toContain(clear);
    const other = await api.anonymous('POST', '/api/v1/auth/register', { body: { ...body, name: 'Eve' }, headers });
    expect(other.status).toBe(422);
  });
});
