import { z } from '@hono/zod-openapi';
import { nextMonth, readUsage } from '../../db/queries/usage.ts';
import { METERS, PLAN_LIMITS, PLANS } from '../../domain/plans.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { instant } from '../kit/schemas.ts';

const usage = z
  .object({
    plan: z.enum(PLANS),
    requests_per_minute: z.int(),
    concurrent_scrapes: z.int(),
    meters: z.array(
      z.object({
        meter: z.enum(METERS),
        used: z.int(),
        limit: z.int().nullable().openapi({ description: 'Null: no bound' }),
      }),
    ),
    resets_at: instant,
  })
  .openapi('Usage');

/** `/api/v1/usage`: what the tenant used of its plan. */
export function usageEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/usage',
        operationId: 'readUsage',
        tag: 'Administration',
        summary: 'What was used this month, and what the plan allows',
        permission: 'tenant:read',
        answer: usage,
      },
      async ({ trx, now }) => {
        const { plan, meters } = await readUsage(trx, now);
        const { requestsPerMinute, concurrentScrapes } = PLAN_LIMITS[plan];
        return {
          plan,
          requests_per_minute: requestsPerMinute,
          concurrent_scrapes: concurrentScrapes,
          meters,
          resets_at: nextMonth(now),
        };
      },
    ),
  ];
}
