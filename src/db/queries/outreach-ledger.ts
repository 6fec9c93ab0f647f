import { randomUUID } from 'node:crypto';
import type { TenantTrx } from '../tenant.ts';

/** Reserves the price of one attempt in the cost ledger, in the transaction of the decision. Costs in 1e-6 USD. */
export async function reserveSendCost(
  trx: TenantTrx,
  send: { sendId: string; propertyId: string; resource: string; costMicros: number; at: Date },
): Promise<void> {
  await trx.db
    .insertInto('costLedger')
    .values({
      tenantId: trx.tenantId,
      id: randomUUID(),
      resource: send.resource,
      kind: 'send',
      propertyId: send.propertyId,
      reference: send.sendId,
      costMicros: send.costMicros,
      outcome: 'reserved',
      at: send.at,
    })
    .execute();
}

/** Settles the open attempt: a refused one costs nothing, one whose outcome is unknown keeps its price. */
export async function settleSendCost(
  trx: TenantTrx,
  send: { sendId: string; propertyId: string },
  outcome: 'ok' | 'error' | 'unknown',
): Promise<void> {
  await trx.db
    .updateTable('costLedger')
    .set(outcome === 'error' ? { outcome, costMicros: 0 } : { outcome })
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', send.propertyId)
    .where('reference', '=', send.sendId)
    .where('kind', '=', 'send')
    .where('outcome', 'in', outcome === 'ok' ? ['reserved', 'unknown'] : ['reserved'])
    .execute();
}
