import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { listen } from '../api/events/listener.ts';
import type { AnswerCache } from '../api/kit/answer-cache.ts';
import type { KnownCallers } from '../api/kit/known-callers.ts';
import type { Database } from '../db/connect.ts';
import { ANSWER_NEWS, tellStale } from '../db/queries/answer-news.ts';
import { withSystem } from '../db/tenant.ts';

const LONGEST_TEXT = 500;
const RETRY_MS = 1_000;

/** A cache of this process that can forget everything. */
export interface LocalCache extends AnswerCache {
  forgetAll(): void;
}

/** Tells the processes of the API which kept answers are stale; what comes while one telling runs goes with the next. */
function startTelling(deps: { db: Database; logger: Logger }) {
  const waiting = new Set<string>();
  let telling: Promise<void> | undefined;
  let isStopping = false;
  const tellAll = async () => {
    while (waiting.size > 0) {
      const texts = [...waiting];
      waiting.clear();
      try {
        await withSystem(deps.db, 'which kept answers are stale', (trx) => tellStale(trx, texts));
      } catch (error) {
        deps.logger.warn({ err: error }, 'other processes were not told which kept answers are stale');
        if (isStopping) return;
        for (const text of texts) waiting.add(text);
        await sleep(RETRY_MS);
      }
    }
  };
  return {
    tell(tenantId: string, propertyId: string | null): void {
      const text = propertyId === null ? tenantId : `${tenantId}/${propertyId}`;
      waiting.add(text.length > LONGEST_TEXT ? tenantId : text);
      telling ??= tellAll().finally(() => {
        telling = undefined;
      });
    },
    /** Ends when everything was told. */
    async stop(): Promise<void> {
      isStopping = true;
      await telling;
    },
  };
}

/** For a process that keeps no answers and changes what others keep: a command beside the API. */
export function createTellingCache(deps: { db: Database; logger: Logger }): {
  cache: AnswerCache;
  stop(): Promise<void>;
} {
  const { tell, stop } = startTelling(deps);
  return {
    cache: {
      through: (_scope, make) => make(),
      invalidate: async (tenantId, propertyId) => tell(tenantId, propertyId),
    },
    stop,
  };
}

/**
 * Lets processes forget together: what one is told to forget, the others hear over Postgres a moment later. What was said
 * while nobody could hear is made up for by forgetting everything.
 */
export function shareForgetting(
  deps: { db: Database; url: string; logger: Logger },
  local: LocalCache,
  callers: Pick<KnownCallers, 'forget'>,
): { cache: AnswerCache; stop(): Promise<void> } {
  const telling = startTelling(deps);
  const hear = (text?: string) => {
    if (text === undefined) {
      callers.forget();
      return local.forgetAll();
    }
    const [tenantId = '', propertyId] = text.split('/', 2);
    // Written by the database itself, whoever changed them.
    if (tenantId === 'callers') return callers.forget(propertyId);
    local.invalidate(tenantId, propertyId ?? null).catch((error: unknown) => {
      deps.logger.warn({ err: error }, 'kept answers were not forgotten');
    });
  };
  const listener = listen({ url: deps.url, logger: deps.logger, channel: ANSWER_NEWS, wake: hear });
  return {
    cache: {
      through: local.through,
      async invalidate(tenantId, propertyId) {
        await local.invalidate(tenantId, propertyId);
        telling.tell(tenantId, propertyId);
      },
    },
    stop: async () => {
      await Promise.all([telling.stop(), listener.stop()]);
    },
  };
}
