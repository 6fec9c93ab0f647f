import { type SqlBool, sql } from 'kysely';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';

export interface NewJob {
  id: string;
  dagId: string;
  dagRunId: string;
  source: string;
  countyFips: string;
}

export interface JobProgress {
  scraped: number;
  failed: number;
  duplicate: number;
  blocked: number;
  cursor: string | null;
}

/** Opens the job, or goes on with it: an attempt that follows a crash finds the cursor and counts of the last one. */
export async function openJob(trx: TenantTrx, job: NewJob): Promise<JobProgress> {
  const row = await trx.db
    .insertInto('scrapingJobs')
    .values({ tenantId: trx.tenantId, ...job, status: 'running', startedAt: sql`now()` })
    .onConflict((oc) =>
      oc.columns(['tenantId', 'id']).doUpdateSet({ status: 'running', error: null, completedAt: null }),
    )
    .returning(['itemsScraped', 'itemsFailed', 'itemsDuplicate', 'itemsBlocked', 'cursor'])
    .executeTakeFirstOrThrow();
  return {
    scraped: row.itemsScraped,
    failed: row.itemsFailed,
    duplicate: row.itemsDuplicate,
    blocked: row.itemsBlocked,
    cursor: row.cursor,
  };
}

/** Saves how far the job is, in the transaction of the rows it tells of. */
export async function saveJobProgress(trx: TenantTrx, id: string, progress: JobProgress): Promise<void> {
  await trx.db
    .updateTable('scrapingJobs')
    .set({
      itemsScraped: progress.scraped,
      itemsFailed: progress.failed,
      itemsDuplicate: progress.duplicate,
      itemsBlocked: progress.blocked,
      cursor: progress.cursor,
    })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .execute();
}

/** Ends the job. A failed one keeps its cursor, so that the next attempt goes on there. */
export async function closeJob(
  trx: TenantTrx,
  id: string,
  end: { status: 'success' | 'failed'; error: string | null },
): Promise<void> {
  await trx.db
    .updateTable('scrapingJobs')
    .set({ status: end.status, error: end.error, completedAt: sql`now()` })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', id)
    .execute();
}

export interface QuarantinedRow {
  rowReference: string;
  /** `quota`: valid, but more than the plan allows. */
  kind: 'invalid' | 'blocked' | 'quota';
  reasons: readonly unknown[];
  payload: Record<string, unknown>;
}

/** Keeps refused rows with their reasons. The same row of the same source is one entry, however often it comes. */
export async function quarantineRows(
  trx: TenantTrx,
  jobId: string,
  source: string,
  rows: readonly QuarantinedRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const unique = [...new Map(rows.map((row) => [row.rowReference, row])).values()];
  await trx.db
    .insertInto('quarantine')
    .values(
      unique.map((row) => ({
        tenantId: trx.tenantId,
        jobId,
        source,
        rowReference: row.rowReference,
        kind: row.kind,
        reasons: json(row.reasons),
        payload: json(row.payload),
      })),
    )
    .onConflict((oc) =>
      oc.columns(['tenantId', 'source', 'rowReference']).doUpdateSet((eb) => ({
        jobId: eb.ref('excluded.jobId'),
        kind: eb.ref('excluded.kind'),
        reasons: eb.ref('excluded.reasons'),
        payload: eb.ref('excluded.payload'),
        lastSeenAt: sql`now()`,
      })),
    )
    .execute();
}

/** How many rows of the job the plan refused, and what it said. */
export async function readOverQuota(trx: TenantTrx, jobId: string): Promise<{ rows: number; reason: string | null }> {
  const found = await trx.db
    .selectFrom('quarantine')
    .select([sql<number>`count(*)`.as('rows'), sql<string | null>`min(reasons -> 0 ->> 'message')`.as('reason')])
    .where('tenantId', '=', trx.tenantId)
    .where('jobId', '=', jobId)
    .where('kind', '=', 'quota')
    .executeTakeFirstOrThrow();
  return found;
}

