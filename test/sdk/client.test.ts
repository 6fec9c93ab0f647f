import { describe, expect, it } from 'vitest';
import { ApiProblem, createApiClient, itemsOf, take } from '../../src/sdk/client.ts';

type Answer = { status: number; body?: unknown; headers?: Record<string, string> };

/** A server that gives these answers in order, and what it was asked. */
function serverOf(...answers: Answer[]) {
  const asked: Array<{ method: string; url: string; headers: Headers; body: string }> = [];
  const waits: number[] = [];
  const client = createApiClient({
    baseUrl: 'https://api.example.com/',
    credential: () => 'a-key',
    retry: { retries: 3, longestWaitMs: 60_000, sleep: async (ms) => void waits.push(ms) },
    fetch: async (request) => {
      asked.push({ method: request.method, url: request.url, headers: request.headers, body: await request.text() });
      const { status, body, headers = {} } = answers[Math.min(asked.length, answers.length) - 1]!;
      const isEmpty = status === 204;
      return new Response(isEmpty ? null : typeof body === 'string' ? body : JSON.stringify(body ?? {}), {
        status,
        headers: { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json', ...headers },
      });
    },
  });
  return { client, asked, waits };
}

const BUSY = { title: 'Busy', status: 503, detail: 'Busy right now.', code: 'transient', request_id: 'r1' };

describe('the client', () => {
  it('sends the credential, and a write with a key of its own', async () => {
    const { client, asked } = serverOf(
      { status: 200, body: { items: [], next_cursor: null } },
      { status: 201, body: {} },
    );
    await take(client.GET('/api/v1/users', { params: { query: { limit: 5 } } }));
    const invited = { email: 'jo@example.com', role: 'viewer' } as const;
    await take(client.POST('/api/v1/invitations', { body: invited }));
    await take(client.POST('/api/v1/invitations', { body: invited }));
    expect(asked[0]).toMatchObject({ method: 'GET', url: 'https://api.example.com/api/v1/users?limit=5' });
    expect(asked[0]!.headers.get('Authorization')).toBe('Bearer a-key');
    expect(asked[0]!.headers.get('Idempotency-Key')).toBeNull();
    const keys = asked.slice(1).map(({ headers }) => headers.get('Idempotency-Key'));
    expect(new Set(keys).size).toBe(2);
    expect(keys).not.toContain(null);
    expect(JSON.parse(asked[1]!.body)).toEqual(invited);
  });

  it('rejects with the problem of the API, its fields and its request id', async () => {
    const body = { ...BUSY, status: 400, code: 'validation', detail: 'body.email: wrong.', field: 'email' };
    const { client } = serverOf({ status: 400, body });
    const problem = await take(client.GET('/api/v1/users')).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(ApiProblem);
    expect(problem).toMatchObject({ status: 400, code: 'validation', requestId: 'r1', field: 'email' });
    expect((problem as ApiProblem).message).toBe('body.email: wrong.');
  });

  it('tells a page of a proxy by its status', async () => {
    const { client } = serverOf({ status: 404, body: '<html>nginx</html>' });
    await expect(take(client.GET('/api/v1/users'))).rejects.toMatchObject({ status: 404, code: 'internal' });
  });

  it('tries again after Retry-After with the same key and body, and gives up in the end', async () => {
    const first = { status: 503, body: BUSY, headers: { 'Retry-After': '7' } };
    const healed = serverOf(first, { status: 429, body: BUSY }, { status: 201, body: { id: 'x' } });
    await take(healed.client.POST('/api/v1/invitations', { body: { email: 'jo@example.com', role: 'viewer' } }));
    expect(healed.waits).toEqual([7_000, 1_000]);
    expect(new Set(healed.asked.map(({ headers }) => headers.get('Idempotency-Key'))).size).toBe(1);
    expect(new Set(healed.asked.map(({ body }) => body)).size).toBe(1);

    const stuck = serverOf({ status: 503, body: BUSY });
    await expect(take(stuck.client.GET('/api/v1/users'))).rejects.toMatchObject({ status: 503 });
    expect(stuck.asked).toHaveLength(4);

    const long = serverOf({ status: 503, body: BUSY, headers: { 'Retry-After': '3600' } });
    await expect(take(long.client.GET('/api/v1/users'))).rejects.toMatchObject({ retryAfterSeconds: 3_600 });
    expect(long.asked).toHaveLength(1);

    const missing = serverOf({ status: 503, body: { ...BUSY, code: 'missing_part' } });
    await expect(take(missing.client.GET('/api/v1/users'))).rejects.toMatchObject({ code: 'missing_part' });
    expect(missing.asked).toHaveLength(1);
  });

  it('walks a list page by page, and no further than it is read', async () => {
    const pages = new Map([
      [undefined, { items: [1, 2], next_cursor: 'b' as string | null }],
      ['b', { items: [3], next_cursor: 'c' }],
      ['c', { items: [4], next_cursor: null }],
    ]);
    const cursors: Array<string | undefined> = [];
    const read = async (cursor: string | undefined) => {
      cursors.push(cursor);
      return pages.get(cursor)!;
    };
    const all: number[] = [];
    for await (const item of itemsOf(read)) all.push(item);
    expect(all).toEqual([1, 2, 3, 4]);
    cursors.length = 0;
    for await (const item of itemsOf(read)) if (item === 3) break;
    expect(cursors).toEqual([undefined, 'b']);
  });
});
