import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import { csvCell } from './property-csv.ts';

/** A row of an upload that was not taken. */
export interface RefusedImportRow {
  /** Where it stands: `file.csv:12`. */
  rowReference: string;
  /** Line of the file; null where it has none. */
  line: number | null;
  /** `invalid`: fails the checks; `quota`: more than the plan allows. */
  kind: string;
  reasons: unknown;
  /** What was read of it. */
  payload: unknown;
}

/** Place after a row in the file's order; rows without a line are at its beginning. */
export interface RefusedPlace {
  line: number;
  rowReference: string;
}

const LINE = sql<number | null>`substring(q.row_reference from ':(\\d{1,9})$')::int`;

function refusedOf(trx: TenantTrx, runId: string) {
  return trx.db
    .selectFrom('quarantine as q')
    .innerJoin('scrapingJobs as j', (join) => join.onRef('j.tenantId', '=', 'q.tenantId').onRef('j.id', '=', 'q.jobId'))
    .where('q.tenantId', '=', trx.tenantId)
    .where('j.dagRunId', '=', runId);
}

/** Refused rows of the run that read an upload, in the file's order. */
export function listImportRefused(
  trx: TenantTrx,
  runId: string,
  page: { after: RefusedPlace | undefined; limit: number },
): Promise<RefusedImportRow[]> {
  const { after } = page;
  return refusedOf(trx, runId)
    .select(['q.rowReference', 'q.kind', 'q.reasons', 'q.payload'])
    .select(LINE.as('line'))
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(coalesce(${LINE}, 0), q.row_reference) > (${after?.line ?? 0}, ${after?.rowReference ?? ''})`,
      ),
    )
    .orderBy(sql`coalesce(${LINE}, 0)`)
    .orderBy('q.rowReference')
    .limit(page.limit)
    .execute();
}

/** Names of what was read of the refused rows, by name; at most 300. */
export async function listRefusedFields(trx: TenantTrx, runId: string): Promise<string[]> {
  const rows = await trx.db
    .selectFrom(
      refusedOf(trx, runId)
        .where(sql<boolean>`jsonb_typeof(q.payload) = 'object'`)
        .select(sql<string>`jsonb_object_keys(q.payload)`.as('name'))
        .as('names'),
    )
    .select('name')
    .distinct()
    .orderBy('name')
    .limit(300)
    .execute();
  return rows.map(({ name }) => name);
}

/** The sentences of the reasons, one after another. */
export function refusalText(reasons: unknown): string {
  const list = Array.isArray(reasons) ? (reasons as Array<{ field?: unknown; message?: unknown }>) : [];
  return list.map(({ field, message }) => String(message ?? field ?? '')).join(' ');
}

/** A refused row as a line of CSV: line, reasons, then what was read, in the order of the names. */
export function refusedCsvLine(row: RefusedImportRow, names: readonly string[]): string {
  const payload = (typeof row.payload === 'object' && row.payload !== null ? row.payload : {}) as Record<
    string,
    unknown
  >;
  const cells = names.map((name) => csvCell(plain(payload[name])));
  return `${[csvCell(row.line), csvCell(refusalText(row.reasons)), ...cells].join(',')}\r\n`;
}

function plain(value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
}
