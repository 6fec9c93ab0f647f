import { useSyncExternalStore } from 'react';
import { type StreamedEvent, subscribe } from '../../sdk/events.ts';
import { ApiProblem } from '../../sdk/problem.ts';
import { authorisedFetch, type Schemas } from './api.ts';
import { ageProperty, createFlush } from './live-flush.ts';
import { pathsOf } from './live-paths.ts';
import { onOutdated } from './outdated.ts';
import { queryClient } from './query.tsx';
import { openWatched } from './quiet-stream.ts';
import { readStanding } from './request-pace.ts';
import { credential } from './session.ts';

/** An event of the tenant, as the log has it. */
export interface TenantEvent {
  id: string;
  type: string;
  propertyId: string | null;
  payload: unknown;
}

/** How the stream is; `since` is when it was last heard (ms since 1970), null before the first time. */
export interface LiveState {
  status: 'off' | 'connecting' | 'live' | 'cut' | 'refused';
  since: number | null;
}

type EventListener = (event: TenantEvent) => void;

/** After this long without a byte the stream is dead, and another is opened. Heartbeats come three times as often. */
export const QUIET_LIMIT_MS = 45_000;
/** Who hears no events has the figures on the screen asked again this often. */
export const POLL_MS = 20_000;

const stateListeners = new Set<() => void>();
const eventListeners = new Set<EventListener>();
const flush = createFlush({ client: queryClient, readStanding });
const outdated = new Map<string, ReturnType<typeof setTimeout>>();
let state: LiveState = { status: 'off', since: null };
let follower = 0;
let hasGap = false;
let wasOpen = false;

// The event that overtook an answer has been acted on already, and no other may come.
onOutdated((path, ms) => {
  if (outdated.has(path)) return;
  const again = () => {
    outdated.delete(path);
    flush.touch([path], null);
  };
  outdated.set(path, setTimeout(again, ms));
});

/** How live the screen is. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (listener) => {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    () => state,
  );
}

/** Hears every event of the tenant; the answer ends it. */
export function onEvent(listener: EventListener): () => void {
  eventListeners.add(listener);
  return () => eventListeners.delete(listener);
}

/** Follows the tenant's events until the signal: each one makes the answers that it concerns be asked again. */
export async function followEvents(signal: AbortSignal): Promise<void> {
  follower += 1;
  const own = follower;
  // One that has been ended has nothing more to say about how live the screen is.
  const tell = (status: LiveState['status'], since = state.since) => {
    if (own === follower && !signal.aborted) setState({ status, since });
  };
  tell('connecting');
  signal.addEventListener('abort', () => {
    hasGap = true;
    if (own === follower) setState({ status: 'off', since: state.since });
  });
  try {
    const events = subscribe({
      baseUrl: window.location.origin,
      credential: () => credential(),
      signal,
      longestWaitMs: 5_000,
      fetch: (request) =>
        openWatched(request, authorisedFetch, {
          limitMs: QUIET_LIMIT_MS,
          onHeard: () => {
            // While the stream was away anything may have changed.
            if (hasGap) flush.touchAll();
            else if (!wasOpen) flush.touchOlder(Date.now());
            hasGap = false;
            wasOpen = true;
            tell('live', Date.now());
          },
          onCut: () => {
            hasGap = true;
            tell('cut');
          },
        }),
    });
    for await (const event of events) {
      tell('live', Date.now());
      take(event);
    }
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    tell('refused');
  }
}

/** Has the figures on the screen asked again now and then, where no stream tells of changes. The answer ends it. */
export function pollInstead(): () => void {
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible' && !isHeard()) flush.touchAll();
  }, POLL_MS);
  return () => clearInterval(timer);
}

const isHeard = () => state.status === 'live' || state.status === 'connecting';

function take(event: StreamedEvent): void {
  if (event.event === 'ready') return;
  if (event.event === 'resync') {
    flush.touchAll();
    return;
  }
  const { property_id: propertyId, payload } = event.data as Schemas['Event'];
  const heardEvent: TenantEvent = { id: event.id, type: event.event, propertyId, payload };
  if (propertyId !== null) ageProperty(queryClient, propertyId);
  for (const listener of eventListeners) listener(heardEvent);
  flush.touch(pathsOf(heardEvent.type), propertyId);
}

function setState(next: LiveState): void {
  // Chunks come often: the screen is told of a change of status, and of the time once a second.
  if (next.status === state.status && (next.since ?? 0) - (state.since ?? 0) < 1_000) return;
  state = next;
  for (const listener of stateListeners) listener();
}
