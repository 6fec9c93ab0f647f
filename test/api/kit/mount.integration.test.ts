import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
});
afterAll(() => api.close());

describe('every route', () => {
  it('asks for a credential, and for the permission', async () => {
    expect(await api.anonymous('GET', '/api/v1/tags')).toMatchObject({ status: 401, body: { code: 'auth_revoked' } });
    const viewer = await api.as('viewer');
    expect((await viewer('GET', '/api/v1/tags')).status).toBe(200);
    const refused = await viewer('POST', '/api/v1/tags', { body: { name: 'hot' } });
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('names each field that is wrong', async () => {
    const admin = await api.as('admin');
    const answer = await admin('POST', '/api/v1/tags', { body: { name: '', color: 'red', extra: 1 } });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    const { errors, request_id } = answer.body as { errors: { field: string }[]; request_id: string };
    expect(errors.map(({ field }) => field)).toEqual(['body.name', 'body.color', 'body']);
    expect(request_id).toBe(answer.headers.get('X-Request-Id'));
    expect((await admin('POST', '/api/v1/tags', { body: '{"name":' })).status).toBe(400);
  });

  it('answers a repeated write once', async () => {
    const admin = await api.as('admin');
    const headers = { 'Idempotency-Key': 'k-1' };
    const first = await admin('POST', '/api/v1/tags', { body: { name: 'once' }, headers });
    const again = await admin('POST', '/api/v1/tags', { body: { name: 'once' }, headers });
    expect(first.status).toBe(201);
    expect(again).toMatchObject({ status: 201, text: first.text });
    expect(again.headers.get('Idempotent-Replayed')).toBe('true');
    const other = await admin('POST', '/api/v1/tags', { body: { name: 'other' }, headers });
    expect(other).toMatchObject({ status: 422, body: { code: 'key_reused' } });
  });

  it('pages with a cursor, and answers 304 to who has it', async () => {
    const admin = await api.as('admin', await api.addTenant('pages'));
    for (const name of ['c', 'A', 'b']) await admin('POST', '/api/v1/tags', { body: { name } });
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const path: string = `/api/v1/tags?limit=1${cursor === null ? '' : `&cursor=${cursor}`}`;
      const { body } = await admin('GET', path);
      const page = body as { items: { name: string }[]; next_cursor: string | null };
      names.push(...page.items.map(({ name }) => name));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(names).toEqual(['A', 'b', 'c']);
    const whole = await admin('GET', '/api/v1/tags');
    const headers = { 'If-None-Match': whole.headers.get('ETag')! };
    expect(await admin('GET', '/api/v1/tags', { headers })).toMatchObject({ status: 304, text: '' });
    expect((await admin('GET', '/api/v1/tags?cursor=nonsense')).status).toBe(400);
  });
});
