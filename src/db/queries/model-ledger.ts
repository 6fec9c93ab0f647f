import { randomUUID } from 'node:crypto';
import type { TenantTrx } from '../tenant.ts';

/** Reserves what one question to a model may cost at most, in the transaction of the decision. In 1e-6 USD. */
export async function reserveModelCost(
  trx: TenantTrx,
  question: { resource: string; runId: string; costMicros: number; at: Date },
): Promise<string> {
  const id = randomUUID();
  const { resource, runId, costMicros, at } = question;
  await trx.db
    .insertInto('costLedger')
    .values({
      tenantId: trx.tenantId,
      id,
      resource,
      kind: 'model',
      reference: runId,
      costMicros,
      outcome: 'reserved',
      at,
    })
    .execute();
  return id;
}

/** Settles it: at its price, at nothing when it was refused, at what was reserved when nobody knows. */
export async function settleModelCost(
  trx: TenantTrx,
  id: string,
  settled: { outcome: 'ok'; costMicros: number } | { outcome: 'error' } | { outcome: 'unknown' },
): Promise<void> {
  await trx.db
    .updateTable('costLedger')
    .set(settled.outcome === 'error' ? { outcome: 'error', costMicros: 0 } : settled)
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .where('outcome', '=', 'reserved')
    .execute();
}
