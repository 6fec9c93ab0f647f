import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpClient } from '../../src/http/client.ts';
import type { Hop } from '../../src/http/exchange.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const routes = new Map<string, Handler>();
let server: Server;
let base: string;
let other: Server;
let otherBase: string;

async function listen(handler: Handler): Promise<{ server: Server; base: string }> {
  const started = createServer(handler);
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return { server: started, base: `http://127.0.0.1:${(started.address() as AddressInfo).port}` };
}

beforeAll(async () => {
  ({ server, base } = await listen((request, response) => {
    const handler = routes.get(new URL(request.url ?? '/', 'http://x').pathname);
    if (handler === undefined) response.writeHead(404).end('none');
    else handler(request, response);
  }));
  ({ server: other, base: otherBase } = await listen((_request, response) => response.end('other')));
});
afterAll(async () => {
  for (const each of [server, other]) {
    each.closeAllConnections();
    await new Promise((resolve) => each.close(resolve));
  }
});

const trusting = () =>
  createHttpClient({ userAgent: 'test/1 (+https://example.com)', trustedOrigins: [`${base}/api`] });
const publicOnly = (address: string) =>
  createHttpClient({ userAgent: 'test/1', trustedOrigins: [], resolve: async () => [{ address, family: 4 }] });

describe('a trusted origin', () => {
  it('answers with status, lower-case headers, body and the simulated mark', async () => {
    routes.set('/ok', (request, response) => {
      response.writeHead(418, { 'X-Simulated': 'true', 'Set-Cookie': ['a=1', 'b=2'] });
      response.end(
        JSON.stringify({ url: request.url, agent: request.headers['user-agent'], cookie: request.headers.cookie }),
      );
    });
    const answer = await trusting().fetch({ url: `${base}/ok`, searchParams: { in: 'state:53 county:033' } });
    expect(answer).toMatchObject({ status: 418, simulated: true, headers: { 'set-cookie': 'a=1, b=2' } });
    expect(JSON.parse(answer.body.toString())).toEqual({
      url: '/ok?in=state%3A53+county%3A033',
      agent: 'test/1 (+https://example.com)',
    });
    const again = await trusting().fetch({ url: `${base}/ok` });
    expect(JSON.parse(again.body.toString()).cookie).toBeUndefined();
  });

  it('posts a body', async () => {
    routes.set('/post', (request, response) => {
      request.pipe(response);
    });
    const answer = await trusting().fetch({ url: `${base}/post`, method: 'POST', body: 'hello' });
    expect(answer.body.toString()).toBe('hello');
  });

  it('follows a redirect inside, reporting the last address, and refuses one that leaves', async () => {
    routes.set('/inside', (_request, response) => response.writeHead(302, { location: '/ok' }).end());
    routes.set('/outside', (_request, response) => response.writeHead(302, { location: `${otherBase}/` }).end());
    expect((await trusting().fetch({ url: `${base}/inside` })).url).toBe(`${base}/ok`);
    await expect(trusting().fetch({ url: `${base}/outside` })).rejects.toMatchObject({ code: 'blocked' });
  });

  it('stops after five redirects', async () => {
    let count = 0;
    routes.set('/loop', (_request, response) => {
      count += 1;
      response.writeHead(301, { location: '/loop' }).end();
    });
    await expect(trusting().fetch({ url: `${base}/loop` })).rejects.toMatchObject({ code: 'blocked' });
    expect(count).toBe(6);
  });

  it('does not extend to another port of the same machine', async () => {
    await expect(trusting().fetch({ url: otherBase })).rejects.toMatchObject({ code: 'blocked' });
  });
});

describe('limits', () => {
  it.each([
    [
      'announced',
      (response: ServerResponse) => response.writeHead(200, { 'content-length': '5000' }).end('x'.repeat(5000)),
    ],
    ['streamed', (response: ServerResponse) => response.end('x'.repeat(5000))],
    [
      'gzip bomb',
      (response: ServerResponse) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(20_000_000))),
    ],
    [
      'brotli bomb',
      (response: ServerResponse) =>
        response
          .writeHead(200, { 'content-encoding': 'br' })
          .end(brotliCompressSync(Buffer.alloc(20_000_000), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })),
    ],
  ])('refuses a body past the limit: %s', async (_name, answer) => {
    routes.set('/big', (_request, response) => answer(response));
    await expect(trusting().fetch({ url: `${base}/big`, maxBytes: 1000 })).rejects.toMatchObject({
      code: 'payload_too_large',
    });
  });

  it('accepts a body of exactly the limit', async () => {
    routes.set('/exact', (_request, response) => response.end('x'.repeat(1000)));
    expect((await trusting().fetch({ url: `${base}/exact`, maxBytes: 1000 })).body).toHaveLength(1000);
  });

  it.each([
    ['before the headers', () => undefined],
    ['in the middle of the body', (response: ServerResponse) => response.writeHead(200).write('half')],
  ])('gives up on a server that hangs %s', async (_name, answer) => {
    routes.set('/hang', (_request, response) => answer(response));
    const started = Date.now();
    await expect(trusting().fetch({ url: `${base}/hang?key=secret`, timeoutMs: 150 })).rejects.toSatisfy(
      (error: Error & { code: string }) =>
        error.code === 'transient' && error.message.includes('150 ms') && !error.message.includes('secret'),
    );
    expect(Date.now() - started).toBeLessThan(2000);
  });

  it.each([
    ['reset', (response: ServerResponse) => response.destroy()],
    [
      'cut off in the body',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => response.destroy());
      },
    ],
    [
      'broken gzip',
      (response: ServerResponse) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip at all'),
    ],
  ])('calls a connection that fails transient: %s', async (_name, answer) => {
    routes.set('/reset', (_request, response) => answer(response));
    await expect(trusting().fetch({ url: `${base}/reset` })).rejects.toMatchObject({ code: 'transient' });
  });

  it('calls a refused connection transient', async () => {
    const closed = await listen(() => undefined);
    await new Promise((resolve) => closed.server.close(resolve));
    const client = createHttpClient({ userAgent: 't', trustedOrigins: [closed.base] });
    await expect(client.fetch({ url: closed.base })).rejects.toMatchObject({
      code: 'transient',
      details: { reason: 'ECONNREFUSED' },
    });
  });
});

