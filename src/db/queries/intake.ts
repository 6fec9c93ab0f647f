import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import {
  closeJob,
  type LifecycleCandidate,
  listWaiting,
  openJob,
  type QuarantinedRow,
  quarantineRows,
  saveJobProgress,
} from './discovery.ts';
import { ingestRecords } from './ingest.ts';
import { type IncomingRecord, keyOf } from './ingest-writes.ts';
import { spendQuota } from './usage.ts';

/** Rows that were stated at once, checked. */
export interface Intake {
  jobId: string;
  /** Ties the job to the request. */
  runId: string;
  countyFips: string;
  source: string;
  records: readonly IncomingRecord[];
  quarantined: readonly QuarantinedRow[];
}

/** What became of one stored record. */
export interface StoredIntake {
  propertyId: string;
  /** The property did not exist before. */
  isNew: boolean;
}

/**
 * Stores stated rows as one finished job, all or none.
 * @returns the property of each record, in the order of the records
 * @throws ReosError `quota_exceeded` when the plan allows no more new properties; nothing is stored then
 */
export async function storeIntake(trx: TenantTrx, intake: Intake, now: Date): Promise<StoredIntake[]> {
  const { jobId, countyFips, source, records, quarantined } = intake;
  await openJob(trx, { id: jobId, dagId: 'intake', dagRunId: intake.runId, source, countyFips });
  const counts = await ingestRecords(trx, countyFips, jobId, records);
  await quarantineRows(trx, jobId, source, quarantined);
  if (counts.newProperties > 0) await spendQuota(trx, 'properties', counts.newProperties, now);
  await saveJobProgress(trx, jobId, {
    scraped: records.length,
    failed: quarantined.length,
    duplicate: counts.unchanged + counts.merged,
    blocked: 0,
    cursor: null,
  });
  await closeJob(trx, jobId, { status: 'success', error: null });
  return propertiesOf(trx, records);
}

/** Those of the properties that wait for a lifecycle and lie in a buy box of the tenant, when it has any. */
export function waitingAmong(trx: TenantTrx, propertyIds: readonly string[]): Promise<LifecycleCandidate[]> {
  if (propertyIds.length === 0) return Promise.resolve([]);
  return listWaiting(trx, { ids: propertyIds, after: null, limit: propertyIds.length });
}

async function propertiesOf(trx: TenantTrx, records: readonly IncomingRecord[]): Promise<StoredIntake[]> {
  const rows = await trx.db
    .selectFrom('prospectQueue as q')
    .innerJoin('properties as p', (join) =>
      join.onRef('p.tenantId', '=', 'q.tenantId').onRef('p.id', '=', 'q.propertyId'),
    )
    // What was made in this transaction has its time.
    .select(['q.source', 'q.sourceId', 'p.id', sql<boolean>`p.created_at = now()`.as('isNew')])
    .where('q.tenantId', '=', trx.tenantId)
    .where('q.source', 'in', [...new Set(records.map(({ record }) => record.source)), ''])
    .where('q.sourceId', '=', sql<string>`any(${records.map(({ record }) => record.source_id)}::text[])`)
    .execute();
  const known = new Map(rows.map((row) => [`${row.source}\u0000${row.sourceId}`, row]));
  return records.map(({ record }) => {
    const row = known.get(keyOf(record));
    if (row === undefined) throw new Error('a stored record has no prospect');
    return { propertyId: row.id, isNew: row.isNew };
  });
}
