import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { FieldSource, Property, PropertyField } from '../../domain/property.ts';
import { mergeFields } from '../../domain/provenance.ts';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';
import { readProperties, sourcedFacts, upsertProperties } from './properties.ts';
import type { CachedAnswer } from './providers.ts';

/** One provider's answer about one property, ready to be stored. */
export interface StoredAnswer extends CachedAnswer {
  provider: string;
  costMicros: number;
  calls: number;
  fromCache: boolean;
  ttlSeconds: number;
  /** Ledger row that was reserved before a paid call. */
  ledgerId: string | null;
}

/** Providers asked about the property, with whether their answer is still fresh and the fields it gave. */
export async function readAnswered(trx: TenantTrx, propertyId: string) {
  return trx.db
    .selectFrom('propertyEnrichment')
    .distinctOn('provider')
    .select(['provider', 'fields', sql<boolean>`expires_at > now()`.as('isFresh')])
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', propertyId)
    .orderBy('provider')
    .orderBy('fetchedAt', 'desc')
    .execute();
}

/**
 * Stores answers and merges their fields into the property, by precedence, with a ledger row for each call. Returns the
 * property as it is now.
 */
export async function storeAnswers(
  trx: TenantTrx,
  propertyId: string,
  answers: readonly StoredAnswer[],
): Promise<Property> {
  const property = (await readProperties(trx, [propertyId], { lock: true })).get(propertyId)!;
  let merged = sourcedFacts(property);
  for (const answer of answers) {
    const source: FieldSource = {
      source: answer.provider,
      fetchedAt: answer.fetchedAt.toISOString(),
      confidence: answer.confidence,
      costMicros: answer.costMicros,
      simulated: answer.simulated,
    };
    merged = mergeFields(merged, { fields: answer.fields as Partial<Property>, source });
  }
  if (answers.length > 0) {
    await upsertProperties(trx, [
      {
        id: propertyId,
        countyFips: property.countyFips,
        apnHash: null,
        addressKey: null,
        facts: merged.facts,
        sources: merged.sources,
      },
    ]);
    await trx.db
      .insertInto('propertyEnrichment')
      .values(
        answers.map((answer) => ({
          tenantId: trx.tenantId,
          propertyId,
          provider: answer.provider,
          fetchedAt: answer.fetchedAt,
          expiresAt: new Date(answer.fetchedAt.getTime() + answer.ttlSeconds * 1000),
          fields: json(answer.fields),
          confidence: answer.confidence,
          rawRef: answer.rawRef,
          sourceUrl: answer.sourceUrl,
          costMicros: answer.costMicros,
          simulated: answer.simulated,
        })),
      )
      .onConflict((oc) => oc.doNothing())
      .execute();
    await writeLedger(trx, propertyId, answers);
  }
  const fieldSources = merged.sources as Partial<Record<PropertyField, FieldSource>>;
  return { ...property, ...(merged.facts as Property), fieldSources };
}

async function writeLedger(trx: TenantTrx, propertyId: string, answers: readonly StoredAnswer[]): Promise<void> {
  const rows = answers
    .filter((answer) => !answer.fromCache)
    .flatMap((answer) => {
      const outcome = Object.keys(answer.fields).length > 0 ? 'ok' : 'empty';
      // A paid call has its first row already, reserved before it was made.
      const extra = answer.ledgerId === null ? answer.calls : answer.calls - 1;
      return Array.from({ length: extra }, () => ledgerRow(trx, answer.provider, propertyId, answer, outcome));
    });
  if (rows.length > 0) await trx.db.insertInto('costLedger').values(rows).execute();
  for (const answer of answers) {
    if (answer.ledgerId === null) continue;
    const outcome = Object.keys(answer.fields).length > 0 ? 'ok' : 'empty';
    await trx.db
      .updateTable('costLedger')
      .set({
        outcome,
        costMicros: Math.round(answer.costMicros / Math.max(1, answer.calls)),
        reference: answer.sourceUrl,
        simulated: answer.simulated,
      })
      .where('tenantId', '=', trx.tenantId)
      .where('id', '=', answer.ledgerId)
      .execute();
  }
}

function ledgerRow(
  trx: TenantTrx,
  resource: string,
  propertyId: string,
  call: { costMicros: number; calls: number; simulated: boolean; sourceUrl: string | null },
  outcome: string,
) {
  return {
    tenantId: trx.tenantId,
    id: randomUUID(),
    resource,
    kind: 'enrichment',
    propertyId,
    reference: call.sourceUrl,
    costMicros: Math.round(call.costMicros / Math.max(1, call.calls)),
    simulated: call.simulated,
    outcome,
  };
}

/** A ledger row for a call that brought no answer. */
export async function recordFailedCall(
  trx: TenantTrx,
  propertyId: string,
  provider: string,
  costMicros: number,
): Promise<void> {
  const call = { costMicros, calls: 1, simulated: false, sourceUrl: null };
  await trx.db
    .insertInto('costLedger')
    .values(ledgerRow(trx, provider, propertyId, call, 'error'))
    .execute();
}

/** Opens or updates the record of this run's work on the property. */
export async function saveEnrichmentJob(
  trx: TenantTrx,
  job: {
    dagRunId: string;
    propertyId: string;
    sources: readonly string[];
    fields: readonly string[];
    status: 'running' | 'success' | 'failed';
    error: string | null;
  },
): Promise<void> {
  const ended = job.status === 'running' ? null : sql<Date>`now()`;
  const sources = sql<string[]>`${[...job.sources]}::text[]`;
  const fields = sql<string[]>`${[...job.fields]}::text[]`;
  await trx.db
    .insertInto('enrichmentJobs')
    .values({
      tenantId: trx.tenantId,
      dagId: 'enrichment_property',
      dagRunId: job.dagRunId,
      propertyId: job.propertyId,
      enrichmentType: 'property_data',
      dataSourcesUsed: sources,
      fieldsEnriched: fields,
      status: job.status,
      error: job.error,
      completedAt: ended,
    })
    .onConflict((oc) =>
      oc.columns(['tenantId', 'dagRunId', 'propertyId']).doUpdateSet({
        dataSourcesUsed: sources,
        fieldsEnriched: fields,
        status: job.status,
        error: job.error,
        completedAt: ended,
      }),
    )
    .execute();
  await trx.db
    .updateTable('properties')
    .set({
      enrichmentSources: sql<
        string[]
      >`array(select distinct unnest(enrichment_sources || ${[...job.sources]}::text[]) order by 1)`,
    })
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', job.propertyId)
    .execute();
}