/** One measured expectation. */
export interface QualityMetric {
  metricType: string;
  metricName: string;
  value: number;
  threshold: number;
  isPassing: boolean;
  entityType: string;
  entityId: string;
}

/** Records the measured expectations of one run; measuring the same run again replaces them. */
export async function recordQuality(trx: TenantTrx, metrics: readonly QualityMetric[]): Promise<void> {
  const [first] = metrics;
  if (first === undefined) return;
  await trx.db
    .deleteFrom('dataQualityMetrics')
    .where('tenantId', '=', trx.tenantId)
    .where('entityType', '=', first.entityType)
    .where('entityId', '=', first.entityId)
    .execute();
  await trx.db
    .insertInto('dataQualityMetrics')
    .values(metrics.map((metric) => ({ tenantId: trx.tenantId, ...metric })))
    .execute();
}

/** A property that should have a lifecycle and what its start needs. */
export interface LifecycleCandidate {
  id: string;
  countyFips: string;
  apn: string | null;
  city: string | null;
  state: string | null;
  source: string | null;
}

/**
 * Properties that wait for a lifecycle: validated ones not yet worked on, and scored ones with new facts; in the order of
 * their ids, after the given one. A tenant that has buy boxes of its own (without a contact) gets only what lies in one.
 */
export async function listWaiting(
  trx: TenantTrx,
  options: { countyFips?: string; ids?: readonly string[]; after: string | null; limit: number },
): Promise<LifecycleCandidate[]> {
  return trx.db
    .selectFrom('properties as p')
    .select([
      'p.id',
      'p.countyFips',
      'p.apn',
      'p.city',
      'p.state',
      (eb) =>
        eb
          .selectFrom('prospectQueue as q')
          .select('q.source')
          .whereRef('q.tenantId', '=', 'p.tenantId')
          .whereRef('q.propertyId', '=', 'p.id')
          .orderBy('q.createdAt')
          .limit(1)
          .as('source'),
    ])
    .where('p.tenantId', '=', trx.tenantId)
    .where((eb) => eb.or([eb('p.status', '=', 'ready'), eb('p.rescoreRequestedAt', 'is not', null)]))
    .where('p.status', 'not in', ['failed', 'suppressed', 'closed'])
    .where(insideTenantBuyBox)
    .$if(options.countyFips !== undefined, (query) => query.where('p.countyFips', '=', options.countyFips!))
    .$if(options.ids !== undefined, (query) =>
      query.where('p.id', '=', sql<string>`any(${[...(options.ids ?? [])]}::uuid[])`),
    )
    .$if(options.after !== null, (query) => query.where('p.id', '>', options.after!))
    .orderBy('p.id')
    .limit(options.limit)
    .execute();
}

/** A field that is not known yet does not shut a property out: enrichment may still fill it. */
const insideTenantBuyBox = sql<SqlBool>`(
  not exists (select from buy_boxes b where b.tenant_id = p.tenant_id and b.contact_id is null)
  or exists (
    select from buy_boxes b
    where b.tenant_id = p.tenant_id and b.contact_id is null
      and (b.county_fips is null or p.county_fips = any (b.county_fips))
      and (b.zip_codes is null or p.zip_code is null or p.zip_code = any (b.zip_codes))
      and (b.property_types is null or p.property_type is null or p.property_type = any (b.property_types))
      and (b.min_price_cents is null or p.list_price_cents is null or p.list_price_cents >= b.min_price_cents)
      and (b.max_price_cents is null or p.list_price_cents is null or p.list_price_cents <= b.max_price_cents)
      and (b.min_bedrooms is null or p.bedrooms is null or p.bedrooms >= b.min_bedrooms)
      and (b.min_sqft is null or p.sqft is null or p.sqft >= b.min_sqft)))`;
