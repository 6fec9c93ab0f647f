import { useSyncExternalStore } from 'react';
import { retryAfterSeconds } from '../../sdk/problem.ts';
import type { Standing } from './live-pace.ts';

/** A read is asked again so many times before its refusal is shown; a minute's count is never longer than one wait. */
const MOST_WAITS = 5;
const LONGEST_WAIT_MS = 90_000;

const listeners = new Set<() => void>();
let standing: Standing | null = null;
let heldUntil = 0;

/** How this organisation stands with its requests a minute; null until the API has told. */
export const readStanding = (): Standing | null => standing;

/** Until when reads wait, because the API asked for it (ms since 1970); null while nothing waits. */
export function useReadsHeldUntil(): number | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => (heldUntil > 0 ? heldUntil : null),
  );
}

/** Remembers what an answer says about the rate. */
export function noteStanding(response: Response, now: number = Date.now()): void {
  const [limit, remaining, reset] = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'].map((name) =>
    Number(response.headers.get(name) ?? Number.NaN),
  ) as [number, number, number];
  if (![limit, remaining, reset].every(Number.isFinite)) return;
  standing = { limit, remaining, resetAt: now + reset * 1_000 };
}

type Send = (request: Request) => Promise<Response>;

/**
 * Sends a read; where the API says that this organisation has asked enough for now, all reads of this tab wait as long as
 * it says, and are asked then. Nobody has to do anything, so nobody is shown an error. Other requests go as they are.
 */
export function withPatience(send: Send, sleep: typeof pause = pause): Send {
  return async (request) => {
    if (request.method !== 'GET') return send(request);
    for (let waits = 0; ; waits += 1) {
      await sleep(heldUntil - Date.now(), request.signal);
      const response = await send(request.clone());
      if (response.status !== 429 || waits >= MOST_WAITS) return response;
      const waitMs = Math.max(1, retryAfterSeconds(response) ?? 2) * 1_000;
      if (waitMs > LONGEST_WAIT_MS) return response;
      await response.body?.cancel();
      hold(Date.now() + waitMs);
    }
  };
}

function hold(until: number): void {
  if (until <= heldUntil) return;
  heldUntil = until;
  tell();
  setTimeout(() => {
    if (heldUntil !== until) return;
    heldUntil = 0;
    tell();
  }, until - Date.now());
}

function tell(): void {
  for (const listener of listeners) listener();
}

/** Waits; rejects at once when the signal says that nobody waits any more. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
