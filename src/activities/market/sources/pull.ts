import type { MarketSource, ResoSource } from '../../../config/market-sources.ts';
import { listingsOf, putPull, readPull, removeListings } from '../../../db/queries/market-pulls.ts';
import { readTenant } from '../../../db/queries/tenants.ts';
import { type TenantTrx, withSystem, withTenant } from '../../../db/tenant.ts';
import { ReosError } from '../../../domain/errors.ts';
import type { HttpClient } from '../../../http/types.ts';
import type { ActivityDeps } from '../../deps.ts';
import { startHeartbeat } from '../../platform/heartbeat.ts';
import { loadTable, type MarketLoadDeps } from '../load.ts';
import { type SourcePage, tableOfPage } from './page.ts';
import { resoReader } from './reso-pages.ts';
import { sqlPages } from './sql-pages.ts';

/** The sources of an installation, and the client that trusts them. */
export interface MarketSources {
  list: readonly MarketSource[];
  http: HttpClient;
}

/** What a pull brought. */
export interface PullResult {
  source: string;
  pages: number;
  rows: number;
  kept: number;
  rejected: number;
  removed: number;
  /** Why it ended before the end; null when it did not. */
  problem: string | null;
}

/** Of fewer rows no share says anything: refused ones are kept aside, and the pull goes on. */
const FEW_ROWS = 200;
/** More of the kept listings than this are not removed at once: an MLS that shows nothing may just be broken. */
const MOST_REMOVED = { share: 0.2, least: 50 };

/**
 * Pulls what a source has new, page by page: rows, withdrawals and how far it was read are one transaction each. A page of
 * which the gate refuses too much is not taken, and the pull ends there, until somebody looks or the source is mended.
 * @throws ReosError `transient` when the source or the database do not answer: the next pull goes on from the last page
 */
export async function pullSource(
  deps: MarketLoadDeps & { http: HttpClient },
  tenantId: string,
  source: MarketSource,
  onPage: (result: PullResult) => void = () => undefined,
): Promise<PullResult> {
  const { cursor, reconciledAt } = await withTenant(deps.db, tenantId, (trx) => readPull(trx, source.name));
  const result: PullResult = {
    source: source.name,
    pages: 0,
    rows: 0,
    kept: 0,
    rejected: 0,
    removed: 0,
    problem: null,
  };
  const pages = source.kind === 'sql' ? sqlPages(source, cursor) : resoReader(deps.http, source).changes(cursor);
  for await (const page of pages) {
    await keepPage(deps, tenantId, source, page, result);
    if (result.problem !== null) return result;
    result.pages += 1;
    onPage(result);
  }
  if (source.kind === 'reso' && isReconcileDue(source, reconciledAt, deps.clock())) {
    await reconcile(deps, tenantId, source, result);
  }
  return result;
}

async function keepPage(
  deps: MarketLoadDeps,
  tenantId: string,
  source: MarketSource,
  page: SourcePage,
  result: PullResult,
): Promise<void> {
  const pulledAt = deps.clock();
  const moved = page.cursor === null ? { pulledAt } : { pulledAt, cursor: page.cursor };
  const settle = async (trx: TenantTrx) => {
    result.removed += await removeListings(trx, page.removed);
    await putPull(trx, source.name, moved);
  };
  if (page.rows.length === 0) {
    await withTenant(deps.db, tenantId, settle);
    return;
  }
  const isSmall = page.rows.length < FEW_ROWS;
  const feed = source.kind === 'sql' ? source.feed : 'mls_listings';
  const limits = isSmall ? { maxRejectedShare: 1, maxFutureShare: 1 } : {};
  const request = { tenantId, name: source.name, feed, limits };
  const loaded = await loadTable(deps, request, tableOfPage(source.name, page), async (trx, { status }) => {
    if (status === 'success' || isSmall) await settle(trx);
  });
  result.rows += loaded.rows_read;
  result.kept += loaded.inserted + loaded.changed;
  result.rejected += loaded.rows_rejected;
  if (loaded.status === 'failed' && !isSmall) result.problem = loaded.message;
}

const isReconcileDue = ({ reconcile_hours: hours }: ResoSource, last: Date | null, now: Date) =>
  hours > 0 && (last === null || now.getTime() - last.getTime() >= hours * 3_600_000);

/** Removes the listings that the source brought and does not show any more. */
async function reconcile(
  deps: MarketLoadDeps & { http: HttpClient },
  tenantId: string,
  source: ResoSource,
  result: PullResult,
): Promise<void> {
  const shown = new Set<string>();
  for await (const keys of resoReader(deps.http, source).keys()) for (const key of keys) shown.add(key);
  const reconciledAt = deps.clock();
  await withTenant(deps.db, tenantId, async (trx) => {
    const known = await listingsOf(trx, source.name);
    const gone = known.filter((id) => !shown.has(id));
    if (gone.length > Math.max(MOST_REMOVED.least, known.length * MOST_REMOVED.share)) {
      result.problem = `${gone.length} of ${known.length} listings are not shown any more: too many to remove them by themselves.`;
      return;
    }
    result.removed += await removeListings(trx, gone);
    await putPull(trx, source.name, { reconciledAt });
  });
}

/** Pulling from the sources of MARKET_SOURCES. */
export function createPullActivities(deps: Pick<ActivityDeps, 'db' | 'clock' | 'logger' | 'marketSources'>) {
  return {
    /**
     * Pulls every source of one tenant; one that fails keeps no other from its pull.
     * @throws ReosError of the first that failed, when all have been tried
     */
    async pullMarketSources({ tenantId }: { tenantId: string }): Promise<PullResult[]> {
      const { marketSources } = deps;
      if (marketSources === undefined || marketSources.list.length === 0) return [];
      const tenant = await withSystem(deps.db, 'a source names its tenant', (trx) => readTenant(trx, tenantId));
      const heart = startHeartbeat();
      const results: PullResult[] = [];
      let failed: unknown;
      try {
        for (const source of marketSources.list.filter((one) => one.tenant === tenant?.slug)) {
          try {
            const parts = { db: deps.db, clock: deps.clock, http: marketSources.http };
            const result = await pullSource(parts, tenantId, source, (so) => heart.beat(so));
            results.push(result);
            if (result.problem !== null) {
              failed ??= new ReosError('validation', `${source.name}: ${result.problem}`, {
                details: { source: source.name },
              });
            }
          } catch (error) {
            deps.logger.warn({ err: error, source: source.name }, 'a market source could not be pulled');
            failed ??= error;
          }
        }
      } finally {
        heart.stop();
      }
      if (failed !== undefined) throw failed;
      return results;
    },
  };
}
