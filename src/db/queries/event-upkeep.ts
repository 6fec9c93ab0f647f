import { sql } from 'kysely';
import type { SystemTrx } from '../tenant.ts';

/** So many months the event log has partitions ahead: what comes without one goes to the default partition. */
const MONTHS_AHEAD = 3;

/**
 * Sees to it that the event log has partitions for the month that runs and the next ones; does nothing where they are.
 * Returns the first day of the last month that has one, as `2027-02-01`.
 */
export async function extendEventLog(trx: SystemTrx): Promise<string> {
  const { rows } = await sql<{ until: string }>`select extend_event_log(${MONTHS_AHEAD}::int)::text as until`.execute(
    trx.db,
  );
  return rows[0]?.until ?? '';
}

/**
 * Drops the months of the event log that ended before the time, which is 31 days ago at least. Returns their partitions'
 * names.
 */
export async function dropEventsBefore(trx: SystemTrx, before: Date): Promise<string[]> {
  const { rows } = await sql<{ dropped: string[] }>`select drop_events_before(${before}) as dropped`.execute(trx.db);
  return rows[0]?.dropped ?? [];
}
