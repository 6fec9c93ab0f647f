import type { Logger } from 'pino';
import type { Database } from '../../db/connect.ts';
import { addRequests } from '../../db/queries/usage.ts';
import { withSystem } from '../../db/tenant.ts';

/** Counts requests by tenant in memory, and adds them to the month's rows every few seconds in one statement. */
export interface RequestMeter {
  count(tenantId: string): void;
  /** Writes what was counted. What cannot be written is kept for the next time. */
  flush(): Promise<void>;
  /** Writes the rest and ends. */
  stop(): Promise<void>;
}

/** @param deps.flushMs pause between two writes, ms; default 5,000. What a process loses by a crash is no older. */
export function startRequestMeter(deps: {
  db: Database;
  logger: Logger;
  clock: () => Date;
  flushMs?: number;
}): RequestMeter {
  let counts = new Map<string, number>();
  let writing: Promise<void> = Promise.resolve();
  const add = (tenantId: string, amount: number) => {
    counts.set(tenantId, (counts.get(tenantId) ?? 0) + amount);
  };
  const write = async () => {
    if (counts.size === 0) return;
    const taken = counts;
    counts = new Map();
    try {
      await withSystem(deps.db, 'requests are counted for many tenants at once', (trx) =>
        addRequests(trx, taken, deps.clock()),
      );
    } catch (error) {
      for (const [tenantId, amount] of taken) add(tenantId, amount);
      deps.logger.warn({ err: error }, 'requests were not written to the usage of their tenants; it is tried again');
    }
  };
  const flush = () => {
    writing = writing.then(write);
    return writing;
  };
  const timer = setInterval(() => void flush(), deps.flushMs ?? 5_000);
  timer.unref();
  return {
    count: (tenantId) => add(tenantId, 1),
    flush,
    stop: () => {
      clearInterval(timer);
      return flush();
    },
  };
}
