import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/** How far a source has been read. */
export interface PullState {
  cursor: string | null;
  reconciledAt: Date | null;
}

/** Where a source stands; nothing read yet when it is new. */
export async function readPull(trx: TenantTrx, source: string): Promise<PullState> {
  const row = await trx.db
    .selectFrom('raw.pulls')
    .select(['cursor', 'reconciledAt'])
    .where('tenantId', '=', trx.tenantId)
    .where('source', '=', source)
    .executeTakeFirst();
  return row ?? { cursor: null, reconciledAt: null };
}

/** Writes down how far a source has been read: in the transaction that keeps what was read. */
export async function putPull(
  trx: TenantTrx,
  source: string,
  state: { cursor?: string | null; pulledAt?: Date; reconciledAt?: Date },
): Promise<void> {
  await trx.db
    .insertInto('raw.pulls')
    .values({ tenantId: trx.tenantId, source, ...state })
    .onConflict((oc) => oc.columns(['tenantId', 'source']).doUpdateSet(state))
    .execute();
}

/** Removes listings that their source has withdrawn; returns how many there were. */
export async function removeListings(trx: TenantTrx, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { numDeletedRows } = await trx.db
    .deleteFrom('raw.mlsListings')
    .where('tenantId', '=', trx.tenantId)
    .where('listingId', '=', sql<string>`any(${[...ids]}::text[])`)
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** The listings that a source brought last, by the loads of its name. */
export async function listingsOf(trx: TenantTrx, source: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select listing_id as id from raw.mls_listings m
    join raw.loads l on l.tenant_id = m.tenant_id and l.id = m.load_id
    where m.tenant_id = ${trx.tenantId} and l.origin = ${source} order by 1`.execute(trx.db);
  return rows.map(({ id }) => id);
}
