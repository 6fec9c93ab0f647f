import { useSyncExternalStore } from 'react';
import { type StreamedEvent, subscribe } from '../../sdk/events.ts';
import { ApiProblem } from '../../sdk/problem.ts';
import { authorisedFetch, type Schemas } from './api.ts';
import { queryClient } from './query.tsx';
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

/** After this long without the stream, figures may be old, and the screens say so. */
export const QUIET_LIMIT_MS = 45_000;
const COALESCE_MS = 1_000;

const stateListeners = new Set<() => void>();
const eventListeners = new Set<EventListener>();
let state: LiveState = { status: 'off', since: null };
let lastFlush = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
const touched = new Set<string>();

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
  setState({ status: 'connecting', since: state.since });
  try {
    const events = subscribe({
      baseUrl: window.location.origin,
      credential: () => credential(),
      signal,
      longestWaitMs: 5_000,
      fetch: openStream,
    });
    for await (const event of events) {
      setState({ status: 'live', since: Date.now() });
      take(event);
    }
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    setState({ status: 'refused', since: state.since });
  }
}

async function openStream(request: Request): Promise<Response> {
  try {
    const response = await authorisedFetch(request);
    if (response.ok) {
      // While the stream was away anything may have changed.
      if (state.status === 'cut') touchAll();
      setState({ status: 'live', since: Date.now() });
      return new Response(response.body?.pipeThrough(heard()), response);
    }
    setState({ status: 'cut', since: state.since });
    return response;
  } catch (error) {
    setState({ status: 'cut', since: state.since });
    throw error;
  }
}

/** Heartbeats count as heard; the stream's end is a cut. */
function heard(): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(chunk, controller) {
      setState({ status: 'live', since: Date.now() });
      controller.enqueue(chunk);
    },
    flush() {
      setState({ status: 'cut', since: state.since });
    },
  });
}

function take(event: StreamedEvent): void {
  if (event.event === 'ready') return;
  if (event.event === 'resync') {
    touchAll();
    return;
  }
  const { property_id: propertyId, payload } = event.data as Schemas['Event'];
  const heardEvent: TenantEvent = { id: event.id, type: event.event, propertyId, payload };
  for (const listener of eventListeners) listener(heardEvent);
  for (const path of pathsOf(heardEvent.type)) touched.add(path);
  schedule();
}

const EVERYWHERE = ['/api/v1/properties', '/api/lifecycles', '/api/metrics', '/api/v1/analytics', '/api/v1/activity'];

/** The paths whose answers an event of this type may change. */
export function pathsOf(type: string): string[] {
  const more: Record<string, string[]> = {
    'property.discovered': ['/api/v1/imports', '/api/scraping', '/api/v1/prospects', '/api/v1/counties'],
    'property.enriched': ['/api/enrichment', '/api/v1/prospects'],
    'property.scored': ['/api/scoring', '/api/v1/scoreboard', '/api/v1/rescores'],
    'memo.generated': ['/api/v1/documents'],
    'outreach.sent': ['/api/v1/campaigns', '/api/v1/messages', '/api/v1/outreach', '/api/v1/outbox'],
    'timeline.updated': ['/api/v1/comments', '/api/v1/notifications', '/api/v1/campaigns', '/api/v1/assignments'],
  };
  return [...EVERYWHERE, ...(more[type] ?? [])];
}

/** The first event acts at once; a burst is taken together, once a second. */
function schedule(): void {
  if (timer !== undefined) return;
  const waitMs = Math.max(0, lastFlush + COALESCE_MS - Date.now());
  timer = setTimeout(flush, waitMs);
}

function flush(): void {
  timer = undefined;
  lastFlush = Date.now();
  const paths = [...touched];
  touched.clear();
  void queryClient.invalidateQueries({
    predicate: ({ queryKey }) =>
      typeof queryKey[1] === 'string' && paths.some((path) => isUnder(queryKey[1] as string, path)),
  });
}

function touchAll(): void {
  void queryClient.invalidateQueries();
}

function isUnder(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

function setState(next: LiveState): void {
  // Chunks come often: the screen is told of a change of status, and of the time once a second.
  if (next.status === state.status && (next.since ?? 0) - (state.since ?? 0) < 1_000) return;
  state = next;
  for (const listener of stateListeners) listener();
}
