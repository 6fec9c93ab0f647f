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
  signal?: AbortSignal;
  onProgress?: (progress: BulkProgress) => void;
  /** Seconds to wait when an error says that the server has had enough; null: the error counts. */
  waitSeconds?: (error: unknown) => number | null;
  sleep?: (ms: number) => Promise<void>;
}

const MOST_WAITS = 5;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Does one thing to each id, some at once. One that fails does not end the others; a cancel begins no further one. */
export async function runBulk(
  ids: readonly string[],
  work: (id: string) => Promise<unknown>,
  { width = 4, signal, onProgress, waitSeconds = () => null, sleep = pause }: BulkOptions = {},
): Promise<BulkResult> {
  const failures: BulkFailure[] = [];
  const succeeded: string[] = [];
  let next = 0;
  const doOne = async (id: string) => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await work(id);
        succeeded.push(id);
        return;
      } catch (error) {
        const seconds = attempt < MOST_WAITS && !signal?.aborted ? waitSeconds(error) : null;
        if (seconds === null) {
          failures.push({ id, error });
          return;
        }
        await sleep(seconds * 1_000);
      }
    }
  };
  const walk = async () => {
    while (next < ids.length && !signal?.aborted) {
      const id = ids[next]!;
      next += 1;
      await doOne(id);
      onProgress?.({ done: succeeded.length + failures.length, total: ids.length, failures: [...failures] });
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, ids.length) }, walk));
  const done = succeeded.length + failures.length;
  return { done, total: ids.length, failures, succeeded, left: ids.slice(next) };
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
