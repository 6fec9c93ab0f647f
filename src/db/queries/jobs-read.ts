import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import { LIST_COLUMNS, narrowed, narrowedPlace } from './property-list.ts';

/** A stretch of a list. */
export interface Stretch {
  limit: number;
  offset: number;
}

export const SCRAPING_STATUSES = ['queued', 'running', 'success', 'failed', 'cancelled'] as const;
export const ENRICHMENT_STATUSES = ['running', 'success', 'failed'] as const;

/** Jobs that read sources, newest first, with how many there are in all. */
export async function listScrapingJobs(trx: TenantTrx, filter: Stretch & { status?: string; source?: string }) {
  const fitting = trx.db
    .selectFrom('scrapingJobs')
    .where('tenantId', '=', trx.tenantId)
    .$if(filter.status !== undefined, (query) => query.where('status', '=', filter.status!))
    .$if(filter.source !== undefined, (query) => query.where('source', '=', filter.source!));
  const rows = await fitting
    .selectAll()
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .limit(filter.limit)
    .offset(filter.offset)
    .execute();
  const { total } = await fitting.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
  return { rows, total };
}

/** One job that reads a source; undefined when there is none of that id. */
export function findScrapingJob(trx: TenantTrx, jobId: string) {
  return trx.db
    .selectFrom('scrapingJobs')
    .selectAll()
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', jobId)
    .executeTakeFirst();
}

/** Found rows by how far they are (`new`: not a property yet), and jobs that wait or run. */
export async function readScrapingQueue(trx: TenantTrx) {
  const prospects = await trx.db
    .selectFrom('prospectQueue')
    .select(['source', 'status', sql<number>`count(*)::int`.as('count')])
    .where('tenantId', '=', trx.tenantId)
    .groupBy(['source', 'status'])
    .orderBy('source')
    .orderBy('status')
    .execute();
  const jobs = await trx.db
    .selectFrom('scrapingJobs')
    .selectAll()
    .where('tenantId', '=', trx.tenantId)
    .where('status', 'in', ['queued', 'running'])
    .orderBy('createdAt')
    .orderBy('id')
    .limit(200)
    .execute();
  return { prospects, jobs };
}

/** Runs of enrichment, newest first, with how many there are in all. */
export async function listEnrichmentJobs(trx: TenantTrx, filter: Stretch & { status?: string; propertyId?: string }) {
  const fitting = trx.db
    .selectFrom('enrichmentJobs')
    .where('tenantId', '=', trx.tenantId)
    .$if(filter.status !== undefined, (query) => query.where('status', '=', filter.status!))
    .$if(filter.propertyId !== undefined, (query) => query.where('propertyId', '=', filter.propertyId!));
  const rows = await fitting
    .selectAll()
    .orderBy('startedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit)
    .offset(filter.offset)
    .execute();
  const { total } = await fitting.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
  return { rows, total };
}

const ENRICHED = [...LIST_COLUMNS, 'assessedValueCents', 'enrichmentSources'] as const;

/** Properties with what enriched them, those changed last first; city and state in the usual spellings. */
export async function listEnrichedProperties(
  trx: TenantTrx,
  filter: Stretch & { city?: string; state?: string; propertyType?: string },
) {
  const { city, state, propertyType } = filter;
  const fitting = narrowed(trx, await narrowedPlace(trx, { city, state: state?.toUpperCase(), propertyType }));
  const rows = await fitting
    .select(ENRICHED)
    .orderBy('updatedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit)
    .offset(filter.offset)
    .execute();
  const { total } = await fitting.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
  return { rows, total };
}

/** One property with every answer of a provider, newest first; undefined when there is none of that id. */
export async function findEnrichedProperty(trx: TenantTrx, propertyId: string) {
  const property = await trx.db
    .selectFrom('properties')
    .select([...ENRICHED, 'floodZone', 'censusTract', 'fieldSources'])
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', propertyId)
    .executeTakeFirst();
  if (property === undefined) return undefined;
  const answers = await trx.db
    .selectFrom('propertyEnrichment')
    .select(['provider', 'fetchedAt', 'expiresAt', 'fields', 'confidence', 'sourceUrl', 'costMicros', 'simulated'])
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', propertyId)
    .orderBy('fetchedAt', 'desc')
    .orderBy('provider')
    .limit(200)
    .execute();
  return { property, answers };
}
