import { dehydrate, hydrate, QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../../src/sdk/problem.ts';
import { asHeardLast, askAgainMs, withoutFailures } from '../../src/web/app/kept-answers.ts';

const problem = (status: number) =>
  new ApiProblem({ title: '', status, detail: 'x', code: 'internal', request_id: null });

describe('answers that are kept on this device', () => {
  it('outlive a failed renewal, with the time at which they were true', async () => {
    const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    client.setQueryData(['get', '/api/v1/tags'], { items: [1] }, { updatedAt: 1_000 });
    await client
      .fetchQuery({
        queryKey: ['get', '/api/v1/tags'],
        queryFn: () => Promise.reject(new TypeError('Failed to fetch')),
        staleTime: 0,
      })
      .catch(() => undefined);
    expect(client.getQueryState(['get', '/api/v1/tags'])).toMatchObject({ status: 'error' });
    const clientState = dehydrate(client, { shouldDehydrateQuery: ({ state }) => state.data !== undefined });
    const kept = JSON.parse(JSON.stringify(withoutFailures({ timestamp: 1, buster: 'ada', clientState })));
    const next = new QueryClient();
    hydrate(next, kept.clientState);
    expect(next.getQueryState(['get', '/api/v1/tags'])).toMatchObject({
      status: 'success',
      data: { items: [1] },
      dataUpdatedAt: 1_000,
      error: null,
    });
  });

  it('come back with their time and are asked for again, however young they are: nobody heard what happened meanwhile', () => {
    const client = new QueryClient();
    client.setQueryData(['get', '/api/v1/tags'], { items: [1] });
    const kept = { timestamp: 1, buster: 'ada', clientState: dehydrate(client) };
    const next = new QueryClient();
    hydrate(next, asHeardLast(JSON.parse(JSON.stringify(kept))).clientState);
    const { data, dataUpdatedAt, isInvalidated } = next.getQueryState(['get', '/api/v1/tags'])!;
    expect({ data, isInvalidated }).toEqual({ data: { items: [1] }, isInvalidated: true });
    expect(dataUpdatedAt).toBe(client.getQueryState(['get', '/api/v1/tags'])?.dataUpdatedAt);
  });

  it('are asked for again while the server is away, and not where asking again does not help', () => {
    expect([undefined, null, problem(400), problem(403), problem(500), new Error('x')].map(askAgainMs)).toEqual(
      Array(6).fill(false),
    );
    const missing = Object.assign(problem(503), { code: 'missing_part' });
    expect(askAgainMs(missing)).toBe(false);
    for (const error of [
      new TypeError('Failed to fetch'),
      problem(401),
      problem(429),
      problem(502),
      problem(503),
      problem(504),
    ])
      expect(askAgainMs(error)).toBeGreaterThan(1_000);
  });
});
