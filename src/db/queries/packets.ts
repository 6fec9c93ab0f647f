import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

export interface NewPacket {
  propertyId: string;
  scoreId: string;
  templateVersion: string;
  path: string;
  sha256: string;
  bytes: number;
  pages: number;
  /** The A/B variant of the template; null when none is tried. */
  variant?: string | null;
}

/** Records a memo as the property's current one; the ones before it are superseded. `isNew` is false when the same bytes were there. */
export async function savePacket(trx: TenantTrx, packet: NewPacket): Promise<{ id: string; isNew: boolean }> {
  const before = await currentPacket(trx, packet.propertyId);
  const { id } = await trx.db
    .insertInto('actionPackets')
    .values({ tenantId: trx.tenantId, kind: 'investor_memo', ...packet })
    .onConflict((oc) =>
      oc.columns(['tenantId', 'propertyId', 'kind', 'scoreId', 'templateVersion']).doUpdateSet({
        path: packet.path,
        sha256: packet.sha256,
        bytes: packet.bytes,
        pages: packet.pages,
        variant: packet.variant ?? null,
        status: 'generated',
        createdAt: sql`now()`,
      }),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  await trx.db
    .updateTable('actionPackets')
    .set({ status: 'superseded' })
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', packet.propertyId)
    .where('id', '!=', id)
    .execute();
  return { id, isNew: before?.id !== id || before.sha256 !== packet.sha256 };
}

/** The property's current memo; undefined before the first. */
export function currentPacket(trx: TenantTrx, propertyId: string) {
  return trx.db
    .selectFrom('actionPackets')
    .selectAll()
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', propertyId)
    .where('status', '=', 'generated')
    .orderBy('createdAt', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The names of the sources that gave the sales of these properties, in order of the alphabet. */
export async function saleSources(trx: TenantTrx, propertyIds: readonly string[]): Promise<string[]> {
  if (propertyIds.length === 0) return [];
  const rows = await trx.db
    .selectFrom('sales')
    .select('source')
    .distinct()
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', sql<string>`any(${[...new Set(propertyIds)]}::uuid[])`)
    .orderBy('source')
    .execute();
  return rows.map(({ source }) => source);
}
