import type { Logger } from 'pino';
import { createAnswerCache } from '../api/cache.ts';
import { type EventFeed, startEventFeed } from '../api/events/feed.ts';
import type { AnswerCache } from '../api/kit/answer-cache.ts';
import type { Database } from '../db/connect.ts';

/**
 * The reader of the event log and the kept answers that its events make stale.
 * @param url for LISTEN: a direct connection to Postgres, not a pooler's
 */
export function startEvents(deps: { db: Database; url: string; logger: Logger }): {
  feed: EventFeed;
  cache: AnswerCache;
  /** Ends every stream. */
  stop(): Promise<void>;
} {
  const feed = startEventFeed(deps);
  const cache = createAnswerCache({ logger: deps.logger });
  const unwatch = feed.onEvents((events) => {
    const changed = new Map(events.map((event) => [`${event.tenantId}/${event.propertyId}`, event]));
    for (const { tenantId, propertyId } of changed.values()) {
      cache.invalidate(tenantId, propertyId).catch((error: unknown) => {
        deps.logger.warn({ err: error }, 'kept answers were not forgotten');
      });
    }
  });
  return {
    feed,
    cache,
    stop: async () => {
      unwatch();
      await feed.stop();
    },
  };
}
