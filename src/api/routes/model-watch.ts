import { z } from '@hono/zod-openapi';
import { findModel, servingModels } from '../../db/queries/models.ts';
import { outcomePairs, readOutcomes } from '../../db/queries/valuations.ts';
import { ReosError } from '../../domain/errors.ts';
import { decidePromotion, MIN_PAIRED_SALES } from '../../domain/valuation/promotion.ts';
import { trackOf } from '../../domain/valuation/scoreboard.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { id, idParams, text } from '../kit/schemas.ts';
import { valuedSale } from './forecasts.ts';
import { partOf } from './missing-part.ts';
import { modelOfId } from './models.ts';

const track = z.record(z.string(), z.unknown()).nullable();
const compared = z.object({ id, version: z.string(), track });

/** How models do after their training: champion beside shadow, and how far the world has moved. */
export function modelWatchEndpoints(deps: Pick<ApiDeps, 'modelDesk'>): Endpoint[] {
  const about = { tag: 'Models' } as const;
  return [
    endpoint(
      {
        ...about,
        method: 'get',
        path: '/api/v1/models/compare',
        operationId: 'compareModels',
        summary: 'Champion and shadow of a market on the sales that closed after both had valued the house',
        permission: 'models:read',
        query: z.object({ market: text(60).openapi({ example: 'king-wa' }) }),
        answer: z.object({
          market: z.string(),
          champion: compared,
          shadow: compared,
          paired_sales: z.int(),
          needed: z.int(),
          statement: z.string(),
        }),
      },
      async ({ trx, query: { market } }) => {
        const serving = await servingModels(trx, 'avm', market);
        const champion = serving.find(({ isShadow }) => !isShadow);
        const shadow = serving.find(({ isShadow }) => isShadow);
        if (champion === undefined || shadow === undefined) {
          const missing = champion === undefined ? 'champion' : 'model in shadow';
          throw new ReosError('not_found', `${market} has no ${missing} to compare.`);
        }
        const pairs = await outcomePairs(trx, shadow.id, champion.id);
        const trackOfModel = async (modelId: string) => {
          const found = trackOf((await readOutcomes(trx, { modelId })).map(valuedSale));
          return found === null ? null : { ...found };
        };
        const coverage80 = pairs.filter(({ inside80 }) => inside80).length / Math.max(1, pairs.length);
        const evidence = {
          kind: 'against_champion',
          basis: 'outcomes',
          championVersion: champion.version,
          pairs,
          coverage80,
        } as const;
        const statement =
          pairs.length < MIN_PAIRED_SALES
            ? `${pairs.length} sales have closed after both had valued the house; ${MIN_PAIRED_SALES} are needed for a decision.`
            : decidePromotion(evidence, { seed: 7 }).statement.replace(/^Promoted: /, 'Would be promoted: ');
        return {
          market,
          champion: { id: champion.id, version: champion.version, track: await trackOfModel(champion.id) },
          shadow: { id: shadow.id, version: shadow.version, track: await trackOfModel(shadow.id) },
          paired_sales: pairs.length,
          needed: MIN_PAIRED_SALES,
          statement,
        };
      },
    ),
    endpoint(
      {
        ...about,
        method: 'post',
        path: '/api/v1/models/{id}/drift',
        operationId: 'measureModelDrift',
        summary: 'Measure how far properties and prices have moved from what a model learned, and keep the measure',
        permission: 'models:update',
        params: idParams,
        answer: z.object({
          id,
          market: z.string(),
          version: z.string(),
          rows: z.int(),
          features: z.array(z.object({ feature: z.string(), psi: z.number(), level: z.string() })),
          outcomes: track,
          held_out_error: z.number(),
          statements: z.array(z.string()),
        }),
      },
      async ({ trx, params, now }) => {
        await modelOfId(trx, params.id);
        const model = await findModel(trx, params.id);
        const drift = await partOf(deps.modelDesk, 'Models').measureDrift(trx, model, now);
        return {
          id: model.id,
          market: model.market,
          version: model.version,
          rows: drift.rows,
          features: drift.features.map(({ feature, psi, level }) => ({ feature, psi, level })),
          outcomes: drift.outcomes === null ? null : { ...drift.outcomes },
          held_out_error: drift.heldOutError,
          statements: drift.statements,
        };
      },
    ),
  ];
}
