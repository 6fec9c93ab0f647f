import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { deleteImport, findImport, insertImport, listImports } from '../../db/queries/imports.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, toPage } from '../kit/page.ts';
import { idParams, text } from '../kit/schemas.ts';
import { readTimeCursor } from '../kit/time-cursor.ts';
import { countyNamed } from './county-book.ts';
import { detailOf, importDetail, importSummary, summaryOf } from './import-shapes.ts';
import { partOf } from './missing-part.ts';

/** Largest upload, in bytes. */
export const MAX_UPLOAD_BYTES = 64 * 1024 * 1024;
const FILE_NAME = /^[^/\\]+$/;

export type ImportDeps = Pick<ApiDeps, 'counties' | 'importDesk' | 'countySlug'>;

/** `/api/v1/imports`: files that are uploaded, looked at, and read into properties. */
export function importEndpoints(deps: ImportDeps): Endpoint[] {
  const about = { tag: 'Discovery', permission: 'properties:create' } as const;
  const slugOf = (fips: string) => deps.countySlug?.(fips) ?? fips;
  return [
    ownEndpoint(
      {
        ...about,
        method: 'post',
        path: '/api/v1/imports',
        operationId: 'uploadImport',
        summary: 'Upload a CSV, TSV, JSON or saved HTML file',
        description: `The body is the file itself, of at most ${MAX_UPLOAD_BYTES / 1024 / 1024} MiB, plain or packed with gzip (then its name ends in .gz). The answer says what each column is taken for. Nothing is imported until it is run.`,
        query: z.object({
          county: text(60).openapi({ description: 'Slug or FIPS code of the rows', example: 'king-wa' }),
          file_name: text(200).regex(FILE_NAME, 'must be a name without a folder'),
          recipe: text(100).optional().openapi({ description: 'Column mapping by name; recognised when left out' }),
        }),
        takesFile: true,
        refusals: [402],
        answer: importDetail,
        status: 201,
        maxBodyBytes: MAX_UPLOAD_BYTES,
      },
      async ({ c, principal, query, inTenant }) => {
        const desk = partOf(deps.importDesk, 'Imports');
        const county = countyNamed(deps, query.county);
        // A body that was read for its Idempotency-Key is there again, but no longer as a stream.
        const stream = c.req.raw.bodyUsed ? new Response(await c.req.arrayBuffer()).body : c.req.raw.body;
        if (stream === null) throw new ReosError('validation', 'The body is empty: send the file.');
        const file = await desk.receive(stream, MAX_UPLOAD_BYTES);
        try {
          if (file.bytes === 0) throw new ReosError('validation', 'The body is empty: send the file.');
          const importId = randomUUID();
          const storageKey = `tenants/${principal.tenantId}/imports/${importId}`;
          const reading = { name: query.file_name, county, recipe: query.recipe ?? null, choices: [] };
          const analysis = await desk.analyse(principal.tenantId, file.path, reading);
          // The store counts the bytes against the plan, and gives them back where they cannot be written.
          await desk.store(storageKey, file);
          const row = await inTenant(async (trx) => {
            await insertImport(trx, {
              id: importId,
              fileName: query.file_name,
              storageKey,
              sha256: file.sha256,
              bytes: file.bytes,
              countyFips: county.fips,
              recipe: reading.recipe,
              analysis,
              createdBy: principal.id,
            });
            return findImport(trx, importId);
          });
          return detailOf(row!, slugOf);
        } finally {
          await file.remove();
        }
      },
    ),
    endpoint(
      {
        ...about,
        method: 'get',
        path: '/api/v1/imports',
        operationId: 'listImports',
        summary: 'Uploads, the newest first',
        query: z.object(pageQuery),
        answer: pageOf(importSummary),
      },
      async ({ trx, query }) => {
        const after = readTimeCursor('imports', query.cursor);
        const rows = await listImports(trx, { limit: query.limit + 1, after });
        return toPage(
          rows,
          query.limit,
          'imports',
          (row) => [row.micros, row.id],
          (row) => summaryOf(row, slugOf),
        );
      },
    ),
    endpoint(
      {
        ...about,
        method: 'get',
        path: '/api/v1/imports/{id}',
        operationId: 'readImport',
        summary: 'An upload: columns, problems, counts, the first rows, and what became of its run',
        params: idParams,
        answer: importDetail,
      },
      async ({ trx, params }) => {
        const row = await findImport(trx, params.id);
        if (row === undefined) throw unknownImport(params.id);
        return detailOf(row, slugOf);
      },
    ),
    ownEndpoint(
      {
        ...about,
        method: 'delete',
        path: '/api/v1/imports/{id}',
        operationId: 'deleteImport',
        summary: 'Delete an upload; what it brought stays',
        params: idParams,
        answer: null,
      },
      async ({ params, inTenant }) => {
        const desk = partOf(deps.importDesk, 'Imports');
        const gone = await inTenant(async (trx) => {
          const row = await findImport(trx, params.id);
          if (row === undefined) throw unknownImport(params.id);
          if (row.runId !== null && (row.runStatus === null || row.runStatus === 'running')) {
            throw new ReosError('conflict', 'The import runs just now. Delete it when it has ended.');
          }
          return deleteImport(trx, params.id);
        });
        if (gone !== undefined) await desk.remove(gone.storageKey);
      },
    ),
  ];
}

/** The refusal for an upload that the tenant does not have. */
export function unknownImport(importId: string): ReosError {
  return new ReosError('not_found', `There is no import ${importId}.`);
}
