import { z } from '@hono/zod-openapi';
import { readCosts, readDailyCosts, readMarketTrends } from '../../db/queries/analytics-money.ts';
import { listBudgets } from '../../db/queries/budgets.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { costDollars, dollars, text, wholeQuery } from '../kit/schemas.ts';
import { count } from './rates.ts';

const common = { method: 'get', tag: 'Analytics', permission: 'properties:read' } as const;
const months = wholeQuery(1, 120).default(12);

/** `/api/v1/analytics`: what work cost, and where prices go. */
export function analyticsEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        ...common,
        path: '/api/v1/analytics/costs',
        operationId: 'getCosts',
        summary: 'What each resource cost by month (UTC), newest first, and the budgets',
        query: z.object({ months }),
        answer: z.object({
          total: costDollars,
          costs: z.array(
            z.object({ month: z.string(), resource: z.string(), kind: z.string(), calls: count, cost: costDollars }),
          ),
          budgets: z.array(
            z.object({ resource: z.string(), period: z.string(), limit: costDollars, spent: costDollars }),
          ),
        }),
      },
      async ({ trx, query }) => {
        const costs = await readCosts(trx, query.months);
        const budgets = await listBudgets(trx);
        return {
          total: costs.reduce((sum, row) => sum + row.costMicros, 0),
          costs: costs.map(({ costMicros, ...row }) => ({ ...row, cost: costMicros })),
          budgets: budgets.map(({ limitMicros, spentMicros, ...row }) => ({
            ...row,
            limit: limitMicros,
            spent: spentMicros,
          })),
        };
      },
    ),
    endpoint(
      {
        ...common,
        path: '/api/v1/analytics/costs/days',
        operationId: 'getDailyCosts',
        summary: 'What each resource cost by day (UTC), oldest first; days without any are left out',
        query: z.object({ days: wholeQuery(1, 366).default(31) }),
        answer: z.object({
          days: z.array(
            z.object({ day: z.string(), resource: z.string(), calls: count, cost: costDollars, simulated: count }),
          ),
        }),
      },
      async ({ trx, query }) => ({
        days: (await readDailyCosts(trx, query.days)).map(({ costMicros, ...row }) => ({ ...row, cost: costMicros })),
      }),
    ),
    endpoint(
      {
        ...common,
        path: '/api/v1/analytics/market-trends',
        operationId: 'getMarketTrends',
        summary: "Median prices of arm's-length sales and of listings by month and place, oldest first",
        cache: 'list',
        description: 'A location of five digits is a ZIP code, another one a city; without one, every city.',
        query: z.object({ location: text(120).optional(), months }),
        answer: z.object({
          location: z.string().nullable(),
          trends: z.array(
            z.object({
              month: z.string(),
              location: z.string(),
              sales: count,
              median_sale_price: dollars.nullable(),
              listings: count,
              median_list_price: dollars.nullable(),
            }),
          ),
        }),
      },
      async ({ trx, query }) => {
        const location = query.location ?? null;
        const rows = await readMarketTrends(trx, { location, months: query.months });
        const trends = rows.map(({ medianSaleCents, medianListCents, ...row }) => ({
          ...row,
          median_sale_price: medianSaleCents,
          median_list_price: medianListCents,
        }));
        return { location, trends };
      },
    ),
  ];
}
