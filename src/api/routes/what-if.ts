import { z } from '@hono/zod-openapi';
import { listTopScores } from '../../db/queries/top-scores.ts';
import { ReosError } from '../../domain/errors.ts';
import { FEATURES } from '../../domain/scoring/registry.ts';
import { type StoredComponents, scoreWithWeights } from '../../domain/scoring/what-if/other-weights.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { id, text } from '../kit/schemas.ts';
import { countyNamed } from './county-book.ts';

const MAX_CONSIDERED = 500;
const FEATURE_NAMES = FEATURES.map(({ name }) => name);

/** `/api/v1/scoring/what-if`: the ranking under other weights. */
export function whatIfEndpoints(deps: Pick<ApiDeps, 'counties'>): Endpoint[] {
  return [
    endpoint(
      {
        method: 'post',
        path: '/api/v1/scoring/what-if',
        operationId: 'tryWeights',
        tag: 'Scoring',
        summary: 'How the best properties would rank under other weights; nothing is stored',
        description:
          'Works on the stored scores of the properties that rank highest now. A weight is relative to the present shares, which sum to 1; 0 leaves a feature out.',
        permission: 'properties:read',
        isQuestion: true,
        body: z.strictObject({
          weights: z
            .record(text(60), z.number().min(0).max(1000))
            .refine((all) => Object.keys(all).length > 0, 'must name a feature'),
          county: text(60).optional(),
          considered: z
            .int()
            .min(1)
            .max(MAX_CONSIDERED)
            .default(200)
            .openapi({ description: 'How many of the best are looked at' }),
          limit: z.int().min(1).max(MAX_CONSIDERED).default(20),
        }),
        answer: z.object({
          considered: z.int(),
          items: z.array(
            z.object({
              property_id: id,
              address: z.string().nullable(),
              apn: z.string().nullable(),
              city: z.string().nullable(),
              rank_before: z.int(),
              rank_after: z.int(),
              score_before: z.number(),
              score_after: z.number(),
            }),
          ),
        }),
      },
      async ({ trx, body }) => {
        const unknown = Object.keys(body.weights).find((name) => !FEATURE_NAMES.includes(name));
        if (unknown !== undefined) {
          throw new ReosError(
            'validation',
            `weights: there is no feature '${unknown}'. Known: ${FEATURE_NAMES.join(', ')}.`,
            {
              details: { field: 'weights' },
            },
          );
        }
        const countyFips = body.county === undefined ? undefined : countyNamed(deps, body.county).fips;
        const rows = await listTopScores(trx, { countyFips, limit: body.considered });
        const scored = rows.map((row, index) => ({
          row,
          before: index + 1,
          after: scoreWithWeights(componentsOf(row.components), body.weights) ?? 0,
        }));
        scored.sort((a, b) => b.after - a.after || a.before - b.before);
        return {
          considered: rows.length,
          items: scored.slice(0, body.limit).map(({ row, before, after }, index) => ({
            property_id: row.propertyId,
            address: row.address,
            apn: row.apn,
            city: row.city,
            rank_before: before,
            rank_after: index + 1,
            score_before: row.birdDogScore,
            score_after: after,
          })),
        };
      },
    ),
  ];
}

function componentsOf(stored: unknown): StoredComponents {
  return Array.isArray(stored) ? (stored as StoredComponents) : [];
}
