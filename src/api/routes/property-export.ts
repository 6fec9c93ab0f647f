import { z } from '@hono/zod-openapi';
import { listNamedFound, PROPERTY_CSV_HEADER, propertyCsvLine, walkFound } from '../../db/queries/property-csv.ts';
import { PROPERTY_SORTS, type PropertyRow, type PropertySort, walkProperties } from '../../db/queries/property-list.ts';
import type { PropertySearch } from '../../db/queries/property-search.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { text } from '../kit/schemas.ts';
import { searchFields, searchOf } from './properties-search.ts';
import { propertyFilterQuery } from './properties-shapes.ts';

const BATCH = 1_000;
/** As many as an address has room for. */
const MOST_IDS = 200;
const IDS = text(8_000)
  .regex(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(,[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){0,199}$/i,
    `must be ids of 1 to ${MOST_IDS} properties with commas between them`,
  )
  .openapi({ description: 'Ids of properties, with commas between them: these alone, as far as they fit' });

/** `/api/v1/properties/export`: everything that a search finds, as CSV. */
export function propertyExportEndpoints(): Endpoint[] {
  return [
    ownEndpoint(
      {
        method: 'get',
        path: '/api/v1/properties/export',
        operationId: 'exportProperties',
        tag: 'Properties',
        summary: 'Everything that a search finds, as CSV (RFC 4180, UTF-8)',
        description:
          'Takes what `/api/v1/properties/search` takes and brings the same rows in the same order. With the filters of the list alone and without `sort`, or with `ids`, the order is that of the ids, which no change upsets; in another order a property that moves meanwhile may come twice or not at all. ' +
          'Text that a spreadsheet would take for a formula has an apostrophe before it. An answer that breaks off was cut short.',
        permission: 'properties:export',
        query: z.object({
          ...searchFields,
          sort: z.enum(PROPERTY_SORTS).optional(),
          ids: IDS.optional(),
        }),
        answer: z.string(),
        contentType: 'text/csv',
      },
      async ({ query, inTenant }) => {
        const batchAfter = walkOf(query);
        const encoder = new TextEncoder();
        const next = (last: Row | undefined) => inTenant((trx) => batchAfter(trx, last));
        // The first batch is read before the answer starts, so that a database that is away is an error and no empty file.
        let rows = await next(undefined);
        let isStarted = false;
        const body = new ReadableStream<Uint8Array>({
          async pull(controller) {
            if (!isStarted) {
              isStarted = true;
              controller.enqueue(encoder.encode(PROPERTY_CSV_HEADER));
            }
            if (rows.length > 0) controller.enqueue(encoder.encode(rows.map(propertyCsvLine).join('')));
            const last = rows.at(-1);
            if (last === undefined || rows.length < BATCH) return controller.close();
            rows = await next(last);
          },
        });
        return new Response(body, {
          headers: {
            'Content-Type': 'text/csv; charset=utf-8',
            'Content-Disposition': 'attachment; filename="properties.csv"',
            'Cache-Control': 'no-store',
          },
        });
      },
    ),
  ];
}

type Row = Omit<PropertyRow, 'sortKey'> & { sortKey?: string | number };
type Query = z.output<z.ZodObject<typeof searchFields>> & { sort?: PropertySort | undefined; ids?: string | undefined };

/** How the next batch is read after the last row of the one before. @throws ReosError `validation` */
function walkOf(query: Query): (trx: TenantTrx, last: Row | undefined) => Promise<Row[]> {
  const { ids, sort, ...filters } = query;
  const search: PropertySearch = searchOf(filters);
  if (ids !== undefined) {
    if (sort !== undefined) {
      throw new ReosError('validation', 'sort: goes not with ids, which come in their own order.', {
        details: { field: 'sort' },
      });
    }
    return (trx) => listNamedFound(trx, search, ids.toLowerCase().split(','));
  }
  const isList = Object.keys(filters).every((name) => name in propertyFilterQuery);
  if (isList && sort === undefined) {
    return (trx, last) => walkProperties(trx, search, { afterId: last?.id, limit: BATCH });
  }
  const order = sort ?? '-bird_dog_score';
  return (trx, last) => {
    const after = last?.sortKey === undefined ? undefined : { value: last.sortKey, id: last.id };
    return walkFound(trx, search, { sort: order, after, limit: BATCH });
  };
}
