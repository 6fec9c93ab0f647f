import { createHash } from 'node:crypto';
import KeyvRedis from '@keyv/redis';
import { Cacheable, createKeyv, Keyv } from 'cacheable';
import type { Logger } from 'pino';
import { type AnswerCache, CACHE_SECONDS, type CachedAnswer, type CacheScope } from './kit/answer-cache.ts';

/** Where answers are kept: memory, or a server that several processes share. */
export interface AnswerStore {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttlMs: number): Promise<unknown>;
}

export interface AnswerCacheDeps {
  logger: Logger;
  /** Milliseconds since 1970; for tests. */
  clock?: () => number;
  /** Default: this process's memory, the 5,000 answers last used. */
  store?: AnswerStore;
  /** A store that takes longer is passed over, ms; default 100. */
  storeTimeoutMs?: number;
  /** A store that failed is not asked again for so long, ms; default 5,000. */
  storeRestMs?: number;
  /** How far the clocks of the processes that share the store may be apart, ms; default 0: it is not shared. */
  clockSkewMs?: number;
}

interface Entry {
  answer: CachedAnswer;
  /** When reading it began. */
  readAt: number;
  /** How long it took to make. */
  tookMs: number;
}

/**
 * Figures over a whole tenant are reckoned anew after an event, but rest for so many times as long as they took: a small
 * tenant sees each event, and a large one spends little of its time on them.
 */
const FIGURES_REST = 20;
/** At most, ms: nobody looks at older ones after an event. */
const LONGEST_REST_MS = 10_000;
const MEMORY_ANSWERS = 5_000;
const LONGEST_MS = Math.max(...Object.values(CACHE_SECONDS)) * 1_000;

/** Answers in memory, kept by the `cacheable` library. */
export function memoryStore(answers = MEMORY_ANSWERS): AnswerStore {
  return storeOf(new Cacheable({ primary: createKeyv({ lruSize: answers }) }));
}

/** Answers on a Redis server, shared by every process of the API. Connects on first use, and again when it was away. */
export function redisStore(url: string): AnswerStore & { close(): Promise<void> } {
  const adapter = new KeyvRedis({ url, disableOfflineQueue: true, socket: { connectTimeout: 1_000 } });
  const cache = new Cacheable({ primary: new Keyv({ store: adapter, namespace: 'reos' }) });
  // A lost connection is told to each call, too; an error event without a listener would end the process.
  adapter.on('error', () => undefined);
  cache.on('error', () => undefined);
  return { ...storeOf(cache), close: () => adapter.disconnect(true) };
}

function storeOf(cache: Cacheable): AnswerStore {
  return { get: (key) => cache.get(key), set: (key, value, ttlMs) => cache.set(key, value, ttlMs) };
}

/**
 * Keeps answers per tenant. An invalidation marks a time for the property, the tenant's lists or the whole tenant; an
 * answer is good only when reading it began after all of its marks, so that one that was being read meanwhile is not
 * kept past the change. Callers of one answer wait for one load. A store that is away or slow is passed over,
 * and left alone for a while.
 */
