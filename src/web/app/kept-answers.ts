import type { PersistedClient } from '@tanstack/react-query-persist-client';
import type { ApiProblem } from '../../sdk/problem.ts';

/** Asked again so often while the server is away. */
const AGAIN_MS = 10_000;

/**
 * The answers as they are kept on this device. An answer that could not be renewed is kept as it was, with its time: it is
 * no worse for the failure, which is not kept.
 */
export function withoutFailures(client: PersistedClient): PersistedClient {
  const queries = client.clientState.queries.map((query) => {
    const { state } = query;
    if (state.error === null && state.status !== 'error') return query;
    const whole = { error: null, fetchFailureReason: null, fetchFailureCount: 0, status: 'success' as const };
    return { ...query, state: { ...state, ...whole, fetchStatus: 'idle' as const, isInvalidated: true } };
  });
  return { ...client, clientState: { ...client.clientState, queries } };
}

/**
 * The answers as they come back from this device: shown at once, with their time, and asked for again when they are looked
 * at, however young they are. Nobody heard what happened while no page was open.
 */
export function asHeardLast(client: PersistedClient): PersistedClient {
  const queries = client.clientState.queries.map((query) => ({
    ...query,
    state: { ...query.state, isInvalidated: true },
  }));
  return { ...client, clientState: { ...client.clientState, queries } };
}

/** When a request is asked again by itself: while the server is away or busy, and not where a person has to do something. */
export function askAgainMs(error: unknown): number | false {
  if (error === null || error === undefined) return false;
  if (error instanceof TypeError) return AGAIN_MS;
  const { status, code } = error as { status?: unknown; code?: unknown };
  // A part that is not set up does not come by waiting.
  if (code === 'missing_part') return false;
  if (status === 429) return Math.max(AGAIN_MS, Number((error as ApiProblem).retryAfterSeconds ?? 0) * 1_000);
  // 401: the session could not be renewed just now; one that has ended is asked for over the screen.
  return status === 401 || status === 502 || status === 503 || status === 504 ? AGAIN_MS : false;
}
