import { z } from '@hono/zod-openapi';
import { listWeights, rollBackWeights } from '../../db/queries/market-feedback.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { instant } from '../kit/schemas.ts';

const TAG = 'Market intelligence';
const weights = z.object({
  version: z.number().int(),
  status: z.enum(['active', 'retired', 'rejected']),
  outcomes: z.number().int().openapi({ description: 'Outcomes it was learnt from' }),
  brier_before: z.number().nullable(),
  brier_after: z.number().nullable().openapi({ description: 'Cross-validated; 0 is perfect, 0.25 a coin' }),
  weights: z.unknown().openapi({ description: 'Per tool: points from stated to calibrated probability' }),
  report: z.unknown().openapi({ description: 'Per tool: accuracy and calibration curve before and after' }),
  created_at: instant,
});

/** `/api/v1/intelligence/confidence-weights`: what stated confidence proved to be worth, and the way back. */
export function confidenceWeightEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/intelligence/confidence-weights',
        operationId: 'listConfidenceWeights',
        tag: TAG,
        summary: 'The last 50 recalibrations, newest first, with the accuracy of each tool',
        permission: 'properties:read',
        answer: z.object({ items: z.array(weights) }),
      },
      async ({ trx }) => {
        const rows = await listWeights(trx, 50);
        return {
          items: rows.map((row) => ({
            version: row.version,
            status: row.status as 'active' | 'retired' | 'rejected',
            outcomes: row.outcomes,
            brier_before: row.brierBefore,
            brier_after: row.brierAfter,
            weights: row.weights,
            report: row.report,
            created_at: row.createdAt,
          })),
        };
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/intelligence/confidence-weights/rollback',
        operationId: 'rollBackConfidenceWeights',
        tag: TAG,
        summary: 'Go back to the recalibration before the one in use',
        permission: 'properties:update',
        answer: z.object({
          version: z
            .number()
            .int()
            .openapi({ description: 'The one in use now; 0: confidence counts as it is stated' }),
        }),
      },
      async ({ trx }) => ({ version: await rollBackWeights(trx) }),
    ),
  ];
}
