import { z } from '@hono/zod-openapi';
import type { Database } from '../../db/connect.ts';
import { TENANT_STATUSES, type TenantStatus } from '../../db/queries/tenants.ts';
import { listMonths, listUsageOfTenants, nextMonth, readUsage } from '../../db/queries/usage.ts';
import { withSystem } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { isMonthly, METERS, PLAN_LIMITS, PLANS } from '../../domain/plans.ts';
import { type Endpoint, endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, readCursor, toPage } from '../kit/page.ts';
import { id, instant, text, wholeQuery } from '../kit/schemas.ts';

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

const ofTenant = z
  .object({
    tenant_id: id,
    slug: z.string(),
    plan: z.enum(PLANS),
    status: z.enum(TENANT_STATUSES),
    meters: z.array(z.object({ meter: z.enum(METERS), used: z.int() })),
  })
  .openapi('TenantUsage');

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** `/api/v1/usage`: what the tenant used of its plan; for whoever runs the installation, what everybody used. */
export function usageEndpoints(deps: { db: Database }): Endpoint[] {
  return [
    ownEndpoint(
      {
        method: 'get',
        path: '/api/v1/usage/tenants',
        operationId: 'listTenantUsage',
        tag: 'Administration',
        summary: 'What every tenant used in a month (UTC), for whoever runs the installation',
        description:
          'For a billing system. Requests are added every few seconds; storage is what is kept now. The plan is changed with PATCH /api/v1/tenants/{id}.',
        permission: 'tenant:read',
        query: z.object({
          ...pageQuery,
          month: text(7)
            .regex(MONTH, 'must be a month such as 2026-03')
            .optional()
            .openapi({ description: 'This one' }),
        }),
        answer: pageOf(ofTenant),
      },
      async ({ query, principal, now }) => {
        if (!principal.isOperator) {
          throw new ReosError('forbidden', 'Only whoever runs the installation sees what every tenant used.');
        }
        const after = readCursor('slug', query.cursor, 1)?.[0];
        const page = {
          month: `${query.month ?? now.toISOString().slice(0, 7)}-01`,
          limit: query.limit + 1,
          afterSlug: typeof after === 'string' ? after : undefined,
        };
        const rows = await withSystem(deps.db, 'the operator bills every tenant', (trx) =>
          listUsageOfTenants(trx, page),
        );
        return toPage(
          rows,
          query.limit,
          'slug',
          (row) => [row.slug],
          ({ tenantId, slug, plan, status, used }) => ({
            tenant_id: tenantId,
            slug,
            plan,
            status: status as TenantStatus,
            meters: METERS.map((meter) => ({ meter, used: used[meter] ?? 0 })),
          }),
        );
      },
    ),
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
