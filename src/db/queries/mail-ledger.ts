import { randomUUID } from 'node:crypto';
import type { TenantTrx } from '../tenant.ts';

const referenceOf = (mailId: string) => `user_mail:${mailId}`;

/** Reserves the price of one attempt to mail a user, in the transaction of the decision. Costs in 1e-6 USD. */
export async function reserveMailCost(
  trx: TenantTrx,
  mail: { mailId: string; resource: string; costMicros: number; at: Date },
): Promise<void> {
  await trx.db
    .insertInto('costLedger')
    .values({
      tenantId: trx.tenantId,
      id: randomUUID(),
      resource: mail.resource,
      kind: 'send',
      reference: referenceOf(mail.mailId),
      costMicros: mail.costMicros,
      outcome: 'reserved',
      at: mail.at,
    })
    .execute();
}

/** Settles what is reserved: an attempt that was refused costs nothing, one whose outcome is unknown keeps its price. */
export async function settleMailCost(
  trx: TenantTrx,
  mailId: string,
  outcome: 'ok' | 'error' | 'unknown',
): Promise<void> {
  await trx.db
    .updateTable('costLedger')
    .set(outcome === 'error' ? { outcome, costMicros: 0 } : { outcome })
    .where('tenantId', '=', trx.tenantId)
    .where('reference', '=', referenceOf(mailId))
    .where('kind', '=', 'send')
    .where('outcome', '=', 'reserved')
    .execute();
}
