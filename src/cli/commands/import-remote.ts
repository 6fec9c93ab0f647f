import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ColumnChoice } from '../../activities/discover/column-choice.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';
import { type components, take } from '../../sdk/client.ts';
import type { Caller } from '../caller.ts';
import { countyOfImport } from '../file-place.ts';
import { discoveryAnswer } from './discover.ts';
import { mappingText, runText } from './import-mapping.ts';

type Import = components['schemas']['ImportDetail'];

/**
 * `reos import FILE --api URL`: uploads the file, says what its columns are, has it read, and waits for the end.
 * @throws ReosError `conflict` when columns were guessed and nobody approved them; the upload is deleted then
 */
export async function importRemotely(caller: Caller, file: string, options: Record<string, unknown>) {
  const { api, output } = caller;
  const uploaded = await upload(caller, file, options);
  const params = { path: { id: uploaded.id } };
  const isDry = options.dryRun === true;
  let found = uploaded;
  try {
    const columns = (options.map as ColumnChoice[] | undefined) ?? [];
    const approve = options.yes === true && !isDry;
    if (columns.length > 0 || approve) {
      const body = { columns, approve: approve || (columns.length > 0 && !isDry) };
      found = await take(api.PUT('/api/v1/imports/{id}/mapping', { params, body }));
    }
    const mapping = {
      record_kind: found.record_kind,
      mapping: found.mapping,
      notes: found.notes,
      needs_approval: found.needs_approval,
    };
    if (isDry) return answerDryRun(output, found, mapping);
    if (found.needs_approval) {
      output.progress(
        mappingText({ recordKind: found.record_kind ?? 'row', columns: found.mapping, notes: found.notes }),
      );
      throw new ReosError('conflict', 'Columns were guessed by their values. Add --yes when they are right, or --map.');
    }
    const body = { start_lifecycles: options.start !== false };
    let run = await take(api.POST('/api/v1/imports/{id}/run', { params, body }));
    while (run.status === 'running') {
      await sleep(500);
      run = await take(api.GET('/api/v1/imports/{id}', { params }));
    }
    const source = {
      jobId: null,
      source: run.recipe ?? run.file_name,
      scraped: run.rows_stored ?? 0,
      failed: run.rows_refused ?? 0,
      duplicate: run.rows_duplicate ?? 0,
      blocked: 0,
      problem: run.problem,
    };
    const problems = run.status === 'failed' ? [run.problem ?? 'The import failed.'] : [];
    const result = { workflowId: run.id, sources: [source], lifecyclesStarted: null, problems };
    return discoveryAnswer(output, run.county, result, { import_id: run.id, ...mapping });
  } finally {
    if (isDry || found.needs_approval) await take(api.DELETE('/api/v1/imports/{id}', { params }));
  }
}

async function upload(caller: Caller, file: string, options: Record<string, unknown>): Promise<Import> {
  const path = resolve(file);
  const name = basename(path);
  const bytes = await readFile(path).catch((cause: unknown) => {
    const message = `${path} cannot be read: ${messageOf(cause)}. Name a CSV, JSON or HTML file.`;
    throw new ReosError('validation', message, { cause });
  });
  const recipe = options.recipe as string | undefined;
  const overrides = (options.map as ColumnChoice[] | undefined) ?? [];
  // A county of the server need not be configured here: one that is named is not looked up.
  const county =
    options.county === undefined
      ? (await countyOfImport(caller, { path, name, recipe, overrides }, undefined)).slug
      : String(options.county);
  const query = { county, file_name: name, ...(recipe === undefined ? {} : { recipe }) };
  // The body is the file itself, which the types of the routes call text.
  const raw = {
    body: bytes,
    bodySerializer: (body: Uint8Array) => body,
    headers: { 'Content-Type': 'application/octet-stream' },
  } as unknown as { body: string };
  return take(caller.api.POST('/api/v1/imports', { params: { query }, ...raw }));
}

function answerDryRun(output: Caller['output'], found: Import, mapping: Record<string, unknown>): number {
  const { rows, valid, refused } = found.counts ?? { rows: 0, valid: 0, refused: 0 };
  const { file_name: file, county, problems } = found;
  const run = { rows, valid, refused, problems };
  const columns = { recordKind: found.record_kind ?? 'row', columns: found.mapping, notes: found.notes };
  const lines = [mappingText(columns), ...runText(run), 'Nothing was stored.'];
  output.answer({ file, county, ...mapping, ...run }, lines.join('\n'));
  return 0;
}
