import { sql } from 'kysely';
import type { PropertyStatus } from '../../domain/lifecycle.ts';
import type { TenantTrx } from '../tenant.ts';

// What may still move forward to each status; `failed` and `suppressed` wait for a person.
const BEFORE: Record<'contacted' | 'engaged', readonly PropertyStatus[]> = {
  contacted: ['new', 'ready', 'enriched', 'scored', 'packet_ready'],
  engaged: ['new', 'ready', 'enriched', 'scored', 'packet_ready', 'contacted'],
};

/** Moves the property forward and releases its hold. Returns false when it was there, further, failed or suppressed. */
export async function advanceProperty(
  trx: TenantTrx,
  propertyId: string,
  status: 'contacted' | 'engaged',
): Promise<boolean> {
  const moved = await trx.db
    .updateTable('properties')
    .set({ status, heldReason: null, heldUntil: null, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', propertyId)
    .where('status', 'in', BEFORE[status])
    .returning('id')
    .execute();
  return moved.length > 0;
}

/** Says on the property why its outreach waits and until when (null: a person has to act); a null reason releases it. */
export async function holdProperty(
  trx: TenantTrx,
  propertyId: string,
  hold: { reason: string | null; until: Date | null },
): Promise<void> {
  await trx.db
    .updateTable('properties')
    .set({ heldReason: hold.reason, heldUntil: hold.until, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', propertyId)
    .where('status', 'in', BEFORE.contacted)
    .where((where) =>
      where.or([
        where('heldReason', 'is distinct from', hold.reason),
        where('heldUntil', 'is distinct from', hold.until),
      ]),
    )
    .execute();
}
