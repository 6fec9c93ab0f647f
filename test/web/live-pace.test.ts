import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ageProperty, createFlush } from '../../src/web/app/live-flush.ts';
import { isSameBurst, pauseMs } from '../../src/web/app/live-pace.ts';
import { isTouched, pathsOf, pollMs, UNHEARD_MS } from '../../src/web/app/live-paths.ts';
import { noteOutdated, onOutdated } from '../../src/web/app/outdated.ts';

describe('the pace of asking again', () => {
  it('slows while events go on, and is quick again after a rest', () => {
    expect([1, 4, 5, 6, 7, 8, 50].map((recent) => pauseMs(recent, null, 0))).toEqual([
      1_000, 1_000, 2_000, 4_000, 4_000, 5_000, 5_000,
    ]);
    expect(isSameBurst(0, 5_000, 9_000)).toBe(true);
    expect(isSameBurst(0, 5_000, 11_000)).toBe(false);
    expect(isSameBurst(Number.NEGATIVE_INFINITY, 0, 0)).toBe(false);
  });

  it('spares the requests of a plan that run out, and waits for the next minute at the end', () => {
    const left = (remaining: number) => pauseMs(1, { limit: 300, remaining, resetAt: 40_000 }, 10_000);
    expect([300, 200, 150, 60, 10].map(left)).toEqual([1_000, 1_000, 5_000, 10_000, 30_000]);
    expect(pauseMs(1, { limit: 300, remaining: 0, resetAt: 9_000 }, 10_000)).toBe(1_000);
  });
});

describe('an answer that an event has overtaken', () => {
  it('is heard of with its path and when newer figures come; one that is up to date is not', () => {
    const heard: unknown[] = [];
    const end = onOutdated((path, ms) => heard.push([path, ms]));
    const request = new Request('http://a.test/api/v1/analytics/pipeline?x=1');
    noteOutdated(request, new Response('{}', { headers: { 'Refresh-After': '1.250' } }));
    noteOutdated(request, new Response('{}'));
    noteOutdated(request, new Response('{}', { headers: { 'Refresh-After': 'soon' } }));
    end();
    noteOutdated(request, new Response('{}', { headers: { 'Refresh-After': '2' } }));
    expect(heard).toEqual([['/api/v1/analytics/pipeline', 1_250]]);
  });
});

describe('which answers an event concerns', () => {
  const touched = (type: string, id: string | null) => ({ paths: new Set(pathsOf(type)), propertyIds: new Set([id]) });
  it('goes by the path, and by the property where the answer is about one', () => {
    const scored = touched('property.scored', 'a');
    expect(isTouched(['get', '/api/v1/properties/search', {}], scored)).toBe(true);
    expect(isTouched(['get', '/api/v1/contacts', {}], scored)).toBe(false);
    expect(isTouched(['get', '/api/v1/propertiesque', {}], scored)).toBe(false);
    expect(isTouched(['property', 'a', 'score'], scored)).toBe(false);
    const one = (id: string) => ['get', '/api/v1/properties/{id}', { params: { path: { id } } }];
    expect([isTouched(one('a'), scored), isTouched(one('b'), scored)]).toEqual([true, false]);
    expect(isTouched(one('b'), touched('property.scored', null))).toBe(true);
  });

  it('asks now and then for what no event tells of', () => {
    for (const path of [
      '/api/v1/decision-packets',
      '/api/v1/briefings/{id}',
      '/api/v1/quarantine/stats',
      '/api/v1/budgets',
    ])
      expect(pollMs(['get', path, {}])).toBe(UNHEARD_MS);
    expect(pollMs(['get', '/api/v1/properties/search', {}])).toBe(false);
    expect(pollMs(['property', 'a'])).toBe(false);
  });
});

