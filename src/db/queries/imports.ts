import { sql } from 'kysely';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';
import { isAfter, microsOf, type TimePlace } from './time-place.ts';

/** A file that was uploaded to be imported. */
export interface ImportRow {
  id: string;
  fileName: string;
  storageKey: string;
  sha256: string;
  bytes: number;
  countyFips: string;
  recipe: string | null;
  /** What people said about single columns. */
  choices: unknown;
  /** What the file looks like, read with them. */
  analysis: unknown;
  approvedBy: string | null;
  approvedAt: Date | null;
  runId: string | null;
  startedAt: Date | null;
  createdAt: Date;
  /** `running`, `success` or `failed` once it was started. */
  runStatus: string | null;
  /** Why the run failed. */
  runDetail: string | null;
  itemsScraped: number | null;
  itemsFailed: number | null;
  itemsDuplicate: number | null;
}

function selectImports(trx: TenantTrx) {
  return trx.db
    .selectFrom('imports as i')
    .leftJoin('pipelineRuns as r', (join) =>
      join.onRef('r.tenantId', '=', 'i.tenantId').on('r.dagId', '=', 'import').onRef('r.dagRunId', '=', 'i.runId'),
    )
    .leftJoin('scrapingJobs as j', (join) =>
      join.onRef('j.tenantId', '=', 'i.tenantId').onRef('j.dagRunId', '=', 'i.runId'),
    )
    .select([
      'i.id',
      'i.fileName',
      'i.storageKey',
      'i.sha256',
      'i.bytes',
      'i.countyFips',
      'i.recipe',
      'i.choices',
      'i.analysis',
      'i.approvedBy',
      'i.approvedAt',
      'i.runId',
      'i.startedAt',
      'i.createdAt',
      'r.status as runStatus',
      'r.detail as runDetail',
      'j.itemsScraped',
      'j.itemsFailed',
      'j.itemsDuplicate',
      microsOf('i.createdAt').as('micros'),
    ])
    .where('i.tenantId', '=', trx.tenantId);
}

/** Uploads, the newest first. */
export function listImports(
  trx: TenantTrx,
  page: { limit: number; after: TimePlace | undefined },
): Promise<Array<ImportRow & { micros: number }>> {
  return selectImports(trx)
    .$if(page.after !== undefined, (query) => query.where(isAfter('i.createdAt', 'i.id', page.after!, 'desc')))
    .orderBy('i.createdAt', 'desc')
    .orderBy('i.id', 'desc')
    .limit(page.limit)
    .execute();
}

/** One upload; undefined when there is none of that id. */
export function findImport(trx: TenantTrx, importId: string): Promise<ImportRow | undefined> {
  return selectImports(trx).where('i.id', '=', importId).limit(1).executeTakeFirst();
}

/** Keeps an upload that lies in the store. */
export async function insertImport(
  trx: TenantTrx,
  upload: {
    id: string;
    fileName: string;
    storageKey: string;
    sha256: string;
    bytes: number;
    countyFips: string;
    recipe: string | null;
    analysis: unknown;
    createdBy: string;
  },
): Promise<void> {
  await trx.db
    .insertInto('imports')
    .values({ tenantId: trx.tenantId, ...upload, analysis: json(upload.analysis) })
    .execute();
}

/** Changes how the file is read; `approvedBy` null takes an approval back. False when there is none of that id. */
export async function updateImportMapping(
  trx: TenantTrx,
  importId: string,
  change: { choices: unknown; recipe: string | null; analysis: unknown; approvedBy: string | null },
): Promise<boolean> {
  const { numUpdatedRows } = await trx.db
    .updateTable('imports')
    .set({
      choices: json(change.choices),
      recipe: change.recipe,
      analysis: json(change.analysis),
      approvedBy: change.approvedBy,
      approvedAt: change.approvedBy === null ? null : sql<Date>`now()`,
    })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', importId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Remembers the run that reads the file. */
export async function startImport(
  trx: TenantTrx,
  importId: string,
  run: { workflowId: string; runId: string },
): Promise<void> {
  await trx.db
    .updateTable('imports')
    .set({ ...run, startedAt: sql<Date>`now()` })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', importId)
    .execute();
}

/** Forgets an upload; what it brought stays. Returns its key and size in the store; undefined when there is none. */
export function deleteImport(
  trx: TenantTrx,
  importId: string,
): Promise<{ storageKey: string; bytes: number } | undefined> {
  return trx.db
    .deleteFrom('imports')
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', importId)
    .returning(['storageKey', 'bytes'])
    .executeTakeFirst();
}
