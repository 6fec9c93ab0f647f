import { z } from '@hono/zod-openapi';
import { type AuditRow, listAudit } from '../../db/queries/audit.ts';
import { verifyAudit } from '../../db/queries/audit-verify.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, readCursor, toPage } from '../kit/page.ts';
import { instant, instantInput, text } from '../kit/schemas.ts';

const entry = z
  .object({
    seq: z.int(),
    at: instant,
    actor_kind: z.string(),
    actor_id: z.string(),
    action: z.string(),
    resource: z.string(),
    outcome: z.string(),
    request_id: z.string().nullable(),
    detail: z.record(z.string(), z.unknown()).nullable().openapi({ description: 'Null when it was erased' }),
    hash: z.string(),
  })
  .openapi('AuditEntry');

const ACTION = /^[a-z][a-z_-]*(:([a-z][a-z_-]*|\*))?$/;

/** `/api/v1/audit`: who did what. */
export function auditEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/audit',
        operationId: 'listAudit',
        tag: 'Administration',
        summary: 'The audit log, newest first',
        description: 'Each hash covers the entry before; whether the chain is whole is checked under `verify`.',
        permission: 'audit:read',
        query: z.object({
          ...pageQuery,
          actor: text(200).optional().openapi({ description: '`actor_id` of an entry: who did it' }),
          action: text(100)
            .regex(ACTION, 'must be a noun and a verb such as users:update, or users:*')
            .optional()
            .openapi({ description: 'Such as `users:update`, or `session:*` for every way in and out' }),
          from: instantInput.optional().openapi({ description: 'Entries of this moment and later' }),
          to: instantInput.optional().openapi({ description: 'Entries of before this moment' }),
        }),
        answer: pageOf(entry),
      },
      async ({ trx, query }) => {
        const before = readCursor('seq', query.cursor, 1)?.[0];
        const beforeSeq = Number.isSafeInteger(before) ? (before as number) : undefined;
        const rows = await listAudit(trx, { ...query, limit: query.limit + 1, beforeSeq });
        return toPage(rows, query.limit, 'seq', (row) => [row.seq], entryOf);
      },
    ),
    endpoint(
      {
        method: 'get',
        path: '/api/v1/audit/verify',
        operationId: 'verifyAudit',
        tag: 'Administration',
        summary: 'Whether the audit log is whole: no entry changed, put in or taken out',
        description: 'The check reads every entry. Who does not trust the server runs it where the database is.',
        permission: 'audit:read',
        answer: z.object({
          ok: z.boolean(),
          entries: z.int().openapi({ description: 'Good ones, from the first on' }),
          first_broken: z.int().nullable(),
          reason: z.string().nullable(),
        }),
      },
      async ({ trx }) => {
        const { ok, entries, firstBroken, reason } = await verifyAudit(trx);
        return { ok, entries, first_broken: firstBroken, reason };
      },
    ),
  ];
}

function entryOf(row: AuditRow) {
  return {
    seq: row.seq,
    at: row.at,
    actor_kind: row.actorKind,
    actor_id: row.actorId,
    action: row.action,
    resource: row.resource,
    outcome: row.outcome,
    request_id: row.requestId,
    detail: row.detail as Record<string, unknown> | null,
    hash: row.hash,
  };
}
