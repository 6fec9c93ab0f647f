import { z } from '@hono/zod-openapi';
import { saveColumnMapping } from '../../db/queries/column-mappings.ts';
import { findImport, startImport, updateImportMapping } from '../../db/queries/imports.ts';
import type { County } from '../../domain/county.ts';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { idParams, text } from '../kit/schemas.ts';
import { countiesOf } from './county-book.ts';
import { analysisOf, detailOf, importDetail } from './import-shapes.ts';
import { type ImportDeps, unknownImport } from './imports.ts';
import { partOf } from './missing-part.ts';

const column = z.strictObject({
  column: text(300).openapi({ description: 'Header, in any spelling of case and punctuation' }),
  field: text(60).nullable().openapi({ description: 'RESO field; null keeps the column as it is published' }),
  unit: text(30).nullable().optional(),
  ignore: z.boolean().optional().openapi({ description: 'The column is not used at all' }),
});

/** Saying how an upload is read, and having it read. */
export function importRunEndpoints(deps: ImportDeps): Endpoint[] {
  const about = { tag: 'Discovery', permission: 'properties:create', params: idParams } as const;
  const slugOf = (fips: string) => deps.countySlug?.(fips) ?? fips;
  return [
    ownEndpoint(
      {
        ...about,
        method: 'put',
        path: '/api/v1/imports/{id}/mapping',
        operationId: 'setImportMapping',
        summary: 'Say what columns are, and approve how the file is read',
        description:
          'An approval is remembered for files of the same layout. The columns that are not named stay as proposed.',
        body: z.strictObject({
          columns: z.array(column).max(500).default([]),
          recipe: text(100).nullable().optional(),
          approve: z.boolean().default(true),
        }),
        answer: importDetail,
      },
      async ({ principal, params, body, inTenant }) => {
        const desk = partOf(deps.importDesk, 'Imports');
        const row = await inTenant((trx) => findImport(trx, params.id));
        if (row === undefined) throw unknownImport(params.id);
        const county = countyOfFips(deps, row.countyFips);
        const recipe = body.recipe === undefined ? row.recipe : body.recipe;
        const reading = { name: row.fileName, county, recipe, choices: body.columns };
        const analysis = await desk.analyseStored(principal.tenantId, row.storageKey, reading);
        const approved = body.approve && analysis.problem === null;
        const changed = await inTenant(async (trx) => {
          if (approved && analysis.mapping !== null) {
            const { source, headersHash, recordKind, columns } = analysis.mapping;
            await saveColumnMapping(trx, { source, headersHash, recordKind, mapping: columns });
          }
          const approvedBy = approved ? principal.id : null;
          await updateImportMapping(trx, params.id, { choices: body.columns, recipe, analysis, approvedBy });
          return findImport(trx, params.id);
        });
        if (changed === undefined) throw unknownImport(params.id);
        return detailOf(changed, slugOf);
      },
    ),
    ownEndpoint(
      {
        ...about,
        method: 'post',
        path: '/api/v1/imports/{id}/run',
        operationId: 'runImport',
        summary: 'Read the file into properties; what becomes of it is in the import',
        body: z.strictObject({ start_lifecycles: z.boolean().default(true) }),
        answer: importDetail,
        status: 202,
      },
      async ({ principal, params, body, inTenant }) => {
        const desk = partOf(deps.importDesk, 'Imports');
        const row = await inTenant((trx) => findImport(trx, params.id));
        if (row === undefined) throw unknownImport(params.id);
        const analysis = analysisOf(row);
        if (analysis.problem !== null) {
          throw new ReosError('conflict', `The file cannot be imported as it is: ${analysis.problem}`);
        }
        if (analysis.mapping?.needsApproval === true && row.approvedAt === null) {
          throw new ReosError('conflict', 'Columns were guessed by their values. Approve them first: PUT the mapping.');
        }
        const run = await desk.run({
          tenantId: principal.tenantId,
          county: countyOfFips(deps, row.countyFips).slug,
          name: row.fileName,
          key: row.storageKey,
          sha256: row.sha256,
          recipe: row.recipe,
          analysis,
          startLifecycles: body.start_lifecycles,
        });
        const started = await inTenant(async (trx) => {
          await startImport(trx, params.id, run);
          return findImport(trx, params.id);
        });
        if (started === undefined) throw unknownImport(params.id);
        return detailOf(started, slugOf);
      },
    ),
  ];
}

function countyOfFips(deps: ImportDeps, fips: string): County {
  const county = countiesOf(deps).byFips(fips);
  if (county !== undefined) return county;
  throw new ReosError(
    'conflict',
    `The county ${fips} of the import is not configured any more. Upload the file again.`,
  );
}
