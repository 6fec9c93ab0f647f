import { z } from '@hono/zod-openapi';
import { listMonths, nextMonth, readUsage } from '../../db/queries/usage.ts';
import { isMonthly, METERS, PLAN_LIMITS, PLANS } from '../../domain/plans.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { instant, wholeQuery } from '../kit/schemas.ts';

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

const months = z
  .object({
    months: z.array(
      z.object({
        month: z.string().openapi({ example: '2026-03' }),
        meters: z.array(z.object({ meter: z.enum(METERS), used: z.int() })),
      }),
    ),
  })
  .openapi('UsageMonths');

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
    endpoint(
      {
        method: 'get',
        path: '/api/v1/usage/months',
        operationId: 'listUsageMonths',
        tag: 'Administration',
        summary: 'What was used in each of the last months (UTC), for billing',
        description:
          'Requests are added every few seconds. Storage is no sum of a month: /api/v1/usage has what is kept.',
        permission: 'tenant:read',
        query: z.object({ limit: wholeQuery(1, 120).default(12) }),
        answer: months,
      },
      async ({ trx, query }) => {
        const monthly = METERS.filter(isMonthly);
        return {
          months: (await listMonths(trx, query.limit)).map(({ month, used }) => ({
            month,
            meters: monthly.map((meter) => ({ meter, used: used.get(meter) ?? 0 })),
          })),
        };
      },
    ),
  ];
}
