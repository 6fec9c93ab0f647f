import { createInterface } from 'node:readline/promises';
import { type ColumnChoice, parseColumnChoice } from '../../activities/discover/column-choice.ts';
import {
  type DryRun,
  dryRunFile,
  type FilePreview,
  type FindApproved,
  previewFile,
} from '../../activities/discover/file-preview.ts';
import { loadRecipes, type Recipes } from '../../activities/discover/recipe-load.ts';
import { kindOfFile } from '../../activities/discover/registry.ts';
import { findColumnMapping, saveColumnMapping } from '../../db/queries/column-mappings.ts';
import { withTenant } from '../../db/tenant.ts';
import type { County } from '../../domain/county.ts';
import { ReosError } from '../../domain/errors.ts';
import type { CommandContext, OpenSystem } from '../context.ts';
import { table } from '../output.ts';

/** Collects a repeated `--map`. */
export function collectChoice(text: string, before: ColumnChoice[] = []): ColumnChoice[] {
  return [...before, parseColumnChoice(text)];
}

/** What the options of an import say about its columns. */
export interface ImportOptions {
  path: string;
  name: string;
  recipe: string | undefined;
  overrides: readonly ColumnChoice[];
  approve: boolean;
}

/** The file's columns as they will be read; null for a saved page, which has none. */
export async function previewImport(
  context: CommandContext,
  options: ImportOptions,
  findApproved?: FindApproved,
): Promise<FilePreview | null> {
  if (kindOfFile(options.name) === 'saved_page') return null;
  const recipes = await loadRecipes(context.settings.configDir);
  return preview(recipes, options, findApproved);
}

function preview(recipes: Recipes, { path, name, recipe, overrides }: ImportOptions, findApproved?: FindApproved) {
  return previewFile(path, name, {
    recipes,
    overrides,
    ...(recipe && { recipe }),
    ...(findApproved && { findApproved }),
  });
}

/**
 * The columns to import with: asks once where a person sits and something was guessed, and remembers the answer. A file
 * that cannot be read at all is left to the import, whose run keeps the reason.
 * @returns null when the person said no
 */
export async function settleColumns(
  context: CommandContext,
  system: OpenSystem,
  tenantId: string,
  options: ImportOptions,
): Promise<FilePreview | 'declined' | null> {
  const found = await previewImport(context, options, (source, headersHash) =>
    withTenant(system.db, tenantId, (trx) => findColumnMapping(trx, source, headersHash)),
  ).catch((error: unknown) => {
    if (error instanceof ReosError && !('missing' in error.details) && !('column' in error.details)) return null;
    throw error;
  });
  if (found === null) return null;
  let approved = options.approve;
  if (found.needsApproval && !approved) {
    context.output.progress(mappingText(found));
    if (isAtTerminal(context)) {
      if (!(await ask('Import with these columns, and remember them for files of this layout? (y/N) ')))
        return 'declined';
      approved = true;
    }
  }
  if (approved) {
    const { source, headersHash, recordKind, columns } = found;
    await withTenant(system.db, tenantId, (trx) =>
      saveColumnMapping(trx, { source, headersHash, recordKind, mapping: columns }),
    );
  }
  return found;
}

/** Whether a person sits there who can be asked. */
export function isAtTerminal({ output }: Pick<CommandContext, 'output'>): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true && !output.json;
}

/** Asks a person; anything but yes is no. */
export async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}

/** `--dry-run`: mapping, problems and counts; nothing is stored. */
export async function dryRun(
  context: CommandContext,
  county: County,
  options: ImportOptions,
  findApproved?: FindApproved,
): Promise<void> {
  const recipes = await loadRecipes(context.settings.configDir);
  const kind = kindOfFile(options.name);
  if (kind === 'saved_page') {
    context.output.answer({ file: options.name, mapping: [] }, `${options.name} is a saved page: it has no columns.`);
    return;
  }
  const found = await preview(recipes, options, findApproved);
  const run = await dryRunFile(() => new Date(), kind, {
    recipes,
    path: options.path,
    displayName: options.name,
    countyFips: county.fips,
    countyBox: county.bounds,
    columns: found.given,
    ...(options.recipe && { recipe: options.recipe }),
  });
  const object = {
    file: options.name,
    county: county.slug,
    ...mappingObject(found),
    rows: run.rows,
    valid: run.valid,
    refused: run.refused,
    problems: run.problems,
  };
  context.output.answer(object, [mappingText(found), ...runText(run), 'Nothing was stored.'].join('\n'));
}

/** The mapping as part of a JSON answer. */
export function mappingObject(found: FilePreview): Record<string, unknown> {
  const { recordKind, columns, notes, needsApproval } = found;
  return { record_kind: recordKind, mapping: columns, notes, needs_approval: needsApproval };
}

/** The columns of a file and what they are taken for, as a person reads them. */
export function mappingText({
  recordKind,
  columns,
  notes,
}: {
  recordKind: string;
  columns: ReadonlyArray<{
    column: string;
    field: string | null;
    unit: string | null;
    reason: string;
    examples: readonly string[];
  }>;
  notes: readonly string[];
}): string {
  const rows = columns.map(({ column, field, unit, reason, examples }) => ({
    column,
    field: field ?? '(kept as it is)',
    unit: unit ?? '',
    why: reason,
    examples: examples.join(' | '),
  }));
  return [
    `The rows are read as ${recordKind}s.`,
    table(rows, ['column', 'field', 'unit', 'why', 'examples']),
    ...notes.map((note) => `note: ${note}`),
  ].join('\n');
}

/** What would be stored and refused, and the first lines of each problem. */
export function runText({
  rows,
  valid,
  refused,
  problems,
}: Pick<DryRun, 'rows' | 'valid' | 'refused' | 'problems'>): string[] {
  return [
    `${rows} rows: ${valid} would be stored, ${refused} refused.`,
    ...problems.flatMap(({ field, code, refused: isRefusal, count, first }) => [
      `${isRefusal ? 'refused' : 'warning'}: ${field} ${code}, ${count} times`,
      ...first.map((line) => `  ${line}`),
    ]),
  ];
}
