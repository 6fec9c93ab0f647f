import { sql } from 'kysely';
import type { SystemTrx } from '../tenant.ts';

/** A signal that waits in the outbox. `payload` as its writer left it. */
export interface WaitingSignal {
  tenantId: string;
  id: number;
  propertyId: string;
  signal: string;
  payload: unknown;
  attempts: number;
}

/**
 * Locks the oldest waiting signal of up to `limit` properties. A property whose oldest is locked by another relay, or
 * backs off, is left out altogether, so that the order per property holds with any number of relays.
 */
export async function lockOldestSignals(trx: SystemTrx, limit: number, now: Date): Promise<WaitingSignal[]> {
  const { rows } = await sql<WaitingSignal>`
    select o.tenant_id, o.id, o.property_id, o.signal, o.payload, o.attempts from signal_outbox o
    where o.delivered_at is null and (o.retry_at is null or o.retry_at <= ${now})
      and not exists (select from signal_outbox e where e.tenant_id = o.tenant_id and e.property_id = o.property_id
        and e.delivered_at is null and e.id < o.id)
    order by o.id limit ${limit} for update of o skip locked
  `.execute(trx.db);
  return rows;
}

/** The signals that wait behind a locked one of the same property, in order. */
export async function listSignalsBehind(trx: SystemTrx, head: WaitingSignal, limit: number): Promise<WaitingSignal[]> {
  const { rows } = await sql<WaitingSignal>`
    select tenant_id, id, property_id, signal, payload, attempts from signal_outbox
    where tenant_id = ${head.tenantId} and property_id = ${head.propertyId} and delivered_at is null and id > ${head.id}
    order by id limit ${limit}
  `.execute(trx.db);
  return rows;
}

/** Marks a signal as delivered. */
export async function markSignalDelivered(trx: SystemTrx, signal: WaitingSignal, at: Date): Promise<void> {
  await trx.db
    .updateTable('signalOutbox')
    .set({ deliveredAt: at, attempts: signal.attempts + 1, lastError: null })
    .where('tenantId', '=', signal.tenantId)
    .where('id', '=', signal.id)
    .execute();
}

/** Keeps a signal for another try. */
export async function markSignalFailed(
  trx: SystemTrx,
  signal: WaitingSignal,
  error: string,
  retryAt: Date,
): Promise<void> {
  await trx.db
    .updateTable('signalOutbox')
    .set({ attempts: signal.attempts + 1, lastError: error.slice(0, 500), retryAt })
    .where('tenantId', '=', signal.tenantId)
    .where('id', '=', signal.id)
    .execute();
}
