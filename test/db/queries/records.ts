import { createHash } from 'node:crypto';
import { type IngestCounts, ingestRecords } from '../../../src/db/queries/ingest.ts';
import type { IncomingRecord } from '../../../src/db/queries/ingest-writes.ts';
import { type TenantTrx, withTenant } from '../../../src/db/tenant.ts';
import { type DiscoveredRecordInput, recordSchema } from '../../../src/domain/listing.ts';
import type { TestDatabase } from '../../support/database.ts';

/** King County. */
export const KING = '53033';
export const JOB = '00000000-0000-4000-8000-000000000001';
export const FETCHED = new Date('2026-03-01T12:00:00Z');

/** A valid record with only what the test names. */
export function record(fields: Partial<DiscoveredRecordInput>, more: Partial<IncomingRecord> = {}): IncomingRecord {
  const parsed = recordSchema.parse({
    record_kind: 'parcel',
    source: 'king-county-parcels',
    source_id: '1',
    ...fields,
  });
  const { url: _url, ...content } = parsed;
  return {
    record: parsed,
    rawRef: `${parsed.source}:${parsed.source_id}`,
    payloadHash: createHash('sha256').update(JSON.stringify(content)).digest('hex'),
    warnings: [],
    fetchedAt: FETCHED,
    confidence: 0.9,
    ...more,
  };
}

/** A closed sale as the county publishes it: a parcel number, no address. */
export function sale(apn: string, closeDate: string, closePrice: number, more: Partial<DiscoveredRecordInput> = {}) {
  return record({
    record_kind: 'sale',
    source: 'king-county-sales',
    source_id: `${apn}:${closeDate}`,
    ParcelNumber: apn,
    CloseDate: closeDate,
    ClosePrice: closePrice,
    PropertyType: 'Residential',
    ...more,
  });
}

/** A house offered by its owner. */
export function listing(id: string, more: Partial<DiscoveredRecordInput> = {}, extra: Partial<IncomingRecord> = {}) {
  return record(
    {
      record_kind: 'listing',
      source: 'fsbo-site',
      source_id: id,
      url: `https://fsbo.example.com/${id}`,
      PropertyType: 'Residential',
      ListPrice: 400_000,
      LivingArea: 1_500,
      ...more,
    },
    { confidence: 0.7, ...extra },
  );
}

/** Ingests one batch in a transaction of its own. */
export function ingest(
  database: Pick<TestDatabase, 'db' | 'tenantId'>,
  records: readonly IncomingRecord[],
): Promise<IngestCounts> {
  return withTenant(database.db, database.tenantId, (trx) => ingestRecords(trx, KING, JOB, records));
}

/** Runs in one transaction of the test's tenant. */
export function asTenant<T>(database: Pick<TestDatabase, 'db' | 'tenantId'>, fn: (trx: TenantTrx) => Promise<T>) {
  return withTenant(database.db, database.tenantId, fn);
}

/** Adds one more tenant, for a test that wants nothing of the others' rows. */
export async function newTenant(database: TestDatabase): Promise<TestDatabase> {
  const rows = await database.query<{ id: string }>(
    `insert into tenants (slug, name, plan)
     values ('t' || substr(gen_random_uuid()::text, 1, 8), 'Tenant of one test', 'enterprise') returning id`,
  );
  return { ...database, tenantId: rows[0]!.id };
}

const TABLES = [
  'properties',
  'property_aliases',
  'prospect_queue',
  'source_records',
  'sales',
  'property_images',
  'event_log',
  'quarantine',
] as const;

/** Rows of the tenant by table, and the newest update time of its properties. */
export async function footprint(database: TestDatabase): Promise<Record<string, unknown>> {
  const counts: Record<string, unknown> = {};
  for (const table of TABLES) {
    const rows = await database.query<{ n: number }>(`select count(*)::int as n from ${table} where tenant_id = $1`, [
      database.tenantId,
    ]);
    counts[table] = rows[0]!.n;
  }
  const rows = await database.query<{ at: string }>(
    `select string_agg(updated_at::text || ':' || xmin::text, ',' order by id) as at from properties where tenant_id = $1`,
    [database.tenantId],
  );
  return { ...counts, updatedAt: rows[0]!.at };
}

/** The tenant's properties, as rows. */
export function properties(database: TestDatabase) {
  return database.query<Record<string, unknown> & { id: string; field_sources: Record<string, { source: string }> }>(
    'select * from properties where tenant_id = $1 order by apn, address_key, id',
    [database.tenantId],
  );
}
