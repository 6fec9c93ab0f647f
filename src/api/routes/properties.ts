import { z } from '@hono/zod-openapi';
import {
  hasProperty,
  listPropertyEvents,
  readPropertyDetail,
  readPropertyStats,
} from '../../db/queries/property-detail.ts';
import { listProperties, PROPERTY_SORTS, placeOf } from '../../db/queries/property-list.ts';
import { salesOfScore } from '../../db/queries/score-explanation.ts';
import { latestScore } from '../../db/queries/scores.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, readCursor, toPage } from '../kit/page.ts';
import { dollars, id, idParams, instant } from '../kit/schemas.ts';
import {
  detailOf,
  filterOf,
  propertyDetail,
  propertyFilterQuery,
  propertyScore,
  propertySummary,
  scoreOf,
  summaryOf,
} from './properties-shapes.ts';

const event = z
  .object({
    position: z.number().int(),
    event_id: id,
    event_type: z.string(),
    subject: z.string(),
    timestamp: instant,
    correlation_id: z.string(),
    payload: z.unknown(),
    metadata: z.unknown(),
  })
  .openapi('PropertyEvent');

const stats = z
  .object({
    total_properties: z.number().int(),
    properties_scored: z.number().int(),
    needs_review: z.number().int(),
    average_bird_dog_score: z.number().nullable(),
    average_list_price: dollars.nullable(),
    by_status: z.record(z.string(), z.number().int()),
    updated_at: instant.nullable(),
  })
  .openapi('PropertyStats');

const base = { tag: 'Properties', permission: 'properties:read', params: idParams } as const;

/** `/api/v1/properties`: the list, one, and what belongs to one. */
export function propertyEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/properties',
        operationId: 'listProperties',
        tag: 'Properties',
        summary: 'Properties, the best score first',
        description: 'An order by price leaves out the properties that have none.',
        permission: 'properties:read',
        query: z.object({
          ...pageQuery,
          ...propertyFilterQuery,
          sort: z.enum(PROPERTY_SORTS).default('-bird_dog_score'),
        }),
        answer: pageOf(propertySummary),
        isPlainRead: true,
        cache: 'list',
      },
      async ({ trx, query }) => {
        const { sort, limit } = query;
        const after = placeOf(sort, readCursor(sort, query.cursor, 2));
        const rows = await listProperties(trx, filterOf(query), { sort, after, limit: limit + 1 });
        return toPage(rows, limit, sort, (row) => [row.sortKey, row.id], summaryOf);
      },
    ),
    endpoint(
      {
        method: 'get',
        path: '/api/v1/properties/stats',
        operationId: 'readPropertyStats',
        tag: 'Properties',
        summary: 'How many properties there are of each status, and their averages',
        permission: 'properties:read',
        answer: stats,
        isPlainRead: true,
        cache: 'list',
      },
      async ({ trx }) => statsOf(await readPropertyStats(trx)),
    ),
    endpoint(
      {
        ...base,
        method: 'get',
        path: '/api/v1/properties/{id}',
        operationId: 'readProperty',
        summary: 'Everything about a property, and where each fact came from',
        answer: propertyDetail,
        isPlainRead: true,
        cache: 'detail',
      },
      async ({ trx, params }) => {
        const found = await readPropertyDetail(trx, params.id);
        if (found === undefined) throw unknownProperty(params.id);
        return detailOf(found.row, found.score, found.value);
      },
    ),
    endpoint(
      {
        ...base,
        method: 'get',
        path: '/api/v1/properties/{id}/timeline',
        operationId: 'readPropertyTimeline',
        summary: 'What happened to a property, the newest first',
        permission: 'timeline:read',
        query: z.object(pageQuery),
        answer: pageOf(event),
        isPlainRead: true,
        cache: 'timeline',
      },
      async ({ trx, params, query }) => {
        const before = positionOf(readCursor('timeline', query.cursor, 1)?.[0]);
        await requireProperty(trx, params.id);
        const rows = await listPropertyEvents(trx, params.id, { limit: query.limit + 1, before });
        return toPage(
          rows,
          query.limit,
          'timeline',
          (row) => [row.position],
          (row) => ({
            position: row.position,
            event_id: row.eventId,
            event_type: row.eventType,
            subject: row.subject,
            timestamp: row.timestamp,
            correlation_id: row.correlationId,
            payload: row.payload,
            metadata: row.metadata,
          }),
        );
      },
    ),
    endpoint(
      {
        ...base,
        method: 'get',
        path: '/api/v1/properties/{id}/score',
        operationId: 'readPropertyScore',
        summary: 'The newest score of a property, with its reasons',
        answer: propertyScore,
        isPlainRead: true,
        cache: 'score',
      },
      async ({ trx, params }) => scoreOf(await requireScore(trx, params.id)),
    ),
    endpoint(
      {
        ...base,
        method: 'get',
        path: '/api/v1/properties/{id}/comparables',
        operationId: 'listPropertyComparables',
        summary: 'The sales that the newest score rests on',
        answer: z.object({ as_of: z.string(), items: z.array(z.unknown()) }),
        isPlainRead: true,
        cache: 'score',
      },
      async ({ trx, params }) => {
        const score = await requireScore(trx, params.id);
        return { as_of: score.asOf, items: await salesOfScore(trx, score.id) };
      },
    ),
    endpoint(
      {
        ...base,
        method: 'delete',
        path: '/api/v1/properties/{id}/cache',
        operationId: 'forgetPropertyAnswers',
        summary: 'Forget the kept answers about a property, so that the next is made anew',
        answer: null,
      },
      async ({ trx, params }) => requireProperty(trx, params.id),
    ),
  ];
}

/** The refusal for a property that the tenant does not have, whoever else may have it. */
export function unknownProperty(propertyId: string): ReosError {
  return new ReosError('not_found', `There is no property ${propertyId}.`);
}

async function requireProperty(trx: TenantTrx, propertyId: string): Promise<void> {
  if (!(await hasProperty(trx, propertyId))) throw unknownProperty(propertyId);
}

async function requireScore(trx: TenantTrx, propertyId: string) {
  const score = await latestScore(trx, propertyId);
  if (score !== undefined) return score;
  await requireProperty(trx, propertyId);
  throw new ReosError('not_found', `The property ${propertyId} has no score yet.`);
}

function positionOf(value: unknown): number | undefined {
  if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value))) return value;
  throw new ReosError('validation', 'cursor: is no cursor of this list. Start again without it.', {
    details: { field: 'cursor' },
  });
}

function statsOf(rows: Awaited<ReturnType<typeof readPropertyStats>>) {
  const sum = (values: (number | null)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const scored = sum(rows.map((row) => row.scored));
  const priced = sum(rows.map((row) => row.priced));
  const times = rows.flatMap((row) => (row.updatedAt === null ? [] : [row.updatedAt.getTime()]));
  return {
    total_properties: sum(rows.map((row) => row.count)),
    properties_scored: scored,
    needs_review: sum(rows.map((row) => row.needsReview)),
    average_bird_dog_score: scored === 0 ? null : sum(rows.map((row) => row.scoreSum)) / scored,
    average_list_price: priced === 0 ? null : Math.round(sum(rows.map((row) => row.priceSumCents)) / priced),
    by_status: Object.fromEntries(rows.map((row) => [row.status, row.count])),
    updated_at: times.length === 0 ? null : new Date(Math.max(...times)),
  };
}
