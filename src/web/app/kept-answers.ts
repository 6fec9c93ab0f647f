import type { PersistedClient } from '@tanstack/react-query-persist-client';

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

/** When a request is asked again by itself: while the server is away or busy, and not where a person has to do something. */
export function askAgainMs(error: unknown): number | false {
  if (error === null || error === undefined) return false;
  if (error instanceof TypeError) return AGAIN_MS;
  const { status, code } = error as { status?: unknown; code?: unknown };
  // A part that is not set up does not come by waiting.
  if (code === 'missing_part') return false;
  return status === 502 || status === 503 || status === 504 ? AGAIN_MS : false;
}
