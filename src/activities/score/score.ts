import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { appendEvent } from '../../db/queries/events.ts';
import { advanceStatus } from '../../db/queries/lifecycle.ts';
import { readProperty } from '../../db/queries/properties.ts';
import { nearbySales, newestSaleDate, saveScore } from '../../db/queries/scores.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { closestMarketDate, selectComparables } from '../../domain/comparables.ts';
import { findNeighborhood } from '../../domain/county.ts';
import type { LifecycleState } from '../../domain/lifecycle.ts';
import type { Property } from '../../domain/property.ts';
import type { CountyMarket } from '../../domain/scoring/feature.ts';
import { scoreProperty } from '../../domain/scoring/score.ts';
import type { ActivityDeps } from '../deps.ts';
import { type PropertyIds, readState } from '../platform/lifecycle.ts';

type Deps = Pick<ActivityDeps, 'db' | 'clock' | 'counties' | 'scoring' | 'retryWindowMs'>;

/** Scoring by the configured weights. */
export function createScoreActivities(deps: Deps) {
  return {
    /** Values the property by nearby sales, scores it and records both with their reasons, in one transaction. */
    scoreProperty: (ids: PropertyIds): Promise<LifecycleState> =>
      withTenant(deps.db, ids.tenantId, async (trx) => {
        // Held until the score is written: facts that arrive meanwhile wait, and ask for the next score.
        const property = await readProperty(trx, ids.propertyId, { lock: true });
        const { result, comparables, inputsHash } = await computeScore(deps, trx, property);
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

/** The score of a property as of now, with the sales it rests on and a hash of all inputs. */
export async function computeScore(
  deps: Pick<Deps, 'clock' | 'counties' | 'scoring'>,
  trx: TenantTrx,
  property: Property,
) {
  const market = marketOf(deps, property);
  const newest = await newestSaleDate(trx, property.countyFips);
  const { asOf } = closestMarketDate(newest, deps.clock().toISOString());
  const sales = await nearbySales(trx, property, asOf);
  const comparables = selectComparables(property, sales, asOf, { annualTrend: market.appreciationAnnual });
  const result = scoreProperty({ property, comparables, county: market, asOf }, deps.scoring);
  const inputs = { property, market, asOf, chosen: comparables.chosen, weights: deps.scoring };
  const inputsHash = createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
  return { result, comparables: comparables.chosen, inputsHash };
}

function marketOf(deps: Pick<Deps, 'counties'>, property: Property): CountyMarket {
  const county = deps.counties.find(property.countyFips);
  return {
    medianPriceCents: county.median_price.amount * 100,
    medianPriceYear: county.median_price.year,
    marketHeat: county.scoring.market_heat,
    appreciationAnnual: county.scoring.appreciation_annual,
    neighborhoodMultiplier: findNeighborhood(county, property)?.multiplier ?? 1,
  };
}
