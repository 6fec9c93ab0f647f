import { z } from '@hono/zod-openapi';
import { type DocumentRow, findDocument, listDocuments } from '../../db/queries/documents.ts';
import { readProperties } from '../../db/queries/properties.ts';
import { hasProperty } from '../../db/queries/property-detail.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { cursorAfter, pageOf, pageQuery } from '../kit/page.ts';
import { id, idParams, instant } from '../kit/schemas.ts';
import { readTimeCursor } from '../kit/time-cursor.ts';
import { partOf } from './missing-part.ts';
import { unknownProperty } from './properties.ts';

const document = z
  .object({
    id,
    property_id: id,
    kind: z.string(),
    status: z
      .string()
      .openapi({ description: '`generated`: the present one; `superseded`: a newer one took its place' }),
    path: z.string().openapi({ description: 'Key in the store' }),
    sha256: z.string(),
    bytes: z.int(),
    pages: z.int(),
    template_version: z.string(),
    variant: z.string().nullable(),
    created_at: instant,
    bird_dog_score: z
      .number()
      .nullable()
      .openapi({ description: 'The score that it tells of; null when that is gone' }),
    scored_at: instant.nullable(),
    url: z.string().nullable().openapi({ description: 'Opens the PDF without a credential until it expires' }),
    url_expires_at: instant.nullable(),
  })
  .openapi('Document');

/** `/api/v1/documents`: memos, each with a link that opens its PDF. */
export function documentEndpoints(deps: Pick<ApiDeps, 'links' | 'lifecycles' | 'countySlug'>): Endpoint[] {
  const about = { tag: 'Documents', permission: 'memos:read' } as const;
  const documentOf = async (row: DocumentRow): Promise<z.input<typeof document>> => {
    const link = await deps.links?.sign(row.path, { contentType: 'application/pdf', fileName: 'investor-memo.pdf' });
    return {
      id: row.id,
      property_id: row.propertyId,
      kind: row.kind,
      status: row.status,
      path: row.path,
      sha256: row.sha256,
      bytes: row.bytes,
      pages: row.pages,
      template_version: row.templateVersion,
      variant: row.variant,
      created_at: row.createdAt,
      bird_dog_score: row.birdDogScore,
      scored_at: row.scoredAt,
      url: link?.url ?? null,
      url_expires_at: link?.expiresAt ?? null,
    };
  };
  const pageOfDocuments = async (rows: ReadonlyArray<DocumentRow & { micros: number }>, limit: number) => {
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      items: await Promise.all(shown.map(documentOf)),
      next_cursor: last === undefined ? null : cursorAfter('documents', [last.micros, last.id]),
    };
  };
  return [
    endpoint(
      {
        ...about,
        method: 'get',
        path: '/api/v1/documents',
        operationId: 'listDocuments',
        summary: 'Memos, the newest first',
        query: z.object({
          ...pageQuery,
          property_id: id.optional(),
          status: z.enum(['generated', 'superseded']).optional(),
        }),
        answer: pageOf(document),
      },
      async ({ trx, query }) => {
        const after = readTimeCursor('documents', query.cursor);
        const filter = { propertyId: query.property_id, status: query.status, after };
        return pageOfDocuments(await listDocuments(trx, { ...filter, limit: query.limit + 1 }), query.limit);
      },
    ),
    endpoint(
      {
        ...about,
        method: 'get',
        path: '/api/v1/documents/{id}',
        operationId: 'readDocument',
        summary: 'A memo with a new link',
        params: idParams,
        answer: document,
      },
      async ({ trx, params }) => {
        const row = await findDocument(trx, params.id);
        if (row === undefined) throw new ReosError('not_found', `There is no document ${params.id}.`);
        return documentOf(row);
      },
    ),
    endpoint(
      {
        ...about,
        method: 'get',
        path: '/api/v1/properties/{id}/documents',
        operationId: 'listPropertyDocuments',
        summary: 'The memos of a property, the newest first',
        params: idParams,
        query: z.object(pageQuery),
        answer: pageOf(document),
      },
      async ({ trx, params, query }) => {
        const after = readTimeCursor('documents', query.cursor);
        if (!(await hasProperty(trx, params.id))) throw unknownProperty(params.id);
        const filter = { propertyId: params.id, after, limit: query.limit + 1 };
        return pageOfDocuments(await listDocuments(trx, filter), query.limit);
      },
    ),
    ownEndpoint(
      {
        method: 'post',
        path: '/api/v1/properties/{id}/memo',
        operationId: 'orderMemo',
        tag: 'Documents',
        summary: 'Order the memo of a property; it is written where the score reaches the threshold',
        permission: 'memos:create',
        params: idParams,
        answer: z.object({ property_id: id, accepted: z.literal(true) }),
        status: 202,
      },
      async ({ principal, params, inTenant }) => {
        const property = (await inTenant((trx) => readProperties(trx, [params.id]))).get(params.id);
        if (property === undefined) throw unknownProperty(params.id);
        const county = deps.countySlug?.(property.countyFips) ?? property.countyFips;
        const reference = {
          tenantId: principal.tenantId,
          propertyId: property.id,
          county,
          apn: property.apn,
          source: null,
          summary: [property.city, property.state].filter(Boolean).join(', ') || county,
        };
        await partOf(deps.lifecycles, 'Properties').request(reference, 'reMemo');
        return { property_id: property.id, accepted: true as const };
      },
    ),
  ];
}
