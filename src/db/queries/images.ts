import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/** A picture's address with what was fetched of it. */
export interface PropertyImage {
  url: string;
  status: 'pending' | 'stored' | 'failed';
  storageKey: string | null;
  contentType: string | null;
}

/** What came of fetching a picture. Bytes as a count. */
export type ImageOutcome =
  | { status: 'stored'; storageKey: string; sha256: string; contentType: string; bytes: number }
  | { status: 'failed'; reason: string };

/**
 * The property's pictures in their order: those that are stored and those still to be fetched. One that failed counts
 * as still to be fetched a day later.
 */
export async function usableImages(trx: TenantTrx, propertyId: string, limit: number): Promise<PropertyImage[]> {
  const rows = await trx.db
    .selectFrom('propertyImages')
    .select(['url', 'status', 'storageKey', 'contentType'])
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', propertyId)
    .where((eb) =>
      eb.or([
        eb('status', 'in', ['pending', 'stored']),
        eb.and([eb('status', '=', 'failed'), eb('fetchedAt', '<', sql<Date>`now() - interval '1 day'`)]),
      ]),
    )
    .orderBy(sql`status = 'stored'`, 'desc')
    .orderBy('position')
    .orderBy('url')
    .limit(limit)
    .execute();
  return rows as PropertyImage[];
}

/** Records what came of fetching one picture. A picture that is stored stays stored. */
export async function recordImage(
  trx: TenantTrx,
  propertyId: string,
  url: string,
  outcome: ImageOutcome,
): Promise<void> {
  const facts =
    outcome.status === 'stored'
      ? { ...outcome, reason: null }
      : { status: outcome.status, reason: outcome.reason.slice(0, 500) };
  await trx.db
    .updateTable('propertyImages')
    .set({ ...facts, fetchedAt: sql`now()` })
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', propertyId)
    .where('url', '=', url)
    .where('status', '!=', 'stored')
    .execute();
}
