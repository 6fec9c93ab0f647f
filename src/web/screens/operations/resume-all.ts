/** How far a row of orders has come. */
export interface Progress {
  done: number;
  failed: number;
  total: number;
  /** The first that failed, in words; null without one. */
  firstError: string | null;
}

const AT_ONCE = 4;

/**
 * Gives an order for each id, a few at once, and goes on after one that fails. Stops early when the signal is aborted.
 * @param onProgress told after each
 */
export async function orderEach(
  ids: readonly string[],
  order: (id: string) => Promise<unknown>,
  onProgress: (progress: Progress) => void,
  { signal, wordsOf }: { signal?: AbortSignal; wordsOf: (error: unknown) => string },
): Promise<Progress> {
  let progress: Progress = { done: 0, failed: 0, total: ids.length, firstError: null };
  let next = 0;
  const work = async () => {
    while (next < ids.length && signal?.aborted !== true) {
      const id = ids[next] as string;
      next += 1;
      try {
        await order(id);
        progress = { ...progress, done: progress.done + 1 };
      } catch (error) {
        const firstError = progress.firstError ?? wordsOf(error);
        progress = { ...progress, failed: progress.failed + 1, firstError };
      }
      onProgress(progress);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, work));
  return progress;
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
