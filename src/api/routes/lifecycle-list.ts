import { z } from '@hono/zod-openapi';
import { type LifecycleListRow, listLifecycles } from '../../db/queries/reports.ts';
import { workflowIds } from '../../domain/ids.ts';
import { STATUSES } from '../../domain/lifecycle.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { booleanQuery, dollars, id, idParams, instant, offsetQuery, text } from '../kit/schemas.ts';
import { countyNamed } from './county-book.ts';
import { unknownProperty } from './properties.ts';

const words = z.string().nullable();
const lifecycle = z
  .object({
    property_id: id,
    workflow_id: z.string(),
    county: z.string(),
    status: z.string(),
    bird_dog_score: z.number().nullable(),
    apn: words,
    address: words.openapi({ description: 'Null where a simulator made it up' }),
    city: words,
    state: words,
    zip_code: words,
    list_price: dollars.nullable(),
    estimated_value: dollars.nullable(),
    failed_stage: words,
    reason: words.openapi({ description: 'Why it failed or is held' }),
    held_until: instant.nullable(),
    is_paused: z.boolean(),
    needs_review: z.boolean(),
    updated_at: instant,
  })
  .openapi('Lifecycle');

/** `/api/lifecycles`: where each property stands, and why. */
export function lifecycleListEndpoints(deps: Pick<ApiDeps, 'counties' | 'countySlug'>): Endpoint[] {
  const common = { method: 'get', tag: 'Operations', permission: 'properties:read' } as const;
  const shownOf = (tenantId: string, row: LifecycleListRow): z.input<typeof lifecycle> => ({
    property_id: row.id,
    workflow_id: workflowIds.property(tenantId, row.id),
    county: deps.countySlug?.(row.countyFips) ?? row.countyFips,
    status: row.status,
    bird_dog_score: row.birdDogScore,
    apn: row.apn,
    address: row.address,
    city: row.city,
    state: row.state,
    zip_code: row.zipCode,
    list_price: row.listPriceCents,
    estimated_value: row.estimatedValueCents,
    failed_stage: row.failedStage,
    reason: row.reason,
    held_until: row.heldUntil,
    is_paused: row.isPaused,
    needs_review: row.needsReview,
    updated_at: row.updatedAt,
  });
  return [
    endpoint(
      {
        ...common,
        path: '/api/lifecycles',
        operationId: 'listLifecycles',
        summary: 'Properties with the stage they are in and the reason, the best score first',
        query: z.object({
          ...offsetQuery,
          status: z.enum(STATUSES).optional(),
          county: text(60).optional(),
          needs_review: booleanQuery.optional(),
          is_paused: booleanQuery.optional(),
        }),
        answer: z.object({ lifecycles: z.array(lifecycle), limit: z.int(), offset: z.int() }),
      },
      async ({ trx, query: { limit, offset, status, county, needs_review: needsReview, is_paused: isPaused } }) => {
        const countyFips = county === undefined ? undefined : countyNamed(deps, county).fips;
        const filter = {
          ...(status && { status }),
          ...(countyFips && { countyFips }),
          ...(needsReview !== undefined && { needsReview }),
          ...(isPaused !== undefined && { isPaused }),
          limit,
          offset,
        };
        const rows = await listLifecycles(trx, filter);
        return { lifecycles: rows.map((row) => shownOf(trx.tenantId, row)), limit, offset };
      },
    ),
    endpoint(
      {
        ...common,
        path: '/api/lifecycles/{id}',
        operationId: 'readLifecycle',
        summary: 'The stage that one property is in, and the reason',
        params: idParams,
        answer: lifecycle,
      },
      async ({ trx, params }) => {
        const [row] = await listLifecycles(trx, { propertyId: params.id, limit: 1, offset: 0 });
        if (row === undefined) throw unknownProperty(params.id);
        return shownOf(trx.tenantId, row);
      },
    ),
  ];
}
