import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/** So many notes of changes are kept before they are folded into one per table. */
const MOST_NOTES = 200;

/**
 * What the tenant's feeds and marts stand at: by table a word that is another one after every committed change of its
 * rows, and never the same again. Tables without a change are missing.
 */
export async function readMarketState(trx: TenantTrx): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ source: string; state: string }>`
    select source, md5(string_agg(id::text, ',' order by id)) as state from mart.changes
    where tenant_id = ${trx.tenantId} group by source`.execute(trx.db);
  return new Map(rows.map(({ source, state }) => [source, state]));
}

/** Puts one new note in the place of many. Its number is a new one: what was kept under the old ones is not found again. */
export async function foldMarketChanges(trx: TenantTrx, most = MOST_NOTES): Promise<void> {
  const { tenantId } = trx;
  await sql`
    with many as (select count(*) > ${most} as is_so from mart.changes where tenant_id = ${tenantId}),
    gone as (delete from mart.changes where tenant_id = ${tenantId} and (select is_so from many) returning source)
    insert into mart.changes (tenant_id, source) select ${tenantId}::uuid, source from gone group by source`.execute(
    trx.db,
  );
}
