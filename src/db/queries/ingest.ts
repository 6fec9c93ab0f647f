import { sql } from 'kysely';
import { apnHash } from '../../domain/apn.ts';
import { mergeFields } from '../../domain/provenance.ts';
import { factsOf } from '../../domain/record-facts.ts';
import type { TenantTrx } from '../tenant.ts';
import { appendEvents } from './events.ts';
import { type KnownProspects, resolveProperties, tellDuplicates } from './ingest-identity.ts';
import {
  flagForReview,
  type IncomingRecord,
  keyOf,
  type ResolvedRecord,
  requestRescore,
  writeAliases,
  writeImages,
  writeProspects,
  writeSales,
  writeSourceRecords,
} from './ingest-writes.ts';
import { type PropertyWrite, readProperties, sourcedFacts, upsertProperties } from './properties.ts';
import { countUsage, grantQuota } from './usage.ts';

export interface IngestCounts {
  /** Records that brought something new. */
  stored: number;
  /** Records seen before, unchanged: nothing was written for them. */
  unchanged: number;
  /** New records of a property that another record had already brought. */
  merged: number;
  /** Properties that did not exist before. */
  newProperties: number;
  /** Source keys (`keyOf`) of records whose property would have been one more than the plan allows. */
  overQuota: ReadonlySet<string>;
  /** Why they were refused; null when none was. */
  quotaRefusal: string | null;
}

/**
 * Merges a batch of records of one county into prospects and properties, in the caller's transaction. Identity, in this
 * order: (source, source_id), APN, address. Ingesting the same batch again writes nothing.
 * @param records at most some hundreds; each valid
 * @param quotaAt the time at which new properties count against the plan: records whose property would be one too many
 *   are left out and named. Without it the caller counts `newProperties`.
 */
export async function ingestRecords(
  trx: TenantTrx,
  countyFips: string,
  jobId: string,
  records: readonly IncomingRecord[],
  quotaAt?: Date,
): Promise<IngestCounts> {
  // One writer per tenant and county at a time: two files that bring the same house must not make two of it.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${trx.tenantId}:${countyFips}`}, 42))`.execute(trx.db);
  const known = await knownProspects(trx, records);
  const changed = records.filter(({ record, payloadHash }) => known.get(keyOf(record))?.hash !== payloadHash);
  const found = await resolveProperties(trx, countyFips, dropRepeats(changed), known);
  const { resolved, duplicates, ...quota } = await withinPlan(trx, found, quotaAt);
  const properties = await mergeProperties(trx, countyFips, resolved);
  await upsertProperties(trx, properties);
  await writeAliases(trx, countyFips, resolved);
  const ids = await writeProspects(trx, countyFips, resolved);
  await writeSourceRecords(trx, jobId, resolved, ids);
  await writeSales(trx, resolved);
  await writeImages(trx, resolved);
  await flagForReview(trx, resolved);
  await tellDuplicates(trx, jobId, duplicates);
  await requestRescore(trx, resolved);
  const fresh = resolved.filter(({ isNewProperty }) => isNewProperty);
  await appendEvents(
    trx,
    fresh.map(({ propertyId: id, record }) => ({
      eventType: 'property.discovered' as const,
      propertyId: id,
      correlationId: jobId,
      payload: { source: record.source, source_id: record.source_id, record_kind: record.record_kind },
      source: 'discover',
    })),
  );
  // Last, so that workers of one tenant wait for each other's row but for a moment.
  if (quota.countsAfter && fresh.length > 0) await countUsage(trx, 'properties', fresh.length, quotaAt!);
  return {
    overQuota: quota.overQuota,
    quotaRefusal: quota.quotaRefusal,
    stored: resolved.length,
    unchanged: records.length - changed.length,
    merged: resolved.filter(({ record, isNewProperty }) => !isNewProperty && !known.has(keyOf(record))).length,
    newProperties: fresh.length,
  };
}

type Resolution = Awaited<ReturnType<typeof resolveProperties>>;

