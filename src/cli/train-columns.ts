import { basename } from 'node:path';
import { type ColumnChoice, hashHeaders, understandColumns } from '../activities/discover/column-choice.ts';
import { proposeColumns } from '../activities/discover/column-mapping.ts';
import { examplesOf, type FindApproved } from '../activities/discover/file-preview.ts';
import type { Recipes } from '../activities/discover/recipe-load.ts';
import { describeMapping, readSalesFile } from '../activities/discover/sales-file.ts';
import { readSalesTable } from '../activities/discover/sales-table.ts';
import { saveColumnMapping } from '../db/queries/column-mappings.ts';
import { withTenant } from '../db/tenant.ts';
import { messageOf } from '../domain/errors.ts';
import type { MappedColumn } from '../domain/valuation/sale-record.ts';
import { approvedColumns, withApprovals } from './approved-columns.ts';
import { ask, isAtTerminal, mappingText } from './commands/import-mapping.ts';
import { type CommandContext, chooseOrMakeTenant, useSystem } from './context.ts';
import type { FiledUnder } from './file-place.ts';

/** What `reos train` is told of a file's columns. */
export interface TrainColumns {
  path: string;
  recipes: Recipes;
  recipe: string | undefined;
  overrides: readonly ColumnChoice[];
  /** `--yes`. */
  approve: boolean;
  /** False: there is no database to remember an approval in. */
  save: boolean;
}

/** The layout of a sales file with what each column is taken for. */
interface Layout {
  source: string;
  headersHash: string;
  columns: Array<MappedColumn & { examples: string[] }>;
  notes: string[];
  needsApproval: boolean;
}

const ROWS_LOOKED_AT = 20_000;

/** @throws ReosError `validation` when no column holds the price */
async function lookAt(columns: TrainColumns, findApproved?: FindApproved): Promise<Layout> {
  const { path, recipes, recipe, overrides } = columns;
  const file = basename(path);
  const table = await readSalesTable(path, file, ROWS_LOOKED_AT);
  const named = { recipes, ...(recipe && { recipe }) };
  const headersHash = hashHeaders(table.headers);
  // What was approved may be the only word on the price: it is looked up before anything is missed.
  const source = proposeColumns(table.headers, { ...named, path }, file).source ?? 'file';
  const approved = (await findApproved?.(source, headersHash)) ?? null;
  const found = understandColumns(table, { ...named, overrides, file, recordKind: 'sale', approved });
  return {
    source,
    headersHash,
    columns: found.columns.map((column, i) => ({ ...column, examples: examplesOf(table.columns[i] ?? []) })),
    notes: [...table.notes, ...found.notes],
    needsApproval: found.needsApproval && approved === null,
  };
}

/**
 * The columns to train with: those approved for the layout, else the proposal, which is shown where something was guessed,
 * and asked about once where a person sits. An approval is remembered for this layout of this source.
 * @returns the columns to hold to, null to read the file by its headers; `declined` when the person said no
 */
export async function settleTrainColumns(
  context: CommandContext,
  columns: TrainColumns,
): Promise<readonly MappedColumn[] | null | 'declined'> {
  const { path, recipes, recipe, save } = columns;
  const known = save ? await approvedColumns(context, path, { recipes, recipe }) : null;
  if (known !== null && !columns.approve) return known;
  const layout = await lookAt(columns, async () => known);
  let isApproved = columns.approve;
  if (layout.needsApproval && !isApproved) {
    context.output.progress(mappingText({ recordKind: 'sale', ...layout }));
    if (!isAtTerminal(context)) return null;
    if (!(await ask('Train with these columns, and remember them for files of this layout? (y/N) '))) return 'declined';
    isApproved = true;
  }
  if (isApproved && save) await remember(context, layout);
  return isApproved ? layout.columns : null;
}

/** A database that cannot be had now does not stop the training. */
async function remember(context: CommandContext, { source, headersHash, columns }: Layout): Promise<void> {
  try {
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseOrMakeTenant(context, system.db);
      const approval = { source, headersHash, recordKind: 'sale' as const, mapping: columns };
      await withTenant(system.db, tenant.id, (trx) => saveColumnMapping(trx, approval));
    });
  } catch (error) {
    context.output.progress(`The columns cannot be remembered: ${messageOf(error)}`);
  }
}

/** `reos train --dry-run`: mapping, problems and counts; nothing is trained and nothing stored. */
export async function dryRunTraining(context: CommandContext, columns: TrainColumns, filed: FiledUnder): Promise<void> {
  const { path, recipes, recipe, overrides } = columns;
  await withApprovals(context, async (findApproved) => {
    let approved: readonly MappedColumn[] | null = null;
    const layout = await lookAt(columns, async (source, headersHash) => {
      approved = (await findApproved?.(source, headersHash)) ?? null;
      return approved;
    });
    const data = await readSalesFile(path, { recipes, approved, overrides, ...(recipe && { recipe }) });
    const object = {
      file: data.source,
      market: filed.market,
      market_reason: filed.reason,
      mapping: layout.columns,
      needs_approval: layout.needsApproval,
      counts: data.counts,
      notes: data.notes,
    };
    const text = [
      mappingText({ recordKind: 'sale', columns: layout.columns, notes: [] }),
      describeMapping({ ...data, mapping: [] }),
      `The model would be filed under ${filed.market}: ${filed.reason}.`,
      'Nothing was trained or stored.',
    ];
    context.output.answer(object, text.join('\n'));
  });
}
