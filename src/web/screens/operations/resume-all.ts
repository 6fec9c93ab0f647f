import { type BulkProgress, runBulk, waitSecondsOf } from '../properties/bulk.ts';

/** How far a row of orders has come. */
export interface Progress {
  done: number;
  failed: number;
  total: number;
  /** The first that failed, in words; null without one. */
  firstError: string | null;
}

interface OrderOptions {
  signal?: AbortSignal;
  wordsOf: (error: unknown) => string;
  /** What is waited for, as it begins; null when the orders go on. */
  onWaiting?: (error: unknown) => void;
  sleep?: (ms: number) => Promise<void>;
}

/**
 * Gives an order for each id, a few at once, and goes on after one that fails; waits where the server has had enough, or
 * cannot be reached. Stops early when the signal is aborted.
 * @param onProgress told after each
 */
export async function orderEach(
  ids: readonly string[],
  order: (id: string, key: string) => Promise<unknown>,
  onProgress: (progress: Progress) => void,
  { wordsOf, ...options }: OrderOptions,
): Promise<Progress> {
  const progressOf = ({ done, total, failures }: BulkProgress): Progress => {
    const [first] = failures;
    const firstError = first === undefined ? null : wordsOf(first.error);
    return { done: done - failures.length, failed: failures.length, total, firstError };
  };
  const result = await runBulk(ids, order, {
    ...options,
    waitSeconds: waitSecondsOf,
    onProgress: (progress) => onProgress(progressOf(progress)),
  });
  return progressOf(result);
}

/** Failures that have stage and reason in common, the most frequent first. */
export function groupFailures<T extends { failed_stage: string | null; reason: string | null }>(
  rows: readonly T[],
): Array<{ key: string; stage: string | null; reason: string | null; rows: T[] }> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = `${row.failed_stage ?? ''}\n${row.reason ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups]
    .map(([key, members]) => ({
      key,
      stage: members[0]?.failed_stage ?? null,
      reason: members[0]?.reason ?? null,
      rows: members,
    }))
    .sort((a, b) => b.rows.length - a.rows.length);
}
