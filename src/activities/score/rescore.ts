import { scoringOf } from '../../db/queries/own-weights.ts';
import {
  countiesOf,
  countToRescore,
  listToRescore,
  noteRunProgress,
  type RescoreFilter,
} from '../../db/queries/rescore.ts';
import { recordWeights } from '../../db/queries/scoring-weights.ts';
import { withTenant } from '../../db/tenant.ts';
import type { ScoringConfig } from '../../domain/scoring/config.ts';
import type { ActivityDeps } from '../deps.ts';
import { startHeartbeat } from '../platform/heartbeat.ts';
import { createBatchScorer, marketDate } from './rescore-batch.ts';
import type { Valuers } from './valuers.ts';

type Deps = Pick<ActivityDeps, 'db' | 'clock' | 'counties' | 'scoring' | 'rescoreHelpers'> & Valuers;

/** A run of re-scoring: its journal entry and what it is about. */
export interface RescoreRun {
  tenantId: string;
  dagId: string;
  dagRunId: string;
  mode: 'all' | 'outdated';
}

/** A county's part of a run. */
export interface CountyPlan {
  countyFips: string;
  total: number;
}

/** What a slice did: properties looked at, written anew, the last id; `isLast` when the county is done. */
export interface RescoredSlice {
  scored: number;
  changed: number;
  after: string | null;
  isLast: boolean;
}

/** Properties in one transaction: few enough that no lifecycle waits long for its row. */
const BATCH = 500;
/** Batches at work at once: one is reckoned while another is read or written. */
const LANES = 2;
/** Ids read at once: the next ones are looked up while these are scored. Each look-up passes over the county's sales. */
const PAGE = 2_500;
/** A county's part of a run from which on other processes help: below, their start would cost more than they save. */
const HELP_FROM = 2_000;

/** Scoring many properties again: set-based, with the county's sales in memory. */
export function createRescoreActivities(deps: Deps) {
  const scorer = createBatchScorer(deps.db);
  const dates = new Map<string, string>();
  return {
    /** What there is to do, county by county. Refuses weights whose version was used with other content. */
    planRescore: (run: RescoreRun & { county?: string }): Promise<CountyPlan[]> =>
      withTenant(deps.db, run.tenantId, async (trx) => {
        const scoring = await scoringOf(trx, deps.scoring);
        await recordWeights(trx, scoring);
        const wanted = run.county === undefined ? await countiesOf(trx) : [deps.counties.find(run.county).fips];
        const plans: CountyPlan[] = [];
        for (const countyFips of wanted) {
          if (deps.counties.byFips(countyFips) === undefined) continue;
          const total = await countToRescore(trx, filterOf(deps, run, countyFips, scoring));
          if (total > 0) plans.push({ countyFips, total });
        }
        return plans;
      }),

    /**
     * Scores the next properties of a county. Repeating it after a crash is harmless: what was written is found unchanged.
     * @returns how many were looked at and written anew, and the last id; `isLast` when the county is done
     */
    rescoreSlice: async (
      slice: RescoreRun & { countyFips: string; after: string | null; limit: number; total: number; done: number },
    ): Promise<RescoredSlice> => {
      const heartbeat = startHeartbeat();
      try {
        const asOf = await dateOf(slice);
        const helpers = slice.total >= HELP_FROM ? deps.rescoreHelpers : undefined;
        const batches = batchesOf(deps, slice);
        let [scored, changed] = [0, 0];
        let { after } = slice;
        const lane = async (): Promise<void> => {
          for (let next = await batches.next(); next.done !== true; next = await batches.next()) {
            const ids = next.value;
            scored += ids.length;
            after = ids.at(-1) ?? after;
            const batch = { ...slice, asOf, ids };
            const written = await (helpers ?? scorer).run(deps, batch);
            changed += written;
            heartbeat.beat({ scored });
          }
        };
        await settleAll(Array.from({ length: helpers?.lanes ?? LANES }, lane));
        const done = slice.done + scored;
        await withTenant(deps.db, slice.tenantId, (trx) => noteRunProgress(trx, { ...slice, done }));
        const isLast = scored < slice.limit;
        if (isLast) {
          scorer.forget(slice);
          dates.delete(keyOf(slice));
        }
        return { scored, changed, after, isLast };
      } finally {
        heartbeat.stop();
      }
    },
  };

  /** The date of a county's scores in this run, asked once: a run that goes on past midnight keeps it. */
  async function dateOf(slice: { tenantId: string; dagRunId: string; countyFips: string }): Promise<string> {
    const known = dates.get(keyOf(slice));
    if (known !== undefined) return known;
    const asOf = await withTenant(deps.db, slice.tenantId, (trx) => marketDate(deps.clock, trx, slice.countyFips));
    dates.clear();
    dates.set(keyOf(slice), asOf);
    return asOf;
  }
}

const keyOf = (slice: { dagRunId: string; countyFips: string }) => `${slice.dagRunId}/${slice.countyFips}`;

/** The slice's ids in order, a batch at a time; the next page is on its way while the last one is scored. */
async function* batchesOf(
  deps: Deps,
  slice: RescoreRun & { countyFips: string; after: string | null; limit: number },
): AsyncGenerator<readonly string[]> {
  const pageFrom = (after: string | null, limit: number): Promise<string[]> =>
    withTenant(deps.db, slice.tenantId, async (trx) => {
      const filter = filterOf(deps, slice, slice.countyFips, await scoringOf(trx, deps.scoring));
      return listToRescore(trx, filter, { after, limit });
    });
  let ids = await pageFrom(slice.after, Math.min(PAGE, slice.limit));
  for (let left = slice.limit - ids.length; ids.length > 0; left -= ids.length) {
    const isMore = left > 0 && ids.length === PAGE;
    const coming = isMore ? pageFrom(ids.at(-1) ?? null, Math.min(PAGE, left)) : Promise.resolve([]);
    // Should a batch fail first, nobody waits for this any more.
    coming.catch(() => undefined);
    for (let at = 0; at < ids.length; at += BATCH) yield ids.slice(at, at + BATCH);
    ids = await coming;
  }
}

/** Waits for all, and then fails with the first that failed: none goes on by itself behind the caller's back. */
async function settleAll(lanes: ReadonlyArray<Promise<void>>): Promise<void> {
  const failed = (await Promise.allSettled(lanes)).find((lane) => lane.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function filterOf(
  deps: Deps,
  run: { mode: RescoreFilter['mode'] },
  countyFips: string,
  scoring: ScoringConfig,
): RescoreFilter {
  const market = deps.counties.byFips(countyFips)?.slug ?? countyFips;
  return { countyFips, mode: run.mode, weightsVersion: scoring.version, market };
}