export function createAnswerCache(deps: AnswerCacheDeps): AnswerCache & { forgetAll(): void } {
  const store = deps.store ?? memoryStore();
  const now = deps.clock ?? Date.now;
  const timeoutMs = deps.storeTimeoutMs ?? 100;
  const skewMs = deps.clockSkewMs ?? 0;
  const restMs = deps.storeRestMs ?? 5_000;
  const marks = new Map<string, number>();
  const loading = new Map<string, { readAt: number; answer: Promise<CachedAnswer> }>();
  let startedAt = now();
  let lastWarning = 0;
  let restsUntil = 0;

  // What was changed before this process began is not known here, so that answers from before are not taken.
  const isGood = (scope: CacheScope, readAt: number) => readAt >= startedAt && isUnmarked(marksOf(scope), readAt);
  const isUnmarked = (names: readonly string[], readAt: number) =>
    names.every((name) => readAt > (marks.get(name) ?? 0) + skewMs);

  async function passing<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (now() < restsUntil) return undefined;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await Promise.race([
        work(),
        new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
        }),
      ]);
    } catch (error) {
      restsUntil = now() + restMs;
      if (now() - lastWarning > 60_000) {
        lastWarning = now();
        deps.logger.warn({ err: error }, 'the store of kept answers is away; answers are made anew meanwhile');
      }
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  function forgetOldMarks(): void {
    const oldest = now() - LONGEST_MS;
    for (const [mark, at] of marks) {
      if (at >= oldest) break;
      marks.delete(mark);
    }
  }

  function mark(name: string): void {
    // To the end, so that the oldest come first.
    marks.delete(name);
    marks.set(name, now());
  }

  /** Figures that an event has overtaken, with how long they still rest; any other answer as it is. */
  const told = (scope: CacheScope, { answer, readAt, tookMs }: Entry): CachedAnswer => {
    if (scope.kind !== 'figures' || isUnmarked([listsOf(scope.tenantId)], readAt)) return answer;
    return { ...answer, outdatedForMs: Math.max(0, restOf({ readAt, tookMs }) - now()) };
  };

  async function load(scope: CacheScope, key: string, make: () => Promise<CachedAnswer>): Promise<CachedAnswer> {
    const running = loading.get(key);
    if (running !== undefined && isGood(scope, running.readAt)) {
      const answer = await running.answer;
      return told(scope, { answer, readAt: running.readAt, tookMs: now() - running.readAt });
    }
    const readAt = now();
    const answer = make();
    const mine = { readAt, answer };
    loading.set(key, mine);
    try {
      const entry: Entry = { answer: await answer, readAt, tookMs: now() - readAt };
      if (isGood(scope, readAt)) await passing(() => store.set(key, entry, CACHE_SECONDS[scope.kind] * 1_000));
      return told(scope, entry);
    } finally {
      if (loading.get(key) === mine) loading.delete(key);
    }
  }

  return {
    async through(scope, make) {
      const key = keyOf(scope);
      const kept = await passing(() => store.get(key));
      if (isEntry(kept) && isGood(scope, kept.readAt) && now() < kept.readAt + CACHE_SECONDS[scope.kind] * 1_000) {
        const answer = told(scope, kept);
        if (answer.outdatedForMs !== 0) return answer;
      }
      return load(scope, key, make);
    },
    async invalidate(tenantId, propertyId) {
      if (propertyId === null) mark(tenantId);
      else {
        mark(`${tenantId}/${propertyId}`);
        mark(listsOf(tenantId));
      }
      forgetOldMarks();
    },
    /** Takes no answer that was read until now: what changed meanwhile is not known. */
    forgetAll() {
      startedAt = now() + 1 + skewMs;
    },
  };
}

/** When figures have rested, ms since 1970. */
const restOf = ({ readAt, tookMs }: Pick<Entry, 'readAt' | 'tookMs'>) =>
  readAt + Math.min(LONGEST_REST_MS, FIGURES_REST * tookMs);

const listsOf = (tenantId: string) => `${tenantId}/lists`;

function marksOf({ kind, tenantId, propertyId }: CacheScope): string[] {
  if (kind === 'figures') return [tenantId];
  return [tenantId, propertyId === null ? listsOf(tenantId) : `${tenantId}/${propertyId}`];
}

/** The tenant first, so that no answer of another can ever be met. */
function keyOf(scope: CacheScope): string {
  const rest = createHash('sha256')
    .update(`${scope.kind}\n${scope.propertyId ?? ''}\n${scope.key}`)
    .digest('base64url');
  return `answer:${scope.tenantId}:${rest}`;
}

function isEntry(value: unknown): value is Entry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'answer' in value &&
    'readAt' in value &&
    typeof value.readAt === 'number' &&
    'tookMs' in value &&
    typeof value.tookMs === 'number'
  );
}
