import fc from 'fast-check';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { type AnswerStore, createAnswerCache, redisStore } from '../../src/api/cache.ts';
import type { CacheScope } from '../../src/api/kit/answer-cache.ts';

const logger = pino({ level: 'silent' });
const answer = (body: string) => ({ status: 200, body, etag: '"x"' });
const scopeOf = (more: Partial<CacheScope> = {}): CacheScope => ({
  kind: 'detail',
  tenantId: 'a',
  propertyId: 'p',
  key: '/p',
  ...more,
});

/** A clock that each look moves on, so that no two times are the same. */
function ticking() {
  const time = { now: 1_000_000 };
  return {
    time,
    clock: () => {
      time.now += 1;
      return time.now;
    },
  };
}

describe('kept answers', () => {
  it('are made once for many that wait, and again after their time', async () => {
    const { time, clock } = ticking();
    const cache = createAnswerCache({ logger, clock });
    let made = 0;
    const make = async () => {
      made += 1;
      await new Promise((done) => setTimeout(done, 5));
      return answer(String(made));
    };
    const all = await Promise.all(Array.from({ length: 50 }, () => cache.through(scopeOf(), make)));
    expect(new Set(all.map(({ body }) => body))).toEqual(new Set(['1']));
    expect((await cache.through(scopeOf(), make)).body).toBe('1');
    time.now += 601_000;
    expect((await cache.through(scopeOf(), make)).body).toBe('2');
  });

  it('are forgotten by property, with the lists, and by tenant; other tenants keep theirs', async () => {
    const cache = createAnswerCache({ logger, clock: ticking().clock });
    let made = 0;
    const ask = async (more: Partial<CacheScope>) =>
      Number(
        (
          await cache.through(scopeOf(more), async () => {
            made += 1;
            return answer(String(made));
          })
        ).body,
      );
    const asked = [{}, { propertyId: 'q', key: '/q' }, { propertyId: null, key: '/list' }, { tenantId: 'b' }];
    const round = () =>
      asked.reduce<Promise<number[]>>(async (seen, one) => [...(await seen), await ask(one)], Promise.resolve([]));
    expect(await round()).toEqual([1, 2, 3, 4]);
    await cache.invalidate('a', 'p');
    expect(await round()).toEqual([5, 2, 6, 4]);
    await cache.invalidate('a', null);
    expect(await round()).toEqual([7, 8, 9, 4]);
  });

  it('never hold what was read before a change', async () => {
    const cache = createAnswerCache({ logger, clock: ticking().clock });
    let value = 'old';
    let go: () => void = () => undefined;
    const slow = cache.through(scopeOf(), async () => {
      const read = value;
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      return answer(read);
    });
    await new Promise((done) => setTimeout(done, 5));
    value = 'new';
    await cache.invalidate('a', 'p');
    const after = cache.through(scopeOf(), async () => answer(value));
    go();
    expect((await after).body).toBe('new');
    expect((await slow).body).toBe('old');
    expect((await cache.through(scopeOf(), async () => answer('made anew'))).body).toBe('new');
  });

  it('are always as new as the last change, whatever the order of reads and changes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ property: fc.constantFrom('p', 'q', null), isWrite: fc.boolean() }), { maxLength: 30 }),
        async (steps) => {
          const cache = createAnswerCache({ logger, clock: ticking().clock });
          const versions: Record<string, number> = { p: 0, q: 0, all: 0 };
          for (const { property, isWrite } of steps) {
            if (isWrite) {
              if (property !== null) versions[property]! += 1;
              versions['all']! += 1;
              await cache.invalidate('a', property);
            } else {
              const name = property ?? 'all';
              const scope = scopeOf({ propertyId: property, key: name });
              const got = await cache.through(scope, async () => answer(String(versions[name])));
              expect(got.body).toBe(String(versions[name]));
            }
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('of figures are made anew after an event, but rest twenty times as long as they took', async () => {
    const time = { now: 1_000_000 };
    const cache = createAnswerCache({ logger, clock: () => time.now });
    let made = 0;
    const ask = async (tookMs: number) => {
      time.now += 1;
      const { body, outdatedForMs } = await cache.through(scopeOf({ kind: 'figures', propertyId: null }), async () => {
        time.now += tookMs;
        made += 1;
        return answer(String(made));
      });
      restsMs = outdatedForMs;
      return Number(body);
    };
    let restsMs: number | undefined;
    expect(await ask(100)).toBe(1);
    expect(restsMs).toBeUndefined();
    await cache.invalidate('a', 'p');
    time.now += 1_500;
    expect(await ask(100)).toBe(1);
    expect(restsMs).toBe(2_000 - 100 - 1_500 - 1);
    time.now += 500;
    expect(await ask(1)).toBe(2);
    await cache.invalidate('a', 'p');
    time.now += 30;
    expect(await ask(1)).toBe(3);
    time.now += 200_000;
    expect(await ask(1)).toBe(3);
    await cache.invalidate('a', null);
    expect(await ask(2_000)).toBe(4);
    await cache.invalidate('a', 'p');
    time.now += 8_100;
    expect(await ask(1)).toBe(5);
    time.now += 300_001;
    expect(await ask(1)).toBe(6);
  });

  it('do not keep a failure', async () => {
    const cache = createAnswerCache({ logger });
    await expect(cache.through(scopeOf(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect((await cache.through(scopeOf(), async () => answer('yes'))).body).toBe('yes');
  });

  it('are made anew while the store is away or silent', async () => {
    const broken: AnswerStore = {
      get: () => Promise.reject(new Error('away')),
      set: () => Promise.reject(new Error('away')),
    };
    const silent: AnswerStore = { get: () => new Promise(() => undefined), set: () => new Promise(() => undefined) };
    const redis = redisStore('redis://127.0.0.1:9');
    for (const store of [broken, silent, redis]) {
      const cache = createAnswerCache({ logger, store, storeTimeoutMs: 20 });
      expect((await cache.through(scopeOf(), async () => answer('here'))).body).toBe('here');
    }
    await redis.close();
  });
});
