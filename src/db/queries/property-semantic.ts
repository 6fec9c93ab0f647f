import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import { LIST_COLUMNS, type PropertyRow } from './property-list.ts';

/** The tenant's properties among the ids, as lists show them. */
export async function readSummaries(
  trx: TenantTrx,
  ids: readonly string[],
): Promise<Map<string, Omit<PropertyRow, 'sortKey'>>> {
  const rows = await trx.db
    .selectFrom('properties')
    .select(LIST_COLUMNS)
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