describe('addresses that come from data', () => {
  it.each(['127.0.0.1', '10.1.2.3', '169.254.169.254'])(
    'refuses a name that resolves to %s when connecting',
    async (address) => {
      const port = new URL(base).port;
      await expect(publicOnly(address).fetch({ url: `http://listing.example:${port}/ok` })).rejects.toMatchObject({
        code: 'blocked',
      });
    },
  );

  it('never connects for a literal private address', async () => {
    let hit = false;
    routes.set('/private', (_request, response) => {
      hit = true;
      response.end();
    });
    await expect(publicOnly('8.8.8.8').fetch({ url: `${base}/private` })).rejects.toMatchObject({ code: 'blocked' });
    expect(hit).toBe(false);
  });
});

describe('redirects of addresses that come from data', () => {
  const hops: Hop[] = [];
  function scripted(locations: Record<string, [number, string]>, trustedOrigins: string[] = []) {
    hops.length = 0;
    return createHttpClient({
      userAgent: 't',
      trustedOrigins,
      send: async (hop) => {
        hops.push(hop);
        const [status, location] = locations[hop.url.href] ?? [200, ''];
        return {
          status,
          headers: Object.fromEntries(location === '' ? [] : [['location', location]]),
          body: Buffer.from(''),
          url: hop.url.href,
          simulated: false,
        };
      },
    });
  }

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://[::ffff:127.0.0.1]/',
    'http://2130706433/',
    'http://localhost:5432/',
    'file:///etc/passwd',
    '//10.0.0.1/',
    'http://user:pw@example.org/',
  ])('are checked anew: %s', async (location) => {
    const client = scripted({ 'https://example.com/a': [302, location] });
    await expect(client.fetch({ url: 'https://example.com/a' })).rejects.toMatchObject({ code: 'blocked' });
    expect(hops).toHaveLength(1);
  });

  it('may not reach a trusted service, which is trusted only when asked directly', async () => {
    const client = scripted({ 'https://example.com/a': [302, 'http://127.0.0.1:9999/admin'] }, [
      'http://127.0.0.1:9999',
    ]);
    await expect(client.fetch({ url: 'https://example.com/a' })).rejects.toMatchObject({ code: 'blocked' });
  });

  it('lose keys, cookies and body when they change origin, and keep them inside it', async () => {
    const client = scripted({
      'https://example.com/a': [307, '/b'],
      'https://example.com/b': [307, 'https://example.org/c'],
    });
    await client.fetch({
      url: 'https://example.com/a',
      method: 'POST',
      body: 'secret body',
      headers: { authorization: 'Bearer x', 'x-api-key': 'y', accept: 'application/json' },
    });
    expect(hops.map((hop) => [hop.method, hop.body, Object.keys(hop.headers).sort().join(' ')])).toEqual([
      ['POST', 'secret body', 'accept authorization user-agent x-api-key'],
      ['POST', 'secret body', 'accept authorization user-agent x-api-key'],
      ['POST', undefined, 'accept user-agent'],
    ]);
  });

  it('turn a POST into a GET on 303', async () => {
    const client = scripted({ 'https://example.com/a': [303, '/done'] });
    await client.fetch({ url: 'https://example.com/a', method: 'POST', body: 'x' });
    expect(hops[1]).toMatchObject({ method: 'GET', body: undefined });
  });
});

describe('rebinding', () => {
  it('is refused at each new connection, whatever an earlier lookup said', async () => {
    const asked: string[] = [];
    const client = createHttpClient({
      userAgent: 't',
      trustedOrigins: [],
      resolve: async (hostname) => {
        asked.push(hostname);
        return [{ address: '127.0.0.1', family: 4 }];
      },
    });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(client.fetch({ url: `http://rebind.example:${new URL(base).port}/ok` })).rejects.toMatchObject({
        code: 'blocked',
      });
    }
    expect(asked).toEqual(['rebind.example', 'rebind.example']);
  });
});
