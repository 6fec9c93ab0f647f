import { Context } from '@temporalio/activity';
import { appendEvent } from '../../db/queries/events.ts';
import { advanceStatus } from '../../db/queries/lifecycle.ts';
import { scoringOf } from '../../db/queries/own-weights.ts';
import { readProperty } from '../../db/queries/properties.ts';
import { nearbySales, newestSaleDate, saveScore } from '../../db/queries/scores.ts';
import { recordWeights, weightsHash } from '../../db/queries/scoring-weights.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { closestMarketDate, selectComparables } from '../../domain/comparables.ts';
import type { LifecycleState } from '../../domain/lifecycle.ts';
import type { Property } from '../../domain/property.ts';
import type { ScoreInput } from '../../domain/scoring/feature.ts';
import { keepInputs } from '../../domain/scoring/kept-inputs.ts';
import { scoreProperty } from '../../domain/scoring/score.ts';
import type { ActivityDeps } from '../deps.ts';
import { type PropertyIds, readState } from '../platform/lifecycle.ts';
import { marketOf } from './score-inputs.ts';
import type { Valuers } from './valuers.ts';

type Deps = Pick<ActivityDeps, 'db' | 'clock' | 'counties' | 'scoring' | 'retryWindowMs'> & Valuers;

/** Scoring by the tenant's own weights, or the configured ones. */
export function createScoreActivities(deps: Deps) {
  return {
    /** Values the property by nearby sales, scores it and records both with their reasons, in one transaction. */
    scoreProperty: (ids: PropertyIds): Promise<LifecycleState> =>
      withTenant(deps.db, ids.tenantId, async (trx) => {
        // Held until the score is written: facts that arrive meanwhile wait, and ask for the next score.
        const property = await readProperty(trx, ids.propertyId, { lock: true });
        const { result, comparables, inputsHash, weights } = await computeScore(deps, trx, property);
        await recordWeights(trx, weights);
        const isNew = await saveScore(trx, { propertyId: property.id, inputsHash, result, comparables });
        await advanceStatus(trx, property.id, 'scored');
        if (isNew) {
          await appendEvent(trx, {
            eventType: 'property.scored',
            propertyId: property.id,
            correlationId: Context.current().info.workflowExecution?.runId ?? property.id,
            payload: {
              bird_dog_score: result.birdDogScore,
              confidence: result.confidence,
              weights_version: result.weightsVersion,
              model_version: result.modelVersion,
              reasons: result.reasons.slice(0, 3).map(({ code }) => code),
            },
            source: 'score',
          });
        }
        return readState(deps, trx, property.id);
      }),
  };
}

/**
 * The score of a property as of now, with the sales it rests on, what it was worked out from, and a hash of that. Writes
 * nothing. The value is the valuation model's where `valueProperty` is there and gives one; the weights are the tenant's own
 * where it has some, else those given.
 */
export async function computeScore(
  deps: Pick<Deps, 'clock' | 'counties' | 'scoring' | 'valueProperty'>,
  trx: TenantTrx,
  property: Property,
) {
  const county = marketOf(deps.counties, property);
  const newest = await newestSaleDate(trx, property.countyFips);
  const { asOf } = closestMarketDate(newest, deps.clock().toISOString());
  const sales = await nearbySales(trx, property, asOf);
  const comparables = selectComparables(property, sales, asOf, { annualTrend: county.appreciationAnnual });
  const avm = deps.valueProperty === undefined ? null : await deps.valueProperty(trx, property, asOf);
  const input: ScoreInput = { property, comparables, avm, county, asOf };
  const weights = await scoringOf(trx, deps.scoring);
  const result = scoreProperty(input, weights);
  const inputsHash = keepInputs(input, weightsHash(weights)).hash;
  return { input, result, comparables: comparables.chosen, inputsHash, weights };
}
