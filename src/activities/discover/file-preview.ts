import type { RecordKind } from '../../domain/listing.ts';
import type { MappedColumn } from '../../domain/valuation/sale-record.ts';
import { type ColumnChoice, hashHeaders, understandColumns } from './column-choice.ts';
import { mapColumns } from './column-mapping.ts';
import type { Recipes } from './recipe-load.ts';
import { discover } from './registry.ts';
import { readSalesTable } from './sales-table.ts';
import type { DiscoverDeps, FileRequest, GivenColumns } from './source.ts';

/** So many rows show how a file's columns are written. */
const ROWS_LOOKED_AT = 20_000;

/** How a file will be read, before anything of it is stored. */
export interface FilePreview {
  recordKind: RecordKind;
  /** Name of the recipe's source, or `file`: under it an approval is remembered. */
  source: string;
  headersHash: string;
  columns: Array<MappedColumn & { examples: string[] }>;
  notes: string[];
  needsApproval: boolean;
  /** What the import is told, so that it reads as shown. */
  given: GivenColumns;
}

/** Which approved mapping belongs to a layout; null when none. */
export type FindApproved = (source: string, headersHash: string) => Promise<readonly MappedColumn[] | null>;

/**
 * Looks at the first rows of a table or JSON file and says what each column is taken for.
 * @throws ReosError as `readSalesTable` and `understandColumns`; with `details.missing` for required fields without a column
 */
export async function previewFile(
  path: string,
  file: string,
  options: { recipes: Recipes; recipe?: string; overrides?: readonly ColumnChoice[]; findApproved?: FindApproved },
): Promise<FilePreview> {
  const { findApproved, ...how } = options;
  const table = await readSalesTable(path, file, ROWS_LOOKED_AT);
  const headersHash = hashHeaders(table.headers);
  let understood = understandColumns(table, { ...how, file });
  const source = understood.mapping.source ?? 'file';
  const approved = (await findApproved?.(source, headersHash)) ?? null;
  if (approved !== null) understood = understandColumns(table, { ...how, file, approved });
  const { mapping, columns, notes, ignored } = understood;
  const given = { recordKind: mapping.recordKind, rules: [...mapping.rules], ignored: [...ignored] };
  // The import would refuse the file as a whole; better before anything is started.
  mapColumns(
    table.headers,
    { recipes: how.recipes, path, columns: given, ...(how.recipe && { recipe: how.recipe }) },
    file,
  );
  return {
    recordKind: mapping.recordKind,
    source,
    headersHash,
    columns: columns.map((column, i) => ({ ...column, examples: examplesOf(table.columns[i] ?? []) })),
    notes: [...table.notes, ...notes],
    needsApproval: understood.needsApproval && approved === null,
    given,
  };
}

/** Up to three distinct values of a column, cut short. */
export function examplesOf(texts: readonly string[]): string[] {
  const found = new Set<string>();
  for (const text of texts) {
    if (text !== '') found.add(text.slice(0, 24));
    if (found.size === 3) break;
  }
  return [...found];
}

/** What a dry run counted. */
export interface DryRun {
  rows: number;
  valid: number;
  refused: number;
  problems: Array<{ field: string; code: string; refused: boolean; count: number; first: string[] }>;
}

/** Reads the whole file as an import would and stores nothing. `clock` is today for the checks. */
export async function dryRunFile(
  clock: () => Date,
  kind: 'csv_file' | 'json_file',
  request: FileRequest,
): Promise<DryRun> {
  const run: DryRun = { rows: 0, valid: 0, refused: 0, problems: [] };
  const byKey = new Map<string, DryRun['problems'][number]>();
  const note = (finding: { field: string; code: string; message: string }, refused: boolean, where: string) => {
    const key = `${refused}|${finding.field}|${finding.code}`;
    const entry = byKey.get(key) ?? { field: finding.field, code: finding.code, refused, count: 0, first: [] };
    entry.count += 1;
    if (entry.first.length < 3) entry.first.push(`${where}: ${finding.message}`);
    byKey.set(key, entry);
  };
  for await (const item of discover(fileDeps(clock), kind, request)) {
    if (item.type === 'record') {
      run.valid += 1;
      for (const warning of item.warnings) note(warning, false, item.rowReference);
    } else if (item.type === 'quarantined') {
      run.refused += 1;
      for (const reason of item.reasons) note(reason, true, item.rowReference);
    }
  }
  run.rows = run.valid + run.refused;
  run.problems = [...byKey.values()].sort((a, b) => Number(b.refused) - Number(a.refused) || b.count - a.count);
  return run;
}

/** A file needs only the clock; nothing of it is fetched or saved. */
function fileDeps(clock: () => Date): DiscoverDeps {
  return {
    clock,
    http: { fetch: () => Promise.reject(new Error('a file is read without the network')) },
    userAgent: '',
    savePage: () => Promise.resolve(''),
  };
}
