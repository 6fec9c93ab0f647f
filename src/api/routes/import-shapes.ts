import { z } from '@hono/zod-openapi';
import type { ImportRow } from '../../db/queries/imports.ts';
import type { ImportAnalysis } from '../import-doors.ts';
import { id, instant } from '../kit/schemas.ts';

const IMPORT_STATES = ['uploaded', 'approved', 'running', 'success', 'failed'] as const;

/** An upload in a list. */
export const importSummary = z
  .object({
    id,
    file_name: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    county: z.string(),
    status: z.enum(IMPORT_STATES),
    problem: z
      .string()
      .nullable()
      .openapi({ description: 'Why it cannot be imported as it is, or why its run failed' }),
    rows_stored: z.int().nullable(),
    rows_refused: z.int().nullable(),
    rows_duplicate: z.int().nullable(),
    created_at: instant,
    started_at: instant.nullable(),
  })
  .openapi('Import');

const column = z.object({
  column: z.string(),
  field: z.string().nullable(),
  unit: z.string().nullable(),
  reason: z.string().openapi({ description: 'recipe, synonym, shape (guessed by its values), approved or unmapped' }),
  examples: z.array(z.string()),
});
const problem = z.object({
  field: z.string(),
  code: z.string(),
  refused: z.boolean(),
  count: z.int(),
  first: z.array(z.string()),
});

/** An upload with what its file looks like. */
export const importDetail = importSummary
  .extend({
    kind: z.string(),
    encoding: z.string().nullable(),
    delimiter: z.string().nullable(),
    record_kind: z.string().nullable(),
    recipe: z.string().nullable(),
    mapping: z.array(column),
    needs_approval: z.boolean(),
    notes: z.array(z.string()),
    counts: z.object({ rows: z.int(), valid: z.int(), refused: z.int() }).nullable(),
    problems: z.array(problem),
    headers: z.array(z.string()),
    preview: z.array(z.array(z.string())).openapi({ description: 'The first 20 rows as published' }),
  })
  .openapi('ImportDetail');

/** @param slugOf the county's slug of a FIPS code */
export function summaryOf(row: ImportRow, slugOf: (fips: string) => string): z.input<typeof importSummary> {
  const analysis = analysisOf(row);
  return {
    id: row.id,
    file_name: row.fileName,
    bytes: row.bytes,
    sha256: row.sha256,
    county: slugOf(row.countyFips),
    status: statusOf(row),
    problem: row.runDetail ?? analysis.problem,
    rows_stored: row.itemsScraped,
    rows_refused: row.itemsFailed,
    rows_duplicate: row.itemsDuplicate,
    created_at: row.createdAt,
    started_at: row.startedAt,
  };
}

/** @param slugOf the county's slug of a FIPS code */
export function detailOf(row: ImportRow, slugOf: (fips: string) => string): z.input<typeof importDetail> {
  const { mapping, counts, ...analysis } = analysisOf(row);
  return {
    ...summaryOf(row, slugOf),
    kind: analysis.kind,
    encoding: analysis.encoding,
    delimiter: analysis.delimiter,
    record_kind: mapping?.recordKind ?? null,
    recipe: row.recipe,
    mapping: mapping?.columns ?? [],
    needs_approval: mapping?.needsApproval === true && row.approvedAt === null,
    notes: analysis.notes,
    counts: counts && { rows: counts.rows, valid: counts.valid, refused: counts.refused },
    problems: counts?.problems ?? [],
    headers: analysis.headers,
    preview: analysis.preview,
  };
}

/** What is kept of a file's look; a row without one looks like nothing. */
export function analysisOf(row: Pick<ImportRow, 'analysis'>): ImportAnalysis {
  const nothing = { kind: 'csv_file', encoding: null, delimiter: null, headers: [], preview: [], mapping: null };
  return { ...nothing, notes: [], counts: null, problem: null, ...(row.analysis as Partial<ImportAnalysis>) };
}

function statusOf(row: ImportRow): (typeof IMPORT_STATES)[number] {
  const known = IMPORT_STATES.find((one) => one === row.runStatus);
  if (known !== undefined) return known;
  if (row.runId !== null) return 'running';
  return row.approvedAt === null ? 'uploaded' : 'approved';
}
