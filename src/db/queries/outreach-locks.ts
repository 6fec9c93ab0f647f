import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/**
 * Takes the locks under which one send is decided: its row, its recipient (also under a second contact with the same
 * address) and its campaign, so that caps hold with any number of workers. Always in this order. A process that is
 * stopped while it has them loses them, with its transaction, after five seconds; others wait up to ten.
 */
export async function lockSend(trx: TenantTrx, send: { sendId: string; campaignId: string; addressHash: string }) {
  await sql`select set_config('idle_in_transaction_session_timeout', '5s', true)`.execute(trx.db);
  await trx.db
    .selectFrom('outreachMessages')
    .select('sendId')
    .where('tenantId', '=', trx.tenantId)
    .where('sendId', '=', send.sendId)
    .forUpdate()
    .execute();
  await lockAddresses(trx, [send.addressHash]);
  await trx.db
    .selectFrom('campaigns')
    .select('id')
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', send.campaignId)
    .forNoKeyUpdate()
    .execute();
}

/**
 * Waits until no send to these addresses is being decided, and keeps others from it until the transaction ends: whoever
 * takes this lock and then suppresses an address knows that nothing is reserved for it after the commit. To be taken
 * behind the rows of sends and before anything else, as the gate does.
 */
export async function lockAddresses(trx: TenantTrx, hashes: readonly string[]): Promise<void> {
  if (hashes.length === 0) return;
  const keys = hashes.map((hash) => `${trx.tenantId}:${hash}`);
  await sql`
    select pg_advisory_xact_lock(h) from (
      select distinct hashtextextended(k, 0) as h from unnest(${keys}::text[]) k order by h offset 0) s
  `.execute(trx.db);
}
