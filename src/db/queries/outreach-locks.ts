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
  await lockRecipient(trx, send.addressHash);
  await trx.db
    .selectFrom('campaigns')
    .select('id')
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', send.campaignId)
    .forNoKeyUpdate()
    .execute();
}

/**
 * Waits until no send to the address is being decided, and keeps others from it until the transaction ends. What takes
 * this lock and then suppresses the address knows that nothing is reserved for it after the commit.
 */
export async function lockRecipient(trx: TenantTrx, addressHash: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${trx.tenantId}:${addressHash}`}, 0))`.execute(trx.db);
}
