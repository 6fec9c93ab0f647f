import { newKey } from '../../../sdk/new-key.ts';
import { ApiProblem } from '../../../sdk/problem.ts';

/** What became of one of many. */
export interface BulkFailure {
  id: string;
  error: unknown;
}

export interface BulkProgress {
  done: number;
  total: number;
  failures: readonly BulkFailure[];
}

export interface BulkResult extends BulkProgress {
  /** Those that worked. */
  succeeded: readonly string[];
  /** Those that were not begun, after a cancel. */
  left: readonly string[];
}

interface BulkOptions {
  /** How many at once. */
  width?: number;
  signal?: AbortSignal | undefined;
  onProgress?: (progress: BulkProgress) => void;
  /** What is waited for, as it begins; null when the work goes on. */
  onWaiting?: ((error: unknown) => void) | undefined;
  /** Seconds to wait before the same is tried again, after so many waits; null: the error counts. */
  waitSeconds?: (error: unknown, waits: number) => number | null;
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const MOST_WAITS = 5;
/** A lost network is waited for about so long. */
const NETWORK_WAITS = 120;
const NETWORK_SECONDS = 5;

/**
 * How long to wait after an error that passes by itself; null for all others. A server that has had enough says the time;
 * a lost network, or a session that could not be renewed just now, is tried again every few seconds.
 */
export function waitSecondsOf(error: unknown, waits: number): number | null {
  if (error instanceof TypeError) return waits < NETWORK_WAITS ? NETWORK_SECONDS : null;
  if (!(error instanceof ApiProblem) || error.code === 'missing_part' || waits >= MOST_WAITS) return null;
  if (error.status === 401) return NETWORK_SECONDS;
  if (error.status !== 429 && error.status !== 502 && error.status !== 503 && error.status !== 504) return null;
  return Math.min(60, Math.max(1, error.retryAfterSeconds ?? 2));
}

/** What work waits for, in words. */
export function waitingWords(error: unknown): string | null {
  if (error === null) return null;
  if (error instanceof TypeError) return 'Waiting for the connection';
  return error instanceof ApiProblem && error.status === 429
    ? 'Waiting: this minute’s requests are used up'
    : 'Waiting for the server';
}

/**
 * Does one thing to each id, some at once. One that fails does not end the others; a cancel begins no further one, and
 * ends waiting.
 * @param work told a key that is the same each time the same id is tried, so that it is done once
 */
export async function runBulk(
  ids: readonly string[],
  work: (id: string, key: string) => Promise<unknown>,
  options: BulkOptions = {},
): Promise<BulkResult> {
  const { width = 4, signal, onProgress, onWaiting, waitSeconds = () => null, sleep = pause } = options;
  const failures: BulkFailure[] = [];
  const succeeded: string[] = [];
  const stopped: string[] = [];
  let next = 0;
  const doOne = async (id: string) => {
    const key = newKey();
    for (let waits = 0; ; waits += 1) {
      try {
        await work(id, key);
        succeeded.push(id);
        return;
      } catch (error) {
        const seconds = waits < NETWORK_WAITS ? waitSeconds(error, waits) : null;
        if (seconds === null) {
          failures.push({ id, error });
          return;
        }
        onWaiting?.(error);
        if (!signal?.aborted) await sleep(seconds * 1_000, signal);
        if (signal?.aborted) {
          stopped.push(id);
          return;
        }
      }
    }
  };
  const walk = async () => {
    while (next < ids.length && !signal?.aborted) {
      const id = ids[next]!;
      next += 1;
      await doOne(id);
      onWaiting?.(null);
      onProgress?.({ done: succeeded.length + failures.length, total: ids.length, failures: [...failures] });
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, ids.length) }, walk));
  const done = succeeded.length + failures.length;
  return { done, total: ids.length, failures, succeeded, left: [...stopped, ...ids.slice(next)] };
}

/** Waits, or less when the signal says that nobody waits any more. */
function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** The ids in parts of at most `size`. */
export function chunked(ids: readonly string[], size: number): string[][] {
  const parts: string[][] = [];
  for (let start = 0; start < ids.length; start += size) parts.push(ids.slice(start, start + size));
  return parts;
}

/** Files of CSV with the same first line as one. */
export function joinCsv(files: readonly string[]): string {
  return files.map((file, index) => (index === 0 ? file : file.slice(file.indexOf('\n') + 1))).join('');
}
