import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { send } from '../../../src/api/kit/answer.ts';
import type { CachedAnswer } from '../../../src/api/kit/answer-cache.ts';
import type { ApiEnv } from '../../../src/api/problem.ts';

const ask = (answer: CachedAnswer, headers: Record<string, string> = {}) =>
  new Hono<ApiEnv>().get('/', (c) => send(c, answer)).request('/', { headers });

describe('an answer', () => {
  const answer = { status: 200, body: '{"n":1}', etag: '"a"' };

  it('is not sent again to who has it', async () => {
    const first = await ask(answer);
    expect([first.status, first.headers.get('ETag')]).toEqual([200, '"a"']);
    expect(first.headers.get('Refresh-After')).toBeNull();
    expect((await ask(answer, { 'If-None-Match': 'W/"a"' })).status).toBe(304);
  });

  it('that an event has overtaken is kept by nobody: the 304 of a newer one would go under its headers', async () => {
    const outdated = await ask({ ...answer, outdatedForMs: 1_250 }, { 'If-None-Match': '"a"' });
    expect(outdated.status).toBe(200);
    expect(await outdated.text()).toBe('{"n":1}');
    expect(outdated.headers.get('Refresh-After')).toBe('1.250');
    expect(outdated.headers.get('Cache-Control')).toBe('no-store');
    expect(outdated.headers.get('ETag')).toBeNull();
  });
});
