import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

const COLUMNS = [
  'id',
  'source',
  'sourceId',
  'url',
  'recordKind',
  'status',
  'propertyId',
  'countyFips',
  'createdAt',
  'updatedAt',
] as const;

/** Prospects, the newest first, those before a place. `sortKey` keeps the microseconds that a Date would lose. */
export function listProspects(
  trx: TenantTrx,
  filter: { status?: string | undefined; source?: string | undefined; countyFips?: string | undefined },
  page: { before: { createdAt: string; id: string } | undefined; limit: number },
) {
  const { before } = page;
  return trx.db
    .selectFrom('prospectQueue')
    .select(COLUMNS)
    .select(sql<string>`created_at::text`.as('sortKey'))
    .where('tenantId', '=', trx.tenantId)
    .$if(filter.status !== undefined, (query) => query.where('status', '=', filter.status!))
    .$if(filter.source !== undefined, (query) => query.where('source', '=', filter.source!))
    .$if(filter.countyFips !== undefined, (query) => query.where('countyFips', '=', filter.countyFips!))
    .$if(before !== undefined, (query) =>
      query.where(sql<boolean>`(created_at, id) < (${before?.createdAt}::timestamptz, ${before?.id}::uuid)`),
    )
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
}

/** One prospect with what its source said; undefined when the tenant has none of that id. */
export function readProspect(trx: TenantTrx, prospectId: string) {
  return trx.db
    .selectFrom('prospectQueue')
    .select([...COLUMNS, 'payload'])
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', prospectId)
    .executeTakeFirst();
}

/** What providers said about a property, the newest answer of each first. Costs in 1e-6 USD. */
export function listEnrichment(trx: TenantTrx, propertyId: string) {
  return trx.db
    .selectFrom('propertyEnrichment')
    .select(['provider', 'fetchedAt', 'expiresAt', 'fields', 'confidence', 'sourceUrl', 'costMicros', 'simulated'])
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', propertyId)
    .orderBy('provider')
    .orderBy('fetchedAt', 'desc')
    .limit(200)
    .execute();
}

/** The memos of a property, the newest first. */
export function listPropertyPackets(trx: TenantTrx, propertyId: string) {
  return trx.db
    .selectFrom('actionPackets')
    .select(['id', 'kind', 'templateVersion', 'sha256', 'bytes', 'pages', 'status', 'createdAt'])
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', propertyId)
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .limit(200)
    .execute();
}

/** Deletes a prospect and its records of documents; the property stays. False when there is none of that id. */
export async function deleteProspect(trx: TenantTrx, prospectId: string): Promise<boolean> {
  const { numDeletedRows } = await trx.db
    .deleteFrom('prospectQueue')
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', prospectId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