describe('asking again at events', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('takes answers for old that came before the stream was open, where an event could have told of them', () => {
    const client = new QueryClient();
    const flush = createFlush({ client, readStanding: () => null });
    const keys = [
      ['get', '/api/v1/properties/search', {}],
      ['get', '/api/v1/campaigns', {}],
      ['get', '/api/v1/me', {}],
      ['get', '/api/v1/properties/{id}', { params: { path: { id: 'a' } } }],
    ];
    keys.forEach((key, index) => {
      client.setQueryData(key, 1, { updatedAt: index < 3 ? 1_000 : 3_000 });
    });
    client.setQueryData(['property', 'a', 'detail'], 1, { updatedAt: 1_000 });
    flush.touchOlder(2_000);
    expect(keys.map((key) => client.getQueryState(key)?.isInvalidated)).toEqual([true, true, false, false]);
    expect(client.getQueryState(['property', 'a', 'detail'])?.isInvalidated).toBe(true);
    client.clear();
  });

  it('takes for old what is kept of the property and not on the screen, and an answer that is on its way', async () => {
    const client = new QueryClient();
    const isOld = (id: string, name: string) => client.getQueryState(['property', id, name])?.isInvalidated;
    for (const id of ['a', 'b']) client.setQueryData(['property', id, 'detail'], 1);
    const slow = client.prefetchQuery({
      queryKey: ['property', 'a', 'score'],
      queryFn: () => new Promise((resolve) => setTimeout(() => resolve(1), 1_000)),
    });
    const observer = new QueryObserver(client, { queryKey: ['property', 'a', 'tags'], queryFn: async () => 1 });
    const end = observer.subscribe(() => undefined);
    await vi.advanceTimersByTimeAsync(10);
    ageProperty(client, 'a');
    expect([isOld('a', 'detail'), isOld('b', 'detail'), isOld('a', 'tags')]).toEqual([true, false, false]);
    await vi.advanceTimersByTimeAsync(1_000);
    await slow;
    expect(client.getQueryState(['property', 'a', 'score'])).toMatchObject({ data: 1, isInvalidated: true });
    end();
    client.clear();
  });

  /** A mounted answer that takes `takesMs`, and what was asked of it, in seconds since the start. */
  function mounted(takesMs: number) {
    const client = new QueryClient();
    const start = Date.now();
    const asked: number[] = [];
    const observer = new QueryObserver(client, {
      queryKey: ['get', '/api/v1/properties/stats', {}],
      queryFn: async () => {
        asked.push((Date.now() - start) / 1_000);
        await new Promise((resolve) => setTimeout(resolve, takesMs));
        return asked.length;
      },
    });
    const end = observer.subscribe(() => undefined);
    return { client, asked, observer, end };
  }

  it('acts at once on one event, and ever less often while they go on: a third of the requests of a minute', async () => {
    const { client, asked, end } = mounted(100);
    await vi.advanceTimersByTimeAsync(500);
    const flush = createFlush({ client, readStanding: () => null });
    flush.touch(pathsOf('property.scored'), 'a');
    await vi.advanceTimersByTimeAsync(50);
    expect(asked).toEqual([0, 0.5]);
    for (let ms = 0; ms < 60_000; ms += 100) {
      flush.touch(pathsOf('property.scored'), 'a');
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(asked.length).toBeLessThanOrEqual(20);
    await vi.advanceTimersByTimeAsync(35_000);
    const before = asked.length;
    flush.touch(pathsOf('property.scored'), 'a');
    await vi.advanceTimersByTimeAsync(10);
    expect(asked.length).toBe(before + 1);
    end();
    client.clear();
  });

  it('acts at once on each of the events that come every five seconds', async () => {
    const { client, asked, end } = mounted(50);
    await vi.advanceTimersByTimeAsync(500);
    const flush = createFlush({ client, readStanding: () => null });
    for (let event = 1; event <= 20; event += 1) {
      flush.touch(pathsOf('property.scored'), 'a');
      await vi.advanceTimersByTimeAsync(20);
      expect(asked).toHaveLength(1 + event);
      await vi.advanceTimersByTimeAsync(4_980);
    }
    end();
    client.clear();
  });

  it('lets a slow answer come during a burst, and asks once more after it', async () => {
    const { client, observer, asked, end } = mounted(4_000);
    const flush = createFlush({ client, readStanding: () => null });
    for (let ms = 0; ms < 20_000; ms += 200) {
      flush.touch(pathsOf('property.enriched'), 'a');
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(observer.getCurrentResult().data).toBeGreaterThanOrEqual(2);
    const last = asked.at(-1)!;
    await vi.advanceTimersByTimeAsync(15_000);
    // The last event came at 19.8 s: an answer asked for after it is there.
    expect(Math.max(last, asked.at(-1)!)).toBeGreaterThanOrEqual(19.8);
    expect(observer.getCurrentResult().isFetching).toBe(false);
    end();
    client.clear();
  });
});
