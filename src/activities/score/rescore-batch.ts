import type { Database } from '../../db/connect.ts';
import { scoringOf } from '../../db/queries/own-weights.ts';
import { readProperties } from '../../db/queries/properties.ts';
import { addScore, createScoreSheet, newestHashes, saveScores } from '../../db/queries/rescore.ts';
import { salesAroundCounty } from '../../db/queries/rescore-sales.ts';
import { newestSaleDate } from '../../db/queries/scores.ts';
import { recordWeights, weightsHash } from '../../db/queries/scoring-weights.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { closestMarketDate } from '../../domain/comparables.ts';
import { briefDocuments } from '../../domain/scoring/documents.ts';
import type { ScoreInput } from '../../domain/scoring/feature.ts';
import { keepInputs } from '../../domain/scoring/kept-inputs.ts';
import { reckonScore } from '../../domain/scoring/score.ts';
import type { ActivityDeps } from '../deps.ts';
import { createBulkComparables } from './bulk-comparables.ts';
import { createSalesIndex } from './sales-index.ts';
import { marketOf } from './score-inputs.ts';
import type { Valuers } from './valuers.ts';

type Deps = Pick<ActivityDeps, 'counties' | 'scoring'> & Pick<Valuers, 'valueBatch'>;

/** Reasons that an event names and a list shows; the others are worked out when somebody asks. */
const STRONGEST = 3;

/** Properties of one county that are scored in one transaction. */
export interface RescoreBatch {
  tenantId: string;
  dagRunId: string;
  countyFips: string;
  /** The date the scores are meant for, the same through a run. */
  asOf: string;
  ids: readonly string[];
}

/** Scores batches, each in its own transaction; the county's sales are read once per run. */
export function createBatchScorer(db: Database) {
  const markets = new Map<string, Promise<CountyMarketData>>();
  return {
    /** @returns how many properties got a new score */
    async run(deps: Deps, batch: RescoreBatch): Promise<number> {
      const market = await marketOfRun(deps, batch);
      return withTenant(db, batch.tenantId, (trx) => rescoreBatch(deps, trx, market, batch.ids, batch.dagRunId));
    },
    /** Forgets the sales of a county that is done. */
    forget(batch: Pick<RescoreBatch, 'dagRunId' | 'countyFips'>): void {
      markets.delete(keyOf(batch));
    },
  };

  /** The county's sales as this run first saw them; only the newest county is kept. */
  function marketOfRun(deps: Deps, batch: RescoreBatch): Promise<CountyMarketData> {
    const key = keyOf(batch);
    const known = markets.get(key);
    if (known !== undefined) return known;
    const loading = withTenant(db, batch.tenantId, (trx) => loadMarket(deps, trx, batch.countyFips, batch.asOf));
    markets.clear();
    markets.set(key, loading);
    loading.catch(() => markets.delete(key));
    return loading;
  }
}

const keyOf = (batch: { dagRunId: string; countyFips: string }) => `${batch.dagRunId}/${batch.countyFips}`;

/** The date of a county's scores: today, or the day after its newest sale when that is long ago. */
export async function marketDate(clock: () => Date, trx: TenantTrx, countyFips: string): Promise<string> {
  return closestMarketDate(await newestSaleDate(trx, countyFips), clock().toISOString()).asOf;
}

/** The date that holds for a county and the choice of comparables among its sales. */
export interface CountyMarketData {
  asOf: string;
  compare: ReturnType<typeof createBulkComparables>;
}

/** Loads a county's sales. */
export async function loadMarket(
  deps: Pick<Deps, 'counties'>,
  trx: TenantTrx,
  countyFips: string,
  asOf: string,
): Promise<CountyMarketData> {
  const index = createSalesIndex(await salesAroundCounty(trx, countyFips, asOf));
  const trend = deps.counties.find(countyFips).scoring.appreciation_annual;
  return { asOf, compare: createBulkComparables(index, asOf, trend) };
}

/**
 * Scores properties of one county in one transaction: reads them locked, values them, scores, writes.
 * @returns how many got a new score; the others came out of the very same inputs as their newest one
 */
export async function rescoreBatch(
  deps: Deps,
  trx: TenantTrx,
  market: CountyMarketData,
  ids: readonly string[],
  correlationId: string,
): Promise<number> {
  const found = await readProperties(trx, ids, { lock: true });
  const properties = [...found.values()];
  const hashes = await newestHashes(trx, ids);
  const values = deps.valueBatch === undefined ? undefined : await deps.valueBatch(trx, properties, market.asOf);
  const scoring = await scoringOf(trx, deps.scoring);
  // What explains the scores later; they may have changed since the run was planned.
  await recordWeights(trx, scoring);
  const weights = weightsHash(scoring);
  const sheet = createScoreSheet();
  for (const property of properties) {
    const comparables = market.compare(property);
    const county = marketOf(deps.counties, property);
    const input: ScoreInput = {
      property,
      comparables,
      county,
      asOf: market.asOf,
      avm: values?.get(property.id) ?? null,
    };
    const inputs = keepInputs(input, weights);
    const score = reckonScore(input, scoring);
    const { figures } = score;
    const strongest = score.strongest(STRONGEST);
    addScore(sheet, {
      propertyId: property.id,
      inputsHash: inputs.hash,
      figures,
      documents: hashes.get(property.id) === inputs.hash ? null : briefDocuments(strongest, inputs.bytes),
      strongest: strongest.map(({ code }) => code),
    });
  }
  await saveScores(trx, sheet, correlationId);
  return sheet.rows.filter(({ isNew }) => isNew).length;
}
