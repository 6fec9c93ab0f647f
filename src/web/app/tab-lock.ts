/** What all tabs of a browser share, by key. */
export interface SharedStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** A tab that dies while it holds the lock holds it this long. */
const LEASE_MS = 15_000;
const SETTLE_MS = 60;

/**
 * One tab at a time, where the browser has no Web Locks: pages served over plain http from another machine. A tab writes
 * its mark, waits until a rival's would be seen, and works when the mark is still its own.
 */
export async function withLease<T>(
  storage: SharedStorage,
  key: string,
  work: () => Promise<T>,
  sleep: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  now: () => number = Date.now,
): Promise<T> {
  const mark = Math.random().toString(36).slice(2);
  const holder = () => storage.getItem(key)?.split(' ')[0];
  const isTaken = () => Number(storage.getItem(key)?.split(' ')[1] ?? 0) > now();
  for (;;) {
    if (!isTaken()) {
      storage.setItem(key, `${mark} ${now() + LEASE_MS}`);
      await sleep(SETTLE_MS);
      if (holder() === mark) break;
    }
    await sleep(SETTLE_MS + Math.random() * SETTLE_MS);
  }
  try {
    return await work();
  } finally {
    if (holder() === mark) storage.removeItem(key);
  }
}
