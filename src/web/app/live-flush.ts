import type { Query, QueryClient } from '@tanstack/react-query';
import { isSameBurst, pauseMs, RECENT_MS, type Standing } from './live-pace.ts';
import { isHeardOf, isTouched } from './live-paths.ts';

interface FlushDeps {
  client: QueryClient;
  readStanding(): Standing | null;
  now?: () => number;
}

/** Where no single property is known of so many, all are asked for. */
const MOST_IDS = 1_000;

/**
 * An event of this property was heard: what is kept of it and not on the screen is old from now on, also an answer that is
 * under way. What is on the screen is asked for again by the screen.
 */
export function ageProperty(client: QueryClient, propertyId: string): void {
  for (const query of client.getQueryCache().findAll({ queryKey: ['property', propertyId], type: 'inactive' })) {
    query.invalidate();
    if (query.state.fetchStatus !== 'fetching') continue;
    // A failure leaves nothing that could be old.
    void query.promise?.then(() => query.invalidate()).catch(() => undefined);
  }
}

/**
 * Collects what events touched and has the answers asked again: those on the screen at once, all others when they are
 * next looked at. An event now and then acts at once; a burst is taken together, at the pace of `pauseMs`.
 */
export function createFlush({ client, readStanding, now = Date.now }: FlushDeps) {
  const paths = new Set<string>();
  const propertyIds = new Set<string | null>();
  let isAll = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAt = Number.NEGATIVE_INFINITY;
  let lastPauseMs = 0;
  let recent: number[] = [];

  function schedule(): void {
    if (timer !== undefined) return;
    timer = setTimeout(flush, Math.max(0, lastAt + lastPauseMs - now()));
  }

  function flush(): void {
    timer = undefined;
    const isBurst = isSameBurst(lastAt, lastPauseMs, now());
    lastAt = now();
    recent = [...recent.filter((at) => at > lastAt - RECENT_MS), lastAt];
    lastPauseMs = pauseMs(recent.length, readStanding(), lastAt);
    const isEvery = isAll;
    const touched = { paths: new Set(paths), propertyIds: new Set(isEvery ? [null] : propertyIds) };
    forget();
    const concerns = ({ queryKey }: Query) => isEvery || isTouched(queryKey, touched);
    // In a burst an answer on its way is not thrown away for the next, else a slow server would never be heard.
    const isLate = (query: Query) => isBurst && query.state.fetchStatus === 'fetching' && query.isActive();
    const late = client.getQueryCache().findAll({ predicate: (query) => concerns(query) && isLate(query) });
    const lateHashes = new Set(late.map(({ queryHash }) => queryHash));
    void client.invalidateQueries({ predicate: (query) => concerns(query) && !lateHashes.has(query.queryHash) });
    if (late.length === 0) return;
    for (const { queryKey } of late) paths.add(String(queryKey[1]));
    for (const id of touched.propertyIds) propertyIds.add(id);
    schedule();
  }

  function forget(): void {
    paths.clear();
    propertyIds.clear();
    isAll = false;
  }

  return {
    /** An event changed what is under these paths. */
    touch(more: Iterable<string>, propertyId: string | null): void {
      for (const path of more) paths.add(path);
      propertyIds.add(propertyIds.size < MOST_IDS ? propertyId : null);
      schedule();
    },
    /** The stream is open since `at`: what happened between an older answer and then was told to nobody. */
    touchOlder(at: number): void {
      void client.invalidateQueries({
        predicate: ({ queryKey, state }) =>
          state.fetchStatus === 'idle' && state.data !== undefined && state.dataUpdatedAt < at && isHeardOf(queryKey),
      });
    },
    /** Anything may have changed. */
    touchAll(): void {
      isAll = true;
      schedule();
    },
  };
}
