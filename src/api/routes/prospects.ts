import { z } from '@hono/zod-openapi';
import { placeOf } from '../../db/queries/property-list.ts';
import {
  deleteProspect,
  listEnrichment,
  listPropertyPackets,
  listProspects,
  readProspect,
} from '../../db/queries/prospects-read.ts';
import { latestScore } from '../../db/queries/scores.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, readCursor, toPage } from '../kit/page.ts';
import { costDollars, id, idParams, instant, text } from '../kit/schemas.ts';
import { propertyScore, scoreOf } from './properties-shapes.ts';

const fields = {
  id,
  source: z.string(),
  source_id: z.string(),
  url: z.string().nullable(),
  record_kind: z.string(),
  status: z.string(),
  property_id: id.nullable(),
  county_fips: z.string(),
  created_at: instant,
  updated_at: instant,
};
const prospect = z.object(fields).openapi('Prospect');
const prospectDetail = z.object({ ...fields, payload: z.unknown() }).openapi('ProspectDetail');
const answerOfProvider = z
  .object({
    provider: z.string(),
    fetched_at: instant,
    expires_at: instant,
    fields: z.unknown(),
    confidence: z.number(),
    source_url: z.string().nullable(),
    cost: costDollars,
    simulated: z.boolean(),
  })
  .openapi('ProviderAnswer');
const document = z
  .object({
    id,
    kind: z.string(),
    template_version: z.string(),
    sha256: z.string(),
    bytes: z.number().int(),
    pages: z.number().int(),
    status: z.string(),
    created_at: instant,
  })
  .openapi('ProspectDocument');

const one = { method: 'get', tag: 'Prospects', permission: 'properties:read', params: idParams } as const;

/** `/api/v1/prospects`: what sources brought, and what became of it. */
export function prospectEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/prospects',
        operationId: 'listProspects',
        tag: 'Prospects',
        summary: 'Prospects, the newest first',
        permission: 'properties:read',
        query: z.object({
          ...pageQuery,
          status: z.enum(['new', 'ready', 'failed']).optional(),
          source: text(200).optional(),
          county: text(5, 5).optional(),
        }),
        answer: pageOf(prospect),
      },
      async ({ trx, query }) => {
        // The same shape of place as properties in the order of their changes: a time and an id.
        const place = placeOf('-updated_at', readCursor('-created_at', query.cursor, 2));
        const before = place && { createdAt: String(place.value), id: place.id };
        const filter = { status: query.status, source: query.source, countyFips: query.county };
        const rows = await listProspects(trx, filter, { before, limit: query.limit + 1 });
        return toPage(rows, query.limit, '-created_at', (row) => [row.sortKey, row.id], prospectOf);
      },
    ),
    endpoint(
      {
        ...one,
        path: '/api/v1/prospects/{id}',
        operationId: 'readProspect',
        summary: 'A prospect with what its source said',
        answer: prospectDetail,
      },
      async ({ trx, params }) => {
        const row = await requireProspect(trx, params.id);
        return { ...prospectOf(row), payload: row.payload };
      },
    ),
    endpoint(
      {
        ...one,
        path: '/api/v1/prospects/{id}/enrichment',
        operationId: 'listProspectEnrichment',
        summary: 'What providers said about the property of a prospect',
        answer: z.object({ items: z.array(answerOfProvider) }),
      },
      async ({ trx, params }) => {
        const { propertyId } = await requireProspect(trx, params.id);
        const rows = propertyId === null ? [] : await listEnrichment(trx, propertyId);
        return {
          items: rows.map((row) => ({
            provider: row.provider,
            fetched_at: row.fetchedAt,
            expires_at: row.expiresAt,
            fields: row.fields,
            confidence: row.confidence,
            source_url: row.sourceUrl,
            cost: row.costMicros,
            simulated: row.simulated,
          })),
        };
      },
    ),
    endpoint(
      {
        ...one,
        path: '/api/v1/prospects/{id}/score',
        operationId: 'readProspectScore',
        summary: 'The newest score of the property of a prospect',
        answer: propertyScore,
      },
      async ({ trx, params }) => {
        const { propertyId } = await requireProspect(trx, params.id);
        const score = propertyId === null ? undefined : await latestScore(trx, propertyId);
        if (score !== undefined) return scoreOf(score);
        throw new ReosError('not_found', `The prospect ${params.id} has no score yet.`);
      },
    ),
    endpoint(
      {
        ...one,
        path: '/api/v1/prospects/{id}/documents',
        operationId: 'listProspectDocuments',
        summary: 'The memos of the property of a prospect',
        permission: 'memos:read',
        answer: z.object({ items: z.array(document) }),
      },
      async ({ trx, params }) => {
        const { propertyId } = await requireProspect(trx, params.id);
        const rows = propertyId === null ? [] : await listPropertyPackets(trx, propertyId);
        return {
          items: rows.map(({ templateVersion, createdAt, ...row }) => ({
            ...row,
            template_version: templateVersion,
            created_at: createdAt,
          })),
        };
      },
    ),
    endpoint(
      {
        ...one,
        method: 'delete',
        path: '/api/v1/prospects/{id}',
        operationId: 'deleteProspect',
        summary: 'Delete a prospect; its property stays',
        permission: 'properties:delete',
        answer: null,
      },
      async ({ trx, params }) => {
        if (!(await deleteProspect(trx, params.id))) throw unknown(params.id);
      },
    ),
  ];
}

const unknown = (prospectId: string) => new ReosError('not_found', `There is no prospect ${prospectId}.`);

async function requireProspect(trx: TenantTrx, prospectId: string) {
  const row = await readProspect(trx, prospectId);
  if (row === undefined) throw unknown(prospectId);
  return row;
}

function prospectOf(row: Omit<Awaited<ReturnType<typeof listProspects>>[number], 'sortKey'>) {
  return {
    id: row.id,
    source: row.source,
    source_id: row.sourceId,
    url: row.url,
    record_kind: row.recordKind,
    status: row.status,
    property_id: row.propertyId,
    county_fips: row.countyFips,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  };
}
