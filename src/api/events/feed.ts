import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../../db/connect.ts';
import {
  type EventFilter,
  type EventPlace,
  holdsPlace,
  type LoggedEvent,
  lastPlace,
  readFeed,
  readTenantEvents,
} from '../../db/queries/event-feed.ts';
import { withSystem } from '../../db/tenant.ts';
import { listen } from './listener.ts';
import { createSink, type Sink, type Subscription } from './subscription.ts';

export interface EventFeedDeps {
  db: Database;
  /** For LISTEN: a direct connection, not a pooler's. */
  url: string;
  logger: Logger;
  /** Pause between two looks when nothing is heard, ms; default 500. */
  pollMs?: number;
  /** Events that a subscriber may leave waiting; default 1,000. */
  bufferEvents?: number;
}

/** The one reader of the event log in this process. */
export interface EventFeed {
  /** Live events from now on. @throws ReosError `transient` when the log could not be read yet */
  subscribe(filter: EventFilter): Promise<Subscription>;
  /** Calls `fn` with each batch of events of every tenant, as they are read. Returns how to stop that. */
  onEvents(fn: (events: readonly LoggedEvent[]) => void): () => void;
  /** Whether everything after the place is still in the log. */
  holds(place: EventPlace): Promise<boolean>;
  /** The place of the last event. */
  last(): Promise<EventPlace>;
  /** Events of one tenant from the log. */
  read(
    filter: EventFilter & { eventTypes?: readonly string[] },
    range: { after: EventPlace; until?: EventPlace },
    limit: number,
  ): Promise<LoggedEvent[]>;
  /** Ends every subscription. */
  stop(): Promise<void>;
}

const BATCH = 500;
/** First pause while an event waits for an older transaction to end; doubled up to the poll's. */
const HELD_MS = 4;
const REASON = 'event feed';

/**
 * Starts reading at the log's end. Events are handed out in order of transaction id and position, and only those that no
 * running transaction can overtake: one that began earlier and commits later is not lost. NOTIFY wakes, polling decides.
 */
export function startEventFeed(deps: EventFeedDeps): EventFeed {
  const { db } = deps;
  const pollMs = deps.pollMs ?? 500;
  const sinks = new Map<string, Set<Sink>>();
  const watchers = new Set<(events: readonly LoggedEvent[]) => void>();
  const stopping = new AbortController();
  let place: EventPlace | undefined;
  let isWoken = false;
  let nap = new AbortController();
  const wake = () => {
    isWoken = true;
    nap.abort();
  };
  const last = () => withSystem(db, REASON, lastPlace);
  const begin = async () => {
    const found = await last();
    place ??= found;
    return place;
  };

  function handOut(events: readonly LoggedEvent[]): void {
    for (const event of events) {
      for (const sink of sinks.get(event.tenantId) ?? []) {
        if (sink.filter.propertyId === null || sink.filter.propertyId === event.propertyId) sink.push(event);
      }
    }
    for (const watcher of watchers) watcher(events);
  }

  async function pause(ms: number): Promise<void> {
    if (!isWoken && !stopping.signal.aborted) {
      nap = new AbortController();
      await sleep(ms, undefined, { signal: nap.signal }).catch(() => undefined);
    }
    isWoken = false;
  }

  async function run(): Promise<void> {
    let troubleMs = pollMs;
    let heldMs = HELD_MS;
    while (!stopping.signal.aborted) {
      let waitMs = pollMs;
      try {
        const from = place ?? (await begin());
        const { events, held } = await withSystem(db, REASON, (trx) => readFeed(trx, from, BATCH));
        const end = events.at(-1);
        if (end !== undefined) {
          place = { xid: end.xid, position: end.position };
          handOut(events);
        }
        heldMs = held && end === undefined ? Math.min(heldMs * 2, pollMs) : HELD_MS;
        if (held) waitMs = heldMs;
        else if (events.length === BATCH) waitMs = 0;
        troubleMs = pollMs;
      } catch (error) {
        deps.logger.warn({ err: error }, 'the event log could not be read; it is tried again');
        waitMs = troubleMs;
        troubleMs = Math.min(troubleMs * 2, 10_000);
      }
      if (waitMs > 0) await pause(waitMs);
    }
  }

  const listener = listen({ url: deps.url, logger: deps.logger, channel: 'event_log', wake });
  const done = run();
  return {
    async subscribe(filter) {
      const from = place ?? (await begin());
      const sink = createSink(filter, place ?? from, deps.bufferEvents ?? 1_000, (gone) => {
        const set = sinks.get(filter.tenantId);
        set?.delete(gone);
        if (set?.size === 0) sinks.delete(filter.tenantId);
      });
      const set = sinks.get(filter.tenantId) ?? new Set();
      sinks.set(filter.tenantId, set.add(sink));
      if (stopping.signal.aborted) sink.end('closed');
      return sink;
    },
    onEvents(fn) {
      watchers.add(fn);
      return () => watchers.delete(fn);
    },
    holds: (wanted) => withSystem(db, REASON, (trx) => holdsPlace(trx, wanted)),
    last,
    read: (filter, range, limit) => withSystem(db, REASON, (trx) => readTenantEvents(trx, filter, range, limit)),
    async stop() {
      stopping.abort();
      nap.abort();
      for (const set of [...sinks.values()]) for (const sink of [...set]) sink.end('closed');
      await Promise.all([listener.stop(), done]);
    },
  };
}
