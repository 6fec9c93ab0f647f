import { foldMarketChanges } from '../../db/queries/market-changes.ts';
import { refreshDeals } from '../../db/queries/market-deals.ts';
import { refreshWeeks } from '../../db/queries/market-refresh.ts';
import { withTenant } from '../../db/tenant.ts';
import type { ActivityDeps } from '../deps.ts';
import { startHeartbeat } from '../platform/heartbeat.ts';

/** Weeks computed in one transaction: short enough for whoever reads and writes beside it. */
export const WEEKS_PER_ROUND = 500;

/** What a refresh computed. */
export interface Refreshed {
  /** Rows of mart.market_metrics. */
  weeks: number;
  /** Rows of mart.deal_pl. */
  homes: number;
  /** False: stale rows are left for another round, or another refresh is at work. */
  isDone: boolean;
}

/** One round for a tenant: the oldest stale weeks and homes, each in a transaction of its own. */
export async function refreshRound(
  { db }: Pick<ActivityDeps, 'db'>,
  tenantId: string,
  weeksAtMost = WEEKS_PER_ROUND,
): Promise<Refreshed> {
  const { weeks, marks } = await withTenant(db, tenantId, (trx) => refreshWeeks(trx, weeksAtMost));
  const homes = await withTenant(db, tenantId, (trx) => refreshDeals(trx));
  await withTenant(db, tenantId, (trx) => foldMarketChanges(trx));
  return { weeks, homes: homes.homes, isDone: marks === 0 && homes.marks === 0 };
}

/** Computing the marts from the raw feeds. */
export function createMarketRefreshActivities(deps: Pick<ActivityDeps, 'db'>) {
  return {
    /** Works off everything that is stale. Again after an interruption it goes on where it was: marks go with their weeks. */
    refreshMarts: async ({ tenantId }: { tenantId: string }): Promise<{ weeks: number; homes: number }> => {
      const heart = startHeartbeat();
      const total = { weeks: 0, homes: 0 };
      try {
        for (;;) {
          const { weeks, homes, isDone } = await refreshRound(deps, tenantId);
          total.weeks += weeks;
          total.homes += homes;
          if (isDone) return total;
          heart.beat(total);
        }
      } finally {
        heart.stop();
      }
    },
  };
}
