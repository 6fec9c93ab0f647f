import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { refreshRound, WEEKS_PER_ROUND } from '../activities/market/refresh.ts';
import type { Database } from '../db/connect.ts';
import { foldMarketChanges } from '../db/queries/market-changes.ts';
import { listStaleTenants } from '../db/queries/market-feeds.ts';
import { beginLook, endLook, listUnseenMarts } from '../db/queries/market-looks.ts';
import { withSystem, withTenant } from '../db/tenant.ts';

export interface MarketRefresherDeps {
  db: Database;
  logger: Logger;
  /** Pause between two looks, ms; default 2,000. After a long round as long as it took, up to ten seconds. */
  pollMs?: number;
  /**
   * Looks at a tenant whose marts changed, whoever changed them and whenever: a refresh from its feeds, a load of published
   * figures, while nobody was here. Every 45 seconds at most; where it fails it is asked again.
   */
  afterRefresh?: ((tenantId: string, now: Date) => Promise<unknown>) | undefined;
}

const LONGEST_PAUSE_MS = 10_000;
/** With the look itself, less than a minute from a change to its alert. */
const LOOK_EVERY_MS = 45_000;
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
  const memory: Memory = { weeks: new Map() };
  while (!stopping.aborted) {
    const start = performance.now();
    try {
      const tenants = await withSystem(deps.db, 'tenants whose marts are stale', listStaleTenants);
      for (const tenantId of tenants) {
        if (stopping.aborted) break;
        await refreshOne(deps, tenantId, memory);
      }
      if (!stopping.aborted) await lookAtChanges(deps);
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
}

/** Rounds of one tenant for a second: then it is another's turn. */
async function refreshOne(deps: MarketRefresherDeps, tenantId: string, memory: Memory): Promise<void> {
  const until = performance.now() + 1_000;
  const weeksAtMost = memory.weeks.get(tenantId) ?? WEEKS_PER_ROUND;
  try {
    do {
      const { isDone } = await refreshRound(deps, tenantId, weeksAtMost);
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

/** Has every tenant looked at whose marts changed since the last look that ended well: that is in the database, so nothing is missed. */
async function lookAtChanges({ db, logger, afterRefresh }: MarketRefresherDeps): Promise<void> {
  if (afterRefresh === undefined) return;
  const unseen = await withSystem(db, 'tenants whose marts changed since they were looked at', (trx) =>
    listUnseenMarts(trx, new Date(), LOOK_EVERY_MS),
  );
  for (const tenantId of unseen) {
    const now = new Date();
    const state = await withTenant(db, tenantId, async (trx) => {
      await foldMarketChanges(trx);
      return beginLook(trx, now);
    });
    if (state === null) continue;
    let seen: string | null = state;
    try {
      await afterRefresh(tenantId, now);
    } catch (error) {
      seen = null;
      logger.warn({ err: error, tenantId }, 'the changed marts could not be looked at; it is tried again');
    }
    await withTenant(db, tenantId, (trx) => endLook(trx, seen, new Date()));
  }
}

async function pause(ms: number, stopping: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: stopping });
  } catch (error) {
    if (!stopping.aborted) throw error;
  }
}
