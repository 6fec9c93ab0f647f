import { z } from '@hono/zod-openapi';
import { marketList } from '../../intelligence/readings/market-list.ts';
import { postgresWarehouse } from '../../intelligence/warehouses/postgres.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { day } from '../kit/schemas.ts';

/** `/api/v1/market/markets`: which markets, segments and periods there are figures of. */
export function marketListEndpoints(deps: Pick<ApiDeps, 'warehouse'>): Endpoint[] {
  return [
    ownEndpoint(
      {
        method: 'get',
        path: '/api/v1/market/markets',
        operationId: 'listMarkets',
        tag: 'Market intelligence',
        summary: 'Markets with figures: each by segment and length of a period',
        permission: 'properties:read',
        answer: z.object({
          items: z.array(
            z.object({
              market: z.string(),
              segment: z.string(),
              grain: z.enum(['week', 'month', 'quarter']),
              periods: z.int(),
              from: day.openapi({ description: 'First day of the oldest period' }),
              to: day.openapi({ description: 'First day of the newest period' }),
            }),
          ),
        }),
      },
      async ({ principal, inTenant }) => ({
        items:
          deps.warehouse === undefined
            ? await inTenant((trx) => postgresWarehouse(trx).read(marketList, {}))
            : await deps.warehouse(principal.tenantId).read(marketList, {}),
      }),
    ),
  ];
}
