import { readProperties } from '../../db/queries/properties.ts';
import {
  type BatchScore,
  countiesOf,
  countToRescore,
  listToRescore,
  newestHashes,
  noteRunProgress,
  type RescoreFilter,
  saveScores,
} from '../../db/queries/rescore.ts';
import { salesAroundCounty } from '../../db/queries/rescore-sales.ts';
import { newestSaleDate } from '../../db/queries/scores.ts';
import { recordWeights, weightsHash } from '../../db/queries/scoring-weights.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { closestMarketDate } from '../../domain/comparables.ts';
import type { ScoreInput } from '../../domain/scoring/feature.ts';
import { scoreProperty } from '../../domain/scoring/score.ts';
import type { ActivityDeps } from '../deps.ts';
import { startHeartbeat } from '../platform/heartbeat.ts';
import { createBulkComparables } from './bulk-comparables.ts';
import { createSalesIndex } from './sales-index.ts';
import { inputsHashOf, marketOf } from './score-inputs.ts';
import type { Valuers } from './valuers.ts';

type Deps = Pick<ActivityDeps, 'db' | 'clock' | 'counties' | 'scoring'> & Valuers;

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
/** Comparables kept with a score below the memo threshold: those that say most. A memo shows all of them. */
const KEPT_COMPARABLES = 3;

/** Scoring many properties again: set-based, with the county's sales in memory. */
export function createRescoreActivities(deps: Deps) {
  const markets = new Map<string, Promise<CountyMarketData>>();
  return {
    /** What there is to do, county by county. Refuses weights whose version was used with other content. */
    planRescore: (run: RescoreRun & { county?: string }): Promise<CountyPlan[]> =>
      withTenant(deps.db, run.tenantId, async (trx) => {
        await recordWeights(trx, deps.scoring);
        const wanted = run.county === undefined ? await countiesOf(trx) : [deps.counties.find(run.county).fips];
        const plans: CountyPlan[] = [];
        for (const countyFips of wanted) {
          if (deps.counties.byFips(countyFips) === undefined) continue;
          const total = await countToRescore(trx, filterOf(deps, run, countyFips));
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
        const ids = await withTenant(deps.db, slice.tenantId, (trx) =>
          listToRescore(trx, filterOf(deps, slice, slice.countyFips), slice),
        );
        const market = await marketData(deps, markets, slice);
        let changed = 0;
        const batches = Array.from({ length: Math.ceil(ids.length / BATCH) }, (_, n) =>
          ids.slice(n * BATCH, (n + 1) * BATCH),
        );
        const lane = async (): Promise<void> => {
          for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
            const part = batch;
            const written = await withTenant(deps.db, slice.tenantId, (trx) =>
              rescoreBatch(deps, trx, market, part, slice.dagRunId),
            );
            changed += written;
            heartbeat.beat({ left: batches.length });
          }
        };
        await Promise.all(Array.from({ length: LANES }, lane));
        const done = slice.done + ids.length;
        await withTenant(deps.db, slice.tenantId, (trx) => noteRunProgress(trx, { ...slice, done }));
        const isLast = ids.length < slice.limit;
        if (isLast) markets.delete(keyOf(slice));
        return { scored: ids.length, changed, after: ids.at(-1) ?? slice.after, isLast };
      } finally {
        heartbeat.stop();
      }
    },
  };
}

/** The date that holds for a county and the choice of comparables among its sales. */
export interface CountyMarketData {
  asOf: string;
  compare: ReturnType<typeof createBulkComparables>;
}

/** Loads a county's sales. */
export async function loadMarket(
  deps: Pick<Deps, 'clock' | 'counties'>,
  trx: TenantTrx,
  countyFips: string,
): Promise<CountyMarketData> {
  const newest = await newestSaleDate(trx, countyFips);
  const { asOf } = closestMarketDate(newest, deps.clock().toISOString());
  const index = createSalesIndex(await salesAroundCounty(trx, countyFips, asOf));
  const trend = deps.counties.find(countyFips).scoring.appreciation_annual;
  return { asOf, compare: createBulkComparables(index, asOf, trend) };
}

/**
 * Scores properties of one county in one transaction: reads them locked, values them, scores, writes.
 * @returns how many got a new score; the others came out of the very same inputs as their newest one
 */
export async function rescoreBatch(
  deps: Pick<Deps, 'counties' | 'scoring' | 'valueBatch'>,
  trx: TenantTrx,
  market: CountyMarketData,
  ids: readonly string[],
  correlationId: string,
): Promise<number> {
  const found = await readProperties(trx, ids, { lock: true });
  const properties = [...found.values()];
  const hashes = await newestHashes(trx, ids);
  const values = deps.valueBatch === undefined ? undefined : await deps.valueBatch(trx, properties, market.asOf);
  const weights = weightsHash(deps.scoring);
  const scores = properties.map((property): BatchScore => {
    const comparables = market.compare(property);
    const county = marketOf(deps.counties, property);
    const input: ScoreInput = {
      property,
      comparables,
      county,
      asOf: market.asOf,
      avm: values?.get(property.id) ?? null,
    };
    const inputsHash = inputsHashOf(input, weights);
    const result = scoreProperty(input, deps.scoring);
    const kept = result.birdDogScore >= deps.scoring.thresholds.memo ? comparables.chosen.length : KEPT_COMPARABLES;
    return {
      propertyId: property.id,
      inputsHash,
      isNew: hashes.get(property.id) !== inputsHash,
      result,
      comparables: comparables.chosen.slice(0, kept),
    };
  });
  await saveScores(trx, scores, correlationId);
  return scores.filter(({ isNew }) => isNew).length;
}

const keyOf = (slice: { dagRunId: string; countyFips: string }) => `${slice.dagRunId}/${slice.countyFips}`;

/** The county's sales as this run first saw them; only the newest county is kept. */
function marketData(
  deps: Deps,
  markets: Map<string, Promise<CountyMarketData>>,
  slice: RescoreRun & { countyFips: string },
): Promise<CountyMarketData> {
  const key = keyOf(slice);
  const known = markets.get(key);
  if (known !== undefined) return known;
  const loading = withTenant(deps.db, slice.tenantId, (trx) => loadMarket(deps, trx, slice.countyFips));
  markets.clear();
  markets.set(key, loading);
  loading.catch(() => markets.delete(key));
  return loading;
}

function filterOf(deps: Deps, run: { mode: RescoreFilter['mode'] }, countyFips: string): RescoreFilter {
  const market = deps.counties.byFips(countyFips)?.slug ?? countyFips;
  return { countyFips, mode: run.mode, weightsVersion: deps.scoring.version, market };
}
