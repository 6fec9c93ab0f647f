import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { refreshRound, WEEKS_PER_ROUND } from '../activities/market/refresh.ts';
import type { Database } from '../db/connect.ts';
import { listStaleTenants } from '../db/queries/market-feeds.ts';
import { withSystem } from '../db/tenant.ts';

export interface MarketRefresherDeps {
  db: Database;
  logger: Logger;
  /** Pause between two looks, ms; default 2,000. After a long round as long as it took, up to ten seconds. */
  pollMs?: number;
  /** Told of a tenant whose marts are up to date again, once a minute at most. Its failure is logged. */
  afterRefresh?: ((tenantId: string, now: Date) => Promise<unknown>) | undefined;
}

const LONGEST_PAUSE_MS = 10_000;
const TELL_EVERY_MS = 60_000;
const FEWEST_WEEKS = 10;

/**
 * Brings what the feeds tell into the marts, within seconds: tenant after tenant one round, until nothing is stale. What is
 * stale is in the database, so it may end at any time, and several may run: each tenant has one refresh at a time.
 */
export function startMarketRefresher(deps: MarketRefresherDeps): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const done = run(deps, stopping.signal);
  return {
    stop: () => {
      stopping.abort();
      return done;
    },
  };
}

async function run(deps: MarketRefresherDeps, stopping: AbortSignal): Promise<void> {
  const pollMs = deps.pollMs ?? 2_000;
  const memory = { weeks: new Map<string, number>(), fresh: new Set<string>(), toldAt: new Map<string, number>() };
  while (!stopping.aborted) {
    const start = performance.now();
    try {
      const tenants = await withSystem(deps.db, 'tenants whose marts are stale', listStaleTenants);
      for (const tenantId of tenants) {
        if (stopping.aborted) break;
        await refreshOne(deps, tenantId, memory);
      }
      await tell(deps, memory);
    } catch (error) {
      deps.logger.warn({ err: error }, 'what is stale in the marts could not be read; it is tried again');
    }
    const tookMs = performance.now() - start;
    await pause(Math.min(Math.max(pollMs, tookMs), LONGEST_PAUSE_MS), stopping);
  }
}

interface Memory {
  /** Weeks at a time, where the usual number took too long. */
  weeks: Map<string, number>;
  /** Tenants that were refreshed and nobody was told of. */
  fresh: Set<string>;
  toldAt: Map<string, number>;
}

/** Rounds of one tenant for a second: then it is another's turn. */
async function refreshOne(deps: MarketRefresherDeps, tenantId: string, memory: Memory): Promise<void> {
  const until = performance.now() + 1_000;
  const weeksAtMost = memory.weeks.get(tenantId) ?? WEEKS_PER_ROUND;
  try {
    do {
      const { weeks, homes, isDone } = await refreshRound(deps, tenantId, weeksAtMost);
      if (weeks + homes > 0) memory.fresh.add(tenantId);
      if (isDone) break;
    } while (performance.now() < until);
    memory.weeks.delete(tenantId);
  } catch (error) {
    const fewer = Math.max(FEWEST_WEEKS, Math.floor(weeksAtMost / 4));
    memory.weeks.set(tenantId, fewer);
    deps.logger.warn(
      { err: error, tenantId, weeks: fewer },
      'the marts were not refreshed; it is tried with fewer weeks',
    );
  }
}

async function tell(deps: MarketRefresherDeps, memory: Memory): Promise<void> {
  if (deps.afterRefresh === undefined) return;
  const now = new Date();
  for (const tenantId of memory.fresh) {
    if (now.getTime() - (memory.toldAt.get(tenantId) ?? 0) < TELL_EVERY_MS) continue;
    memory.fresh.delete(tenantId);
    memory.toldAt.set(tenantId, now.getTime());
    try {
      await deps.afterRefresh(tenantId, now);
    } catch (error) {
      deps.logger.warn({ err: error, tenantId }, 'the refreshed marts could not be looked at');
    }
  }
}

async function pause(ms: number, stopping: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: stopping });
  } catch (error) {
    if (!stopping.aborted) throw error;
  }
}
