/** Runs work, but no more than so many at a time; the rest waits in the order it came. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/** A gate that lets `limit` (at least 1) works run at the same time. */
export function createGate(limit: number): Gate {
  const waiting: Array<() => void> = [];
  let free = Math.max(1, Math.trunc(limit));
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
