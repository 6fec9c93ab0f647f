import { z } from '@hono/zod-openapi';
import { PROPERTY_CSV_HEADER, propertyCsvLine } from '../../db/queries/property-csv.ts';
import { walkProperties } from '../../db/queries/property-list.ts';
import { type Endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { text } from '../kit/schemas.ts';
import { filterOf, propertyFilterQuery } from './properties-shapes.ts';

const BATCH = 1_000;
/** As many as an address has room for. */
const MOST_IDS = 200;
const IDS = text(8_000)
  .regex(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(,[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){0,199}$/i,
    `must be ids of 1 to ${MOST_IDS} properties with commas between them`,
  )
  .openapi({ description: 'Ids of properties, with commas between them: these alone, as far as they fit' });

/** `/api/v1/properties/export`: every property that fits, as CSV. */
export function propertyExportEndpoints(): Endpoint[] {
  return [
    ownEndpoint(
      {
        method: 'get',
        path: '/api/v1/properties/export',
        operationId: 'exportProperties',
        tag: 'Properties',
        summary: 'Properties as CSV (RFC 4180, UTF-8), in the order of their ids',
        description:
          'Text that a spreadsheet would take for a formula has an apostrophe before it. An answer that breaks off was cut short.',
        permission: 'properties:export',
        query: z.object({ ...propertyFilterQuery, ids: IDS.optional() }),
        answer: z.string(),
        contentType: 'text/csv',
      },
      async ({ query, inTenant }) => {
        const filter = { ...filterOf(query), ids: query.ids?.toLowerCase().split(',') };
        const encoder = new TextEncoder();
        const next = (afterId: string | undefined) =>
          inTenant((trx) => walkProperties(trx, filter, { afterId, limit: BATCH }));
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
            rows = await next(last.id);
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
