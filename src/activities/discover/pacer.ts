import type { PaceLimits, Pacer } from './source.ts';

interface HostTurn {
  running: number;
  /** Milliseconds (of `now`) before which no request starts. */
  nextAt: number;
  waiting: Array<() => void>;
}

/**
 * A pacer for one process: per host, requests start at least 1/requestsPerSecond apart and at most `concurrency` run.
 * @param now milliseconds; @param sleep waits that many milliseconds (tests pass their own)
 */
export function createPacer(
  now: () => number = Date.now,
  sleep: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
): Pacer {
  const hosts = new Map<string, HostTurn>();
  return {
    async run<T>(host: string, limits: PaceLimits, task: () => Promise<T>): Promise<T> {
      const turn = hosts.get(host) ?? { running: 0, nextAt: 0, waiting: [] };
      hosts.set(host, turn);
      while (turn.running >= limits.concurrency) await new Promise<void>((go) => turn.waiting.push(go));
      turn.running += 1;
      try {
        const wait = turn.nextAt - now();
        turn.nextAt = Math.max(now(), turn.nextAt) + 1000 / limits.requestsPerSecond;
        if (wait > 0) await sleep(wait);
        return await task();
      } finally {
        turn.running -= 1;
        turn.waiting.shift()?.();
      }
    },
  };
}
