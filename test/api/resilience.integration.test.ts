import { Agent, request as httpRequest } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, serveApi } from '../../src/api/serve.ts';
import { createApi } from '../../src/api/server.ts';
import { connect, type Database } from '../../src/db/connect.ts';
import { createTestApi, type TestApi } from '../support/api.ts';
import { askAtOnce } from '../support/many-clients.ts';
import { apiDeps } from './setup.ts';

let api: TestApi;
let token: string;
let db: Database;
let server: RunningApi;

beforeAll(async () => {
  api = await createTestApi();
  ({ token } = await api.as('admin'));
  await api.database.query(`update tenants set plan = 'enterprise'`);
  const logger = pino({ level: 'silent' });
  db = connect({ url: api.database.url, logger, max: 4, connectTimeoutMs: 1_500 });
  const app = createApi(apiDeps({ db, publicUrl: 'https://reos.test', corsOrigins: ['https://app.test'] }));
  server = await serveApi(app, { port: 0, host: '127.0.0.1', headersTimeoutMs: 1_500 });
});
afterAll(async () => {
  await server.close();
  await db.close();
  await api.close();
});

const slowestMs = (answers: readonly { ms: number }[]) => Math.max(...answers.map(({ ms }) => ms));

const signedIn = () => ({ Authorization: `Bearer ${token}` });

describe('a pool of 4 with 4 stuck transactions', () => {
  it('answers 500 requests with 503 and Retry-After within 2.5 s, and works again after', { retry: 0 }, async () => {
    // What so many requests take that need no database; on a busy machine that alone can be seconds.
    const plain = await askAtOnce(server.port, 500, { path: '/api/v1/nothing', headers: {} });
    const limitMs = Math.max(2_500, 1_000 + 2 * slowestMs(plain));
    const holder = new pg.Client({ connectionString: api.database.adminUrl });
    await holder.connect();
    await holder.query('begin; lock table user_accounts in access exclusive mode');
    const stuck = Array.from({ length: 4 }, () => fetch(`${server.url}/api/v1/tags`, { headers: signedIn() }));
    await sleep(300);
    const answers = await askAtOnce(server.port, 500, { path: '/api/v1/tags', headers: signedIn() });
    expect([...new Set(answers.map(({ status }) => status))]).toEqual([503]);
    expect(answers.every(({ head }) => /^Retry-After: [1-9]/im.test(head))).toBe(true);
    expect(slowestMs(answers)).toBeLessThan(limitMs);
    await holder.query('rollback');
    await holder.end();
    const releasedAt = performance.now();
    const statusOf = async () => (await fetch(`${server.url}/api/v1/tags`, { headers: signedIn() })).status;
    await expect.poll(statusOf, { timeout: 5_000, interval: 200 }).toBe(200);
    expect(performance.now() - releasedAt).toBeLessThan(5_000);
    expect((await Promise.all(stuck)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });
});

describe('bodies', () => {
  const MEGABYTE = 1024 * 1024;

  /** Sends a body in chunks until it is taken or refused; how much went out and how it was answered. */
  function sendChunks(megabytes: number): Promise<{ status: number | undefined; sentBytes: number }> {
    return new Promise((resolve) => {
      let sentBytes = 0;
      const chunk = Buffer.alloc(MEGABYTE / 4, ' ');
      const body = Readable.from(
        (function* () {
          for (; sentBytes < megabytes * MEGABYTE; sentBytes += chunk.length) yield chunk;
        })(),
      );
      const request = httpRequest(`${server.url}/api/v1/tags`, {
        method: 'POST',
        headers: { ...signedIn(), 'Content-Type': 'application/json' },
      });
      let status: number | undefined;
      const end = () => {
        body.destroy();
        request.destroy();
        resolve({ status, sentBytes });
      };
      request.on('response', (response) => {
        status = response.statusCode;
        response.resume();
        response.on('end', end);
      });
      request.on('error', end);
      body.pipe(request);
    });
  }

  it('of 1 GB in chunks are refused after the limit, in less than 50 MB of memory', async () => {
    await sendChunks(1);
    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 10);
    const { status, sentBytes } = await sendChunks(1_024);
    clearInterval(watch);
    expect(status).toBe(413);
    expect(sentBytes).toBeLessThan(64 * MEGABYTE);
    expect(peak - before).toBeLessThan(50 * MEGABYTE);
  });

  it('that say they are too long are refused unread; packed ones too', async () => {
    const post = (headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer>) =>
      fetch(`${server.url}/api/v1/tags`, { method: 'POST', headers: { ...signedIn(), ...headers }, body });
    const json = { 'Content-Type': 'application/json' };
    expect(await (await post(json, ' '.repeat(MEGABYTE))).json()).toMatchObject({ code: 'payload_too_large' });
    const packed = await post({ ...json, 'Content-Encoding': 'gzip' }, new Uint8Array(1_000));
    expect([packed.status, await packed.json()]).toMatchObject([415, { code: 'unsupported_media_type' }]);
  });

  it.each([
    ['a little', 900_000],
    ['much', 40 * MEGABYTE],
  ])('that are %s too long are answered, and the client asks on upon another connection', async (_name, bytes) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    const ask = (method: string, body: Buffer) =>
      new Promise<number | undefined>((resolve, reject) => {
        const headers = { ...signedIn(), 'Content-Type': 'application/json', 'Content-Length': body.length };
        const request = httpRequest(`${server.url}/api/v1/tags`, { method, headers, agent });
        request.on('error', reject);
        request.on('response', (response) => {
          ports.add(response.socket.localPort);
          response.resume();
          response.on('end', () => resolve(response.statusCode));
        });
        request.end(body);
      });
    expect(await ask('POST', Buffer.alloc(bytes, ' '))).toBe(413);
    expect(await ask('GET', Buffer.alloc(0))).toBe(200);
    expect(ports.size).toBe(2);
    agent.destroy();
  });
});

