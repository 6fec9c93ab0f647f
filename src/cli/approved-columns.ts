import { basename } from 'node:path';
import { hashHeaders } from '../activities/discover/column-choice.ts';
import { proposeColumns } from '../activities/discover/column-mapping.ts';
import type { FindApproved } from '../activities/discover/file-preview.ts';
import type { Recipes } from '../activities/discover/recipe-load.ts';
import { readSalesTable } from '../activities/discover/sales-table.ts';
import { findColumnMapping } from '../db/queries/column-mappings.ts';
import { withTenant } from '../db/tenant.ts';
import { messageOf, ReosError } from '../domain/errors.ts';
import type { MappedColumn } from '../domain/valuation/sale-record.ts';
import { reosHome } from '../runtime/home.ts';
import { knownDataDir } from '../runtime/postgres-cluster.ts';
import { readRunningSystem } from '../runtime/state.ts';
import { type CommandContext, chooseTenant, useSystem } from './context.ts';

/** Runs with what the tenant approved of columns, where a system runs; without one, or without a tenant, with nothing. */
export async function withApprovals<T>(context: CommandContext, work: (find?: FindApproved) => Promise<T>): Promise<T> {
  if (readRunningSystem(reosHome(context.settings.home)) === null) return work();
  return withDatabase(context, work);
}

function withDatabase<T>(context: CommandContext, work: (find?: FindApproved) => Promise<T>): Promise<T> {
  return useSystem(context, { services: false }, async (system) => {
    const tenant = await chooseTenant(context, system.db).catch((error: unknown) => {
      if (error instanceof ReosError && error.code === 'not_found') return null;
      throw error;
    });
    if (tenant === null) return work();
    return work((source, headersHash) =>
      withTenant(system.db, tenant.id, (trx) => findColumnMapping(trx, source, headersHash)),
    );
  });
}

/**
 * The columns that the tenant approved for the layout of a sales file; null when none, or when there is no database yet.
 * A database that does not answer is told as progress: the file is then read by its headers alone.
 * @throws ReosError as `readSalesTable` does, for a file that cannot be read
 */
export async function approvedColumns(
  context: CommandContext,
  path: string,
  options: { recipes: Recipes; recipe: string | undefined },
): Promise<readonly MappedColumn[] | null> {
  const { settings, output } = context;
  const home = reosHome(settings.home);
  const isThere = readRunningSystem(home) !== null || settings.databaseUrl !== undefined || knownDataDir(home) !== null;
  if (!isThere) return null;
  const file = basename(path);
  const { headers } = await readSalesTable(path, file, 1);
  const { recipes, recipe } = options;
  const { source } = proposeColumns(headers, { recipes, path, ...(recipe && { recipe }) }, file);
  try {
    return await withDatabase(context, async (find) => (await find?.(source ?? 'file', hashHeaders(headers))) ?? null);
  } catch (error) {
    output.progress(`Approved columns cannot be looked up: ${messageOf(error)}`);
    return null;
  }
}
