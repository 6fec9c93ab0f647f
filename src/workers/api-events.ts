import type { Logger } from 'pino';
import { createAnswerCache, redisStore } from '../api/cache.ts';
import { type EventFeed, startEventFeed } from '../api/events/feed.ts';
import type { AnswerCache } from '../api/kit/answer-cache.ts';
import { createKnownCallers, type KnownCallers } from '../api/kit/known-callers.ts';
import type { Database } from '../db/connect.ts';
import { shareForgetting } from './answer-news.ts';

/** How far the clocks of processes that share answers may be apart. */
const CLOCK_SKEW_MS = 1_000;

/**
 * The reader of the event log, the kept answers that its events make stale, and the callers who are known for a moment.
 * @param deps.url for LISTEN: a direct connection to Postgres, not a pooler's
 * @param deps.redisUrl where answers are kept for every process of the API; this one's memory without it
 */
export function startEvents(deps: { db: Database; url: string; logger: Logger; redisUrl?: string | undefined }): {
  feed: EventFeed;
  cache: AnswerCache;
  callers: KnownCallers;
  /** Ends every stream. */
  stop(): Promise<void>;
} {
  const feed = startEventFeed(deps);
  const shared = deps.redisUrl === undefined ? undefined : redisStore(deps.redisUrl);
  const local = createAnswerCache({
    logger: deps.logger,
    ...(shared === undefined ? {} : { store: shared, clockSkewMs: CLOCK_SKEW_MS }),
  });
  const callers = createKnownCallers();
  // Each process hears the events by itself; what has none is told from one to the others.
  const { cache, stop: stopSharing } = shareForgetting(deps, local, callers);
  const unwatch = feed.onEvents((events) => {
    const changed = new Map(events.map((event) => [`${event.tenantId}/${event.propertyId}`, event]));
    for (const { tenantId, propertyId } of changed.values()) {
      local.invalidate(tenantId, propertyId).catch((error: unknown) => {
        deps.logger.warn({ err: error }, 'kept answers were not forgotten');
      });
    }
  });
  return {
    feed,
    cache,
    callers,
    stop: async () => {
      unwatch();
      await feed.stop();
      await stopSharing();
      await shared?.close();
    },
  };
}
