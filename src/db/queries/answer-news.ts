import { sql } from 'kysely';
import type { SystemTrx } from '../tenant.ts';

/** Where processes tell each other which kept answers are stale. */
export const ANSWER_NEWS = 'kept_answers';

/** Tells every process that listens, once the transaction is committed. Each text is below 8,000 bytes. */
export async function tellStale(trx: SystemTrx, texts: readonly string[]): Promise<void> {
  await sql`select pg_notify(${ANSWER_NEWS}, text) from unnest(${texts}::text[]) text`.execute(trx.db);
}