/** What of it the plan allows: of the properties that are new, the first ones. */
async function withinPlan(
  trx: TenantTrx,
  found: Resolution,
  quotaAt: Date | undefined,
): Promise<Resolution & Pick<IngestCounts, 'overQuota' | 'quotaRefusal'> & { countsAfter: boolean }> {
  const fresh = found.resolved.filter(({ isNewProperty }) => isNewProperty).map(({ propertyId: id }) => id);
  const all = { ...found, overQuota: new Set<string>(), quotaRefusal: null };
  if (quotaAt === undefined || fresh.length === 0) return { ...all, countsAfter: false };
  const { granted, refusal, isBounded } = await grantQuota(trx, 'properties', fresh.length, quotaAt);
  const refused = new Set(fresh.slice(granted));
  if (refused.size === 0) return { ...all, countsAfter: !isBounded };
  const over = found.resolved.filter((item) => refused.has(item.propertyId));
  return {
    resolved: found.resolved.filter((item) => !refused.has(item.propertyId)),
    duplicates: found.duplicates.filter((pair) => !refused.has(pair.propertyId) && !refused.has(pair.otherId)),
    overQuota: new Set(over.map(({ record }) => keyOf(record))),
    quotaRefusal: refusal,
    countsAfter: false,
  };
}

/** Two rows with one (source, source_id) in a batch: the later one speaks. */
function dropRepeats(records: readonly IncomingRecord[]): IncomingRecord[] {
  return [...new Map(records.map((item) => [keyOf(item.record), item])).values()];
}

async function knownProspects(trx: TenantTrx, records: readonly IncomingRecord[]): Promise<KnownProspects> {
  const rows = await trx.db
    .selectFrom('prospectQueue')
    .select(['source', 'sourceId', 'payloadHash', 'propertyId'])
    .where('tenantId', '=', trx.tenantId)
    .where('source', 'in', [...new Set(records.map(({ record }) => record.source)), ''])
    .where('sourceId', '=', sql<string>`any(${records.map(({ record }) => record.source_id)}::text[])`)
    .execute();
  return new Map(
    rows.map((row) => [`${row.source}\u0000${row.sourceId}`, { hash: row.payloadHash, propertyId: row.propertyId }]),
  );
}

async function mergeProperties(
  trx: TenantTrx,
  countyFips: string,
  resolved: readonly ResolvedRecord[],
): Promise<PropertyWrite[]> {
  const ids = [...new Set(resolved.map((item) => item.propertyId))];
  const existing = await readProperties(trx, ids, { lock: true });
  const writes = new Map<string, PropertyWrite>();
  for (const item of resolved) {
    const current = existing.get(item.propertyId);
    const before = writes.get(item.propertyId) ?? (current ? { ...sourcedFacts(current) } : { facts: {}, sources: {} });
    const fields = factsOf(item.record, countyFips);
    const held = { facts: { ...before.facts }, sources: { ...before.sources } };
    if (fields.lastSaleDate && held.facts.lastSaleDate) {
      // The newest sale counts, whichever source tells of it.
      const loser = fields.lastSaleDate > held.facts.lastSaleDate ? held.facts : fields;
      delete loser.lastSaleDate;
      delete loser.lastSalePriceCents;
    }
    const merged = mergeFields(held, {
      fields,
      source: {
        source: item.record.source,
        fetchedAt: item.fetchedAt.toISOString(),
        confidence: item.confidence,
        costMicros: 0,
        simulated: false,
        // What a deed says of the house was so on its day, whenever the file came.
        ...(item.record.record_kind === 'sale' && item.record.CloseDate !== null
          ? { asOf: item.record.CloseDate }
          : {}),
      },
    });
    const apn = merged.facts.apn ?? null;
    writes.set(item.propertyId, {
      id: item.propertyId,
      countyFips,
      apnHash: apn === null ? null : apnHash(apn, countyFips),
      addressKey:
        writes.get(item.propertyId)?.addressKey ??
        item.identities.find((identity) => identity.startsWith('address:'))?.slice(8) ??
        null,
      facts: merged.facts,
      sources: merged.sources,
    });
  }
  return [...writes.values()];
}
