import { z } from '@hono/zod-openapi';
import { countRefusedRows, listRefusedRows, type RefusedRow } from '../../db/queries/quarantine.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, toPage } from '../kit/page.ts';
import { id, instant, text } from '../kit/schemas.ts';
import { readTimeCursor } from '../kit/time-cursor.ts';
import { count } from './rates.ts';

const KINDS = ['invalid', 'blocked', 'quota'] as const;
const kind = z
  .enum(KINDS)
  .openapi({ description: 'invalid: fails the checks; blocked: the page showed no data; quota: above the plan' });
const refused = z
  .object({
    id,
    source: z.string(),
    row_reference: z.string().openapi({ description: 'Where it stands in its source: line, parcel or address' }),
    kind,
    reasons: z.array(z.object({ field: z.string(), code: z.string(), message: z.string() })),
    payload: z.unknown().openapi({ description: 'What the source said' }),
    first_seen_at: instant,
    last_seen_at: instant,
  })
  .openapi('QuarantinedRow');

/** `/api/v1/quarantine`: rows that were refused when they were read, and why. */
export function quarantineEndpoints(): Endpoint[] {
  const common = { method: 'get', tag: 'Operations', permission: 'properties:read' } as const;
  return [
    endpoint(
      {
        ...common,
        path: '/api/v1/quarantine',
        operationId: 'listQuarantine',
        summary: 'Rows that were refused when they were read, those seen last first',
        description: 'A row that comes again and is right becomes a property; its entry here stays as a record.',
        query: z.object({ ...pageQuery, source: text(200).optional(), kind: kind.optional() }),
        answer: pageOf(refused),
      },
      async ({ trx, query }) => {
        const page = { limit: query.limit + 1, after: readTimeCursor('quarantine', query.cursor) };
        const rows = await listRefusedRows(trx, { source: query.source, kind: query.kind }, page);
        return toPage(rows, query.limit, 'quarantine', (row) => [row.micros, row.id], refusedOf);
      },
    ),
    endpoint(
      {
        ...common,
        path: '/api/v1/quarantine/stats',
        operationId: 'getQuarantineStats',
        summary: 'How many rows of each source were refused, and for what kind of reason',
        answer: z.object({
          total: count,
          sources: z.array(z.object({ source: z.string(), kind, rows: count, last_seen_at: instant })),
        }),
      },
      async ({ trx }) => {
        const rows = await countRefusedRows(trx);
        return {
          total: rows.reduce((sum, row) => sum + row.rows, 0),
          sources: rows.map((row) => ({
            source: row.source,
            kind: row.kind as (typeof KINDS)[number],
            rows: row.rows,
            last_seen_at: row.lastSeenAt,
          })),
        };
      },
    ),
  ];
}

function refusedOf(row: RefusedRow) {
  return {
    id: row.id,
    source: row.source,
    row_reference: row.rowReference,
    kind: row.kind as (typeof KINDS)[number],
    reasons: (Array.isArray(row.reasons) ? row.reasons : []).map(reasonOf),
    payload: row.payload,
    first_seen_at: row.firstSeenAt,
    last_seen_at: row.lastSeenAt,
  };
}

/** A reason as the reader of the source left it. */
function reasonOf(reason: unknown): { field: string; code: string; message: string } {
  const { field, code, message } = (typeof reason === 'object' && reason !== null ? reason : {}) as Record<
    string,
    unknown
  >;
  const words = (value: unknown) => (typeof value === 'string' ? value : '');
  return { field: words(field), code: words(code), message: words(message) || words(reason) || words(code) };
}