describe('a client that sends its head a byte at a time', () => {
  it('is cut off', async () => {
    const startedAt = performance.now();
    const socket = connectSocket(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    const drip = setInterval(() => socket.write('a'), 100);
    const got = await new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (data) => {
        text += data.toString();
      });
      socket.on('close', () => resolve(text));
    });
    clearInterval(drip);
    expect(got).toContain('408');
    expect(performance.now() - startedAt).toBeLessThan(6_000);
  });
});

describe('what never becomes a request', () => {
  const send = (text: string) =>
    new Promise<string>((resolve) => {
      const socket = connectSocket(server.port, '127.0.0.1');
      let got = '';
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        got += data.toString();
      });
      socket.on('close', () => resolve(got));
      socket.write(text);
    });

  it.each([
    [
      'a head of 40 kB',
      `GET /api/v1/tags?a=${'a'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      431,
      'payload_too_large',
    ],
    ['other words', 'what is this\r\n\r\n', 400, 'validation'],
  ])('%s is answered as any other error', async (_what, text, status, code) => {
    const got = await send(text);
    const [head = '', body = ''] = got.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toContain('application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ type: 'about:blank', status, code, request_id: expect.any(String) });
  });
});

describe('what is asked wrongly', () => {
  const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}${path}`, { method, headers: { ...signedIn(), ...headers } });

  it('is a 405 with the methods for a known path, a 404 for an unknown one', async () => {
    const wrong = await ask('PUT', '/api/v1/tags');
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('Allow')).toBe('GET, HEAD, POST');
    expect(await wrong.json()).toMatchObject({ code: 'method_not_allowed', status: 405 });
    const unknown = await ask('GET', '/api/v1/nothing');
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { code: 'not_found' }]);
  });

  it('HEAD is GET without the body', async () => {
    const head = await ask('HEAD', '/api/v1/tags');
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('ETag')).toBeTruthy();
  });

  it('pages of listed origins may read; others may not', async () => {
    const preflight = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'Authorization' };
    const listed = await ask('OPTIONS', '/api/v1/tags', { Origin: 'https://app.test', ...preflight });
    expect([listed.status, listed.headers.get('Access-Control-Allow-Origin')]).toEqual([204, 'https://app.test']);
    const strange = await ask('GET', '/api/v1/tags', { Origin: 'https://evil.test' });
    expect(strange.headers.get('Access-Control-Allow-Origin')).toBeNull();
    expect(strange.headers.get('Strict-Transport-Security')).toBe('max-age=15552000');
  });
});

describe('/docs', () => {
  it('serves its page, scripts and styles from this machine, under a policy without inline scripts', async () => {
    const page = await fetch(`${server.url}/docs`);
    const html = await page.text();
    expect(page.headers.get('Content-Security-Policy')).toMatch(/script-src 'self';/);
    expect(html).not.toMatch(/https?:\/\/|<script>/);
    for (const [, path] of html.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)) {
      const file = await fetch(`${server.url}${path}`);
      expect([path, file.status]).toEqual([path, 200]);
      await file.arrayBuffer();
    }
    expect((await fetch(`${server.url}/docs/package.json`)).status).toBe(404);
    expect(await (await fetch(`${server.url}/openapi.json`)).json()).toMatchObject({ openapi: '3.1.0' });
  });
});
