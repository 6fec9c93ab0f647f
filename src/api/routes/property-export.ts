import { z } from '@hono/zod-openapi';
import { type PropertyRow, walkProperties } from '../../db/queries/property-list.ts';
import { type Endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { filterOf, propertyFilterQuery } from './properties-shapes.ts';

const BATCH = 1_000;

type Row = Omit<PropertyRow, 'sortKey'>;
const dollarsOf = (cents: number | null) => (cents === null ? null : cents / 100);
const COLUMNS: readonly (readonly [string, (row: Row) => string | number | boolean | null])[] = [
  ['id', (row) => row.id],
  ['county_fips', (row) => row.countyFips],
  ['status', (row) => row.status],
  ['address', (row) => row.address],
  ['unit', (row) => row.unit],
  ['city', (row) => row.city],
  ['state', (row) => row.state],
  ['zip_code', (row) => row.zipCode],
  ['latitude', (row) => row.latitude],
  ['longitude', (row) => row.longitude],
  ['property_type', (row) => row.propertyType],
  ['property_sub_type', (row) => row.propertySubType],
  ['bedrooms', (row) => row.bedrooms],
  ['bathrooms', (row) => row.bathrooms],
  ['sqft', (row) => row.sqft],
  ['lot_size_sqft', (row) => row.lotSizeSqft],
  ['year_built', (row) => row.yearBuilt],
  ['list_price', (row) => dollarsOf(row.listPriceCents)],
  ['estimated_value', (row) => dollarsOf(row.estimatedValueCents)],
  ['bird_dog_score', (row) => row.birdDogScore],
  ['standard_status', (row) => row.standardStatus],
  ['updated_at', (row) => row.updatedAt.toISOString()],
];

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
        query: z.object(propertyFilterQuery),
        answer: z.string(),
        contentType: 'text/csv',
      },
      async ({ query, inTenant }) => {
        const filter = filterOf(query);
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
              controller.enqueue(encoder.encode(`${COLUMNS.map(([name]) => name).join(',')}\r\n`));
            }
            if (rows.length > 0) controller.enqueue(encoder.encode(rows.map(lineOf).join('')));
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

const lineOf = (row: Row) => `${COLUMNS.map(([, read]) => csvCell(read(row))).join(',')}\r\n`;

/** A value as a cell of a CSV: quoted where it must be; text that a spreadsheet would run as a formula is disarmed. */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
