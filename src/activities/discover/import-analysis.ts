import type { County } from '../../domain/county.ts';
import { ReosError } from '../../domain/errors.ts';
import { type ColumnChoice, parseColumnChoice } from './column-choice.ts';
import { type DryRun, dryRunFile, type FilePreview, type FindApproved, previewFile } from './file-preview.ts';
import { scanFile } from './file-scan.ts';
import type { Recipes } from './recipe-load.ts';
import { kindOfFile } from './registry.ts';
import { readSalesTable } from './sales-table.ts';
import type { SourceKind } from './source.ts';

/** Rows that a person is shown. */
const SHOWN_ROWS = 20;

/** An uploaded file on this machine's disk, and how it is to be read. */
export interface UploadedFile {
  path: string;
  /** What the uploader calls it: the ending tells the kind. */
  name: string;
  county: County;
  recipe: string | null;
  choices: readonly ColumnChoice[];
}

/** What a file looks like when it is imported, before anything of it is. */
export interface ImportAnalysis {
  kind: Exclude<SourceKind, 'listing_site'>;
  encoding: string | null;
  /** Between the values of a table; null for JSON and pages. */
  delimiter: string | null;
  headers: string[];
  /** The first rows as published. */
  preview: string[][];
  /** The columns as they will be read; null when they cannot be, and for a page. */
  mapping: Pick<FilePreview, 'recordKind' | 'source' | 'headersHash' | 'columns' | 'needsApproval' | 'given'> | null;
  notes: string[];
  /** Null when the file cannot be read as a whole. */
  counts: DryRun | null;
  /** Why the file cannot be imported as it is; null when it can. */
  problem: string | null;
}

/**
 * Reads a file as an import would and stores nothing. A file that cannot be imported as it is says why in `problem`.
 * @throws ReosError for what is wrong with the choices
 */
export async function analyseImport(
  deps: { recipes: Recipes; clock: () => Date; findApproved: FindApproved },
  { path, name, county, recipe, choices }: UploadedFile,
): Promise<ImportAnalysis> {
  const kind = kindOfFile(name);
  const empty = {
    kind,
    encoding: null,
    delimiter: null,
    headers: [],
    preview: [],
    mapping: null,
    notes: [],
    counts: null,
  };
  if (kind === 'saved_page') return { ...empty, problem: null };
  let seen: Pick<ImportAnalysis, 'encoding' | 'delimiter' | 'headers' | 'preview' | 'notes'> = empty;
  try {
    const { encoding } = await scanFile(path, name);
    const table = await readSalesTable(path, name, SHOWN_ROWS);
    const preview = table.lines.map((_, row) => table.columns.map((column) => (column[row] ?? '').slice(0, 200)));
    seen = { encoding, delimiter: table.delimiter, headers: table.headers, preview, notes: table.notes };
    const how = { recipes: deps.recipes, ...(recipe !== null && { recipe }) };
    const { notes, ...mapping } = await previewFile(path, name, {
      ...how,
      overrides: choices,
      findApproved: deps.findApproved,
    });
    const counts = await dryRunFile(deps.clock, kind, {
      ...how,
      path,
      displayName: name,
      countyFips: county.fips,
      countyBox: county.bounds,
      columns: mapping.given,
    });
    return { kind, ...seen, mapping, notes, counts, problem: null };
  } catch (error) {
    // A slip in what the caller said is the caller's to mend; what the file says stays with the file.
    if (!(error instanceof ReosError) || 'column' in error.details || error.code === 'transient') throw error;
    return { ...empty, ...seen, problem: error.message };
  }
}

/** What a person says about one column. `field` null keeps it as it is published; `ignore` drops it. */
export interface SaidColumn {
  column: string;
  field: string | null;
  unit?: string | null | undefined;
  ignore?: boolean | undefined;
}

/** @throws ReosError `validation` for a field or unit that there is not, naming the nearest */
export function readChoices(said: readonly SaidColumn[]): ColumnChoice[] {
  return said.map(({ column, field, unit = null, ignore }) => {
    if (ignore === true) return { column, field: null, unit: null, ignore: true };
    if (field === null) return { column, field: null, unit: null };
    // The header may hold anything, so it is not sent through the text form.
    const choice = parseColumnChoice(`column=${field}${unit === null ? '' : `:${unit}`}`);
    return { ...choice, column };
  });
}
