import { z } from '@hono/zod-openapi';
import {
  listImportRefused,
  listRefusedFields,
  type RefusedImportRow,
  refusalText,
  refusedCsvLine,
} from '../../db/queries/import-refused.ts';
import { findImport } from '../../db/queries/imports.ts';
import { csvCell } from '../../db/queries/property-csv.ts';
import { type Endpoint, endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, readCursor, toPage } from '../kit/page.ts';
import { idParams } from '../kit/schemas.ts';
import { unknownImport } from './imports.ts';

const BATCH = 1_000;

const refused = z
  .object({
    row_reference: z.string(),
    line: z.int().nullable().openapi({ description: 'Of the file; null where a row has none' }),
    kind: z.string().openapi({ description: 'invalid: fails the checks; quota: more than the plan allows' }),
    reason: z.string(),
    fields: z.array(z.string()).openapi({ description: 'What is wrong, by field' }),
  })
  .openapi('RefusedImportRow');

/** `/api/v1/imports/{id}/refused`: the rows of an upload that were not taken, and why. */
export function importRefusedEndpoints(): Endpoint[] {
  const about = { method: 'get', tag: 'Discovery', permission: 'properties:create', params: idParams } as const;
  return [
    endpoint(
      {
        ...about,
        path: '/api/v1/imports/{id}/refused',
        operationId: 'listImportRefused',
        summary: 'Rows of an upload that its run refused, in the order of the file',
        description: 'A file that is read again takes its refused rows along: they stand at its newest run.',
        query: z.object(pageQuery),
        answer: pageOf(refused),
      },
      async ({ trx, params, query }) => {
        const row = await findImport(trx, params.id);
        if (row === undefined) throw unknownImport(params.id);
        if (row.runId === null) return { items: [], next_cursor: null };
        const place = readCursor('line', query.cursor, 2);
        const after = place && { line: Number(place[0]) || 0, rowReference: String(place[1]) };
        const rows = await listImportRefused(trx, row.runId, { after, limit: query.limit + 1 });
        return toPage(rows, query.limit, 'line', (one) => [one.line ?? 0, one.rowReference], refusedOf);
      },
    ),
    ownEndpoint(
      {
        ...about,
        path: '/api/v1/imports/{id}/refused/export',
        operationId: 'exportImportRefused',
        summary: 'The same as CSV (RFC 4180, UTF-8): line, reason, and what was read of the row',
        description:
          'Text that a spreadsheet would take for a formula has an apostrophe before it. An answer that breaks off was cut short.',
        answer: z.string(),
        contentType: 'text/csv',
      },
      async ({ params, inTenant }) => {
        const { runId, names } = await inTenant(async (trx) => {
          const row = await findImport(trx, params.id);
          if (row === undefined) throw unknownImport(params.id);
          return { runId: row.runId, names: row.runId === null ? [] : await listRefusedFields(trx, row.runId) };
        });
        const encoder = new TextEncoder();
        let last: RefusedImportRow | undefined;
        let isStarted = false;
        const body = new ReadableStream<Uint8Array>({
          async pull(controller) {
            if (!isStarted) {
              isStarted = true;
              controller.enqueue(encoder.encode(`${['line', 'reason', ...names].map(csvCell).join(',')}\r\n`));
            }
            const after = last && { line: last.line ?? 0, rowReference: last.rowReference };
            const rows =
              runId === null ? [] : await inTenant((trx) => listImportRefused(trx, runId, { after, limit: BATCH }));
            if (rows.length > 0)
              controller.enqueue(encoder.encode(rows.map((one) => refusedCsvLine(one, names)).join('')));
            last = rows.at(-1);
            if (rows.length < BATCH) controller.close();
          },
        });
        return new Response(body, {
          headers: {
            'Content-Type': 'text/csv; charset=utf-8',
            'Content-Disposition': 'attachment; filename="refused-rows.csv"',
            'Cache-Control': 'no-store',
          },
        });
      },
    ),
  ];
}

function refusedOf({ rowReference, line, kind, reasons }: RefusedImportRow) {
  const list = Array.isArray(reasons) ? (reasons as Array<{ field?: unknown }>) : [];
  const fields = [...new Set(list.flatMap(({ field }) => (typeof field === 'string' ? [field] : [])))];
  return { row_reference: rowReference, line, kind, reason: refusalText(reasons), fields };
}
