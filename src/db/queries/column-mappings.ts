import { sql } from 'kysely';
import type { RecordKind } from '../../domain/listing.ts';
import type { MappedColumn } from '../../domain/valuation/sale-record.ts';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';

/** The mapping a person approved for this layout of this source, or null. */
export async function findColumnMapping(
  trx: TenantTrx,
  source: string,
  headersHash: string,
): Promise<MappedColumn[] | null> {
  const row = await trx.db
    .selectFrom('columnMappings')
    .select('mapping')
    .where('tenantId', '=', trx.tenantId)
    .where('source', '=', source)
    .where('headersHash', '=', headersHash)
    .executeTakeFirst();
  return row === undefined ? null : (row.mapping as unknown as MappedColumn[]);
}

/** Remembers an approval; a later one of the same layout replaces it. */
export async function saveColumnMapping(
  trx: TenantTrx,
  approval: { source: string; headersHash: string; recordKind: RecordKind; mapping: readonly MappedColumn[] },
): Promise<void> {
  const { source, headersHash, recordKind } = approval;
  const mapping = json(approval.mapping.map(({ column, field, unit, reason }) => ({ column, field, unit, reason })));
  await trx.db
    .insertInto('columnMappings')
    .values({ tenantId: trx.tenantId, source, headersHash, recordKind, mapping })
    .onConflict((oc) =>
      oc.columns(['tenantId', 'source', 'headersHash']).doUpdateSet({ recordKind, mapping, approvedAt: sql`now()` }),
    )
    .execute();
}
