import { z } from '@hono/zod-openapi';
import {
  changeOwnWeights,
  listOwnWeights,
  type OwnWeightsOrder,
  restoreOwnWeights,
  scoringOf,
} from '../../db/queries/own-weights.ts';
import type { ScoringConfig, WeightedFeature } from '../../domain/scoring/config.ts';
import { sharesOf } from '../../domain/scoring/own-weights.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { instant, text, wholeQuery } from '../kit/schemas.ts';
import { partOf } from './missing-part.ts';

const MOST_SHOWN = 50;
const TAG = 'Scoring';

const share = z.object({
  feature: z.string(),
  share: z.number().openapi({ description: 'The shares of a profile sum to 1' }),
  configured_share: z.number(),
});
const current = z.object({
  version: z.string().openapi({ description: 'Stored with every score that they make' }),
  configured_version: z.string().openapi({ description: 'Of the configuration, which counts until own ones are set' }),
  is_own: z.boolean(),
  asking: z.array(share).openapi({ description: 'Of properties that are for sale' }),
  off_market: z.array(share),
});
const setting = z.object({
  number: z.int(),
  is_current: z.boolean(),
  changes: z.record(z.string(), z.number()).nullable().openapi({ description: 'Null where former weights came back' }),
  restored: z.int().nullable().openapi({ description: 'Which weights came back; 0: those of the configuration' }),
  note: z.string().nullable(),
  made_by: z.string().openapi({ description: 'Name of the user, or id of the key' }),
  made_at: instant,
});
const answer = current.openapi('ScoringWeights');
const note = text(500).optional().openapi({ description: 'Why; kept with the change' });
const basedOn = text(60)
  .optional()
  .openapi({ description: 'The version that this was thought out on: refused when another one counts by now' });
const takesEffect =
  'Scores that are made from now on use them, and say so by their version. Those that are there stay until they are made again: `POST /api/v1/rescores` with `outdated`.';

/** `/api/v1/scoring/weights`: what the score is made of for this tenant, changed and brought back. */
export function ownWeightsEndpoints(deps: Pick<ApiDeps, 'analysis'>): Endpoint[] {
  const configured = () => partOf(deps.analysis, 'Scores').weights;
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/scoring/weights',
        operationId: 'readWeights',
        tag: TAG,
        summary: 'The weights that count, and the last 50 changes of them, newest first',
        permission: 'properties:read',
        answer: z.object({ current: answer, items: z.array(setting) }).openapi('WeightsInUse'),
      },
      async ({ trx }) => {
        const rows = await listOwnWeights(trx, MOST_SHOWN);
        return {
          current: shownOf(configured(), await scoringOf(trx, configured())),
          items: rows.map((row, index) => ({
            number: row.number,
            is_current: index === 0,
            changes: row.changes,
            restored: row.restored,
            note: row.note,
            made_by: row.madeBy,
            made_at: row.madeAt,
          })),
        };
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/scoring/weights',
        operationId: 'changeWeights',
        tag: TAG,
        summary: 'Weigh some features otherwise from now on, as a try of the same weights shows it',
        description: `A weight is relative to the present shares of its profile, which sum to 1; 0 leaves a feature out. ${takesEffect}`,
        permission: 'tenant:update',
        body: z.strictObject({
          weights: z
            .record(text(60), z.number().min(0).max(1000))
            .refine((all) => Object.keys(all).length > 0, 'must name a feature'),
          note,
          based_on: basedOn,
        }),
        answer,
      },
      async ({ trx, body, principal }) => {
        const now = await changeOwnWeights(trx, configured(), body.weights, orderOf(body, principal.id));
        return shownOf(configured(), now);
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/scoring/weights/{number}/restore',
        operationId: 'restoreWeights',
        tag: TAG,
        summary: 'Bring former weights back; 0 those of the configuration',
        description: `A change of its own, which can be taken back like any other. ${takesEffect}`,
        permission: 'tenant:update',
        params: z.object({ number: wholeQuery(0, 1e9).openapi({ param: { name: 'number', in: 'path' } }) }),
        body: z.strictObject({ note, based_on: basedOn }),
        answer,
      },
      async ({ trx, params, body, principal }) => {
        const now = await restoreOwnWeights(trx, configured(), params.number, orderOf(body, principal.id));
        return shownOf(configured(), now);
      },
    ),
  ];
}

function orderOf(body: { note?: string | undefined; based_on?: string | undefined }, madeBy: string): OwnWeightsOrder {
  return { note: body.note ?? null, basedOn: body.based_on ?? null, madeBy };
}

function shownOf(configured: ScoringConfig, now: ScoringConfig): z.input<typeof current> {
  const shown = (list: readonly WeightedFeature[], plain: readonly WeightedFeature[]) => {
    const before = sharesOf(plain);
    return Object.entries(sharesOf(list))
      .map(([feature, of]) => ({ feature, share: of, configured_share: before[feature] ?? 0 }))
      .sort((a, b) => b.share - a.share);
  };
  return {
    version: now.version,
    configured_version: configured.version,
    is_own: now.version !== configured.version,
    asking: shown(now.profiles.asking, configured.profiles.asking),
    off_market: shown(now.profiles.offMarket, configured.profiles.offMarket),
  };
}
