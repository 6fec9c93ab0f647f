import { sql } from 'kysely';
import type { DiscoveredRecord } from '../../domain/listing.ts';
import type { Warning } from '../../domain/listing-rules.ts';
import { toCents } from '../../domain/money.ts';
import type { TenantTrx } from '../tenant.ts';

/** One validated record on its way in. `rawRef` says where its bytes are; `payloadHash` tells whether it changed. */
export interface IncomingRecord {
  record: DiscoveredRecord;
  rawRef: string;
  payloadHash: string;
  warnings: readonly Warning[];
  fetchedAt: Date;
  /** 0–1, how far this source is believed. */
  confidence: number;
}

/** A record whose property is known. */
export interface ResolvedRecord extends IncomingRecord {
  propertyId: string;
  identities: string[];
  isNewProperty: boolean;
}

/** One record for ever: its source and the source's id. */
export function keyOf(record: DiscoveredRecord): string {
  return `${record.source}\u0000${record.source_id}`;
}

/** Remembers every identity under which a property was seen. */
export async function writeAliases(
  trx: TenantTrx,
  countyFips: string,
  resolved: readonly ResolvedRecord[],
): Promise<void> {
  const values = resolved.flatMap((item) =>
    item.identities.map((identity) => ({ identity, property_id: item.propertyId })),
  );
  if (values.length === 0) return;
  await sql`
    insert into property_aliases (tenant_id, county_fips, identity, property_id)
    select ${trx.tenantId}, ${countyFips}, r.identity, r.property_id
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as r(identity text, property_id uuid)
    on conflict do nothing`.execute(trx.db);
}

/** Writes the records themselves; returns prospect ids by source key. */
export async function writeProspects(
  trx: TenantTrx,
  countyFips: string,
  resolved: readonly ResolvedRecord[],
): Promise<Map<string, string>> {
  if (resolved.length === 0) return new Map();
  const rows = resolved.map((item) => ({
    source: item.record.source,
    source_id: item.record.source_id,
    url: item.record.url,
    record_kind: item.record.record_kind,
    payload: item.record,
    payload_hash: item.payloadHash,
    property_id: item.propertyId,
  }));
  const { rows: written } = await sql<{ id: string; source: string; sourceId: string }>`
    insert into prospect_queue (tenant_id, source, source_id, url, record_kind, payload, payload_hash, status, property_id, county_fips)
    select ${trx.tenantId}, r.source, r.source_id, r.url, r.record_kind, r.payload, r.payload_hash, 'ready', r.property_id, ${countyFips}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(source text, source_id text, url text, record_kind text, payload jsonb, payload_hash text, property_id uuid)
    on conflict (tenant_id, source, source_id) do update set
      url = excluded.url, payload = excluded.payload, payload_hash = excluded.payload_hash, updated_at = now()
    returning id, source, source_id`.execute(trx.db);
  return new Map(written.map((row) => [`${row.source}\u0000${row.sourceId}`, row.id]));
}

/** Writes where each record's bytes are and which fields it gave. */
export async function writeSourceRecords(
  trx: TenantTrx,
  jobId: string,
  resolved: readonly ResolvedRecord[],
  prospectIds: Map<string, string>,
): Promise<void> {
  if (resolved.length === 0) return;
  const rows = resolved.map((item) => ({
    prospect_id: prospectIds.get(keyOf(item.record)),
    raw_ref: item.rawRef,
    sha256: item.payloadHash,
    fields: Object.entries(item.record)
      .filter(([name, value]) => /^[A-Z]/.test(name) && value !== null && !(Array.isArray(value) && value.length === 0))
      .map(([name]) => name),
    warnings: item.warnings,
    fetched_at: item.fetchedAt,
  }));
  await sql`
    insert into source_records (tenant_id, prospect_id, job_id, raw_ref, sha256, fields, warnings, fetched_at)
    select ${trx.tenantId}, r.prospect_id, ${jobId}, r.raw_ref, r.sha256, r.fields, r.warnings, r.fetched_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(prospect_id uuid, raw_ref text, sha256 text, fields text[], warnings jsonb, fetched_at timestamptz)
    on conflict do nothing`.execute(trx.db);
}

/** Writes closed sales; a PIN may sell often. */
export async function writeSales(trx: TenantTrx, resolved: readonly ResolvedRecord[]): Promise<void> {
  const values = resolved.flatMap(({ record, propertyId: id }) =>
    record.CloseDate === null || record.ClosePrice === null
      ? []
      : [
          {
            property_id: id,
            close_date: record.CloseDate,
            close_price_cents: toCents(record.ClosePrice),
            arms_length: record.ArmsLengthYN !== false && record.ClosePrice > 0,
            arms_length_reason:
              record.ArmsLengthYN === false ? 'the source marks the transfer as no market sale' : null,
            source: record.source,
          },
        ],
  );
  if (values.length === 0) return;
  await sql`
    insert into sales (tenant_id, property_id, close_date, close_price_cents, arms_length, arms_length_reason, source)
    select ${trx.tenantId}, r.property_id, r.close_date, r.close_price_cents, r.arms_length, r.arms_length_reason, r.source
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb)
      as r(property_id uuid, close_date date, close_price_cents bigint, arms_length boolean, arms_length_reason text, source text)
    on conflict do nothing`.execute(trx.db);
}

/** Writes image addresses. */
export async function writeImages(trx: TenantTrx, resolved: readonly ResolvedRecord[]): Promise<void> {
  const values = resolved.flatMap(({ record, propertyId: id }) =>
    record.Media.map((url) => ({ property_id: id, url, source: record.source })),
  );
  if (values.length === 0) return;
  await sql`
    insert into property_images (tenant_id, property_id, url, source)
    select ${trx.tenantId}, r.property_id, r.url, r.source
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as r(property_id uuid, url text, source text)
    on conflict do nothing`.execute(trx.db);
}

/** New facts about a property whose score exists: the next sweep lets its lifecycle score it again. */
export async function requestRescore(trx: TenantTrx, resolved: readonly ResolvedRecord[]): Promise<void> {
  const ids = [...new Set(resolved.filter((item) => !item.isNewProperty).map((item) => item.propertyId))];
  if (ids.length === 0) return;
  await trx.db
    .updateTable('properties')
    .set({ rescoreRequestedAt: sql`now()` })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('birdDogScore', 'is not', null)
    .execute();
}

/** Marks properties whose record raised a doubt that a person should look at. */
export async function flagForReview(trx: TenantTrx, resolved: readonly ResolvedRecord[]): Promise<void> {
  const ids = resolved
    .filter(({ warnings }) => warnings.some((warning) => warning.needsReview))
    .map((item) => item.propertyId);
  if (ids.length === 0) return;
  await trx.db
    .updateTable('properties')
    .set({ needsReview: true })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute();
}
