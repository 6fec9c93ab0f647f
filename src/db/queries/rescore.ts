import { sql } from 'kysely';
import { EVENT_SUBJECTS } from '../../domain/events.ts';
import type { ScoreDocuments } from '../../domain/scoring/documents.ts';
import type { ScoreFigures } from '../../domain/scoring/score.ts';
import { MODEL_VERSION } from '../../domain/scoring/value.ts';
import type { TenantTrx } from '../tenant.ts';
import { bigints, createTextArray, doubles, type TextArray, texts, uuids } from './binary-arrays.ts';

/** Which properties a re-score is about: all of them, or those whose newest score is no longer of today's making. */
export interface RescoreFilter {
  countyFips: string;
  mode: 'all' | 'outdated';
  weightsVersion: string;
  /** The county's slug: the market its valuation models are kept under. */
  market: string;
}

/** New facts, no score yet, other weights, another formula, a model that came or went since, or sales that arrived since. */
const outdated = (filter: RescoreFilter) => sql`(
  p.rescore_requested_at is not null
  or not exists (
    select from (
      select s.weights_version, s.model_version, s.scored_at from property_scores s
      where s.tenant_id = p.tenant_id and s.property_id = p.id order by s.scored_at desc limit 1
    ) last
    where last.weights_version = ${filter.weightsVersion}
      and (last.model_version not like 'comparables-%' or last.model_version = ${MODEL_VERSION})
      and last.scored_at >= coalesce((
        select max(greatest(m.promoted_at, m.retired_at)) from ml_models m
        where m.tenant_id = ${tenantOf()} and m.kind = 'avm' and m.market = ${filter.market}), '-infinity')
      and last.scored_at >= coalesce((
        select max(s.created_at) from sales s
        where s.tenant_id = ${tenantOf()} and s.county_fips = ${filter.countyFips} and s.arms_length), '-infinity')))`;

const tenantOf = () => sql`current_tenant_id()`;

const candidates = (trx: TenantTrx, filter: RescoreFilter) => sql`
  from properties p
  where p.tenant_id = ${trx.tenantId} and p.county_fips = ${filter.countyFips}
    and p.status not in ('new', 'failed', 'suppressed', 'closed')
    ${filter.mode === 'all' ? sql`` : sql`and ${outdated(filter)}`}`;

/** Counties in which the tenant has properties. */
export async function countiesOf(trx: TenantTrx): Promise<string[]> {
  const { rows } = await sql<{ countyFips: string }>`
    select county_fips from properties where tenant_id = ${trx.tenantId} group by 1 order by 1`.execute(trx.db);
  return rows.map(({ countyFips }) => countyFips);
}

/** How many properties a re-score is about. */
export async function countToRescore(trx: TenantTrx, filter: RescoreFilter): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n ${candidates(trx, filter)}`.execute(trx.db);
  return rows[0]?.n ?? 0;
}

/** The ids of the next properties, in their order. */
export async function listToRescore(
  trx: TenantTrx,
  filter: RescoreFilter,
  page: { after: string | null; limit: number },
): Promise<string[]> {
  const behind = page.after === null ? sql`` : sql`and p.id > ${page.after}::uuid`;
  const { rows } = await sql<{ id: string }>`
    select p.id ${candidates(trx, filter)} ${behind} order by p.id limit ${page.limit}`.execute(trx.db);
  return rows.map(({ id }) => id);
}

/** Hash of what each property's newest score was worked out from. */
export async function newestHashes(trx: TenantTrx, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; inputsHash: string }>`
    select i.id, s.inputs_hash from unnest(${[...ids]}::uuid[]) i(id)
    cross join lateral (
      select inputs_hash from property_scores s
      where s.tenant_id = ${trx.tenantId} and s.property_id = i.id order by s.scored_at desc limit 1
    ) s`.execute(trx.db);
  return new Map(rows.map(({ id, inputsHash }) => [id, inputsHash]));
}

/** A score of a batch. */
export interface BatchScore {
  propertyId: string;
  inputsHash: string;
  figures: ScoreFigures;
  /** What explains it; null when the newest score came from the very same inputs: then no row and no event is written. */
  documents: ScoreDocuments | null;
  /** Codes of its strongest reasons, for the event. */
  strongest: readonly string[];
}

/** What is kept of a score until its batch is written. */
type SheetRow = ReturnType<typeof rowOf>;

/** The scores of a batch on their way into the database. */
export interface ScoreSheet {
  rows: SheetRow[];
  /** Of the new ones among them, in their order. */
  documents: Record<keyof ScoreDocuments | 'event', TextArray>;
}

/** An empty sheet. */
export const createScoreSheet = (): ScoreSheet => ({
  rows: [],
  documents: {
    components: createTextArray('json'),
    reasons: createTextArray('json'),
    features: createTextArray('json'),
    comparables: createTextArray('json'),
    inputs: createTextArray('bytea'),
    event: createTextArray('jsonb'),
  },
});

/** Puts a score on the sheet. Its documents become bytes at once: what explains five hundred scores is much to keep. */
export function addScore({ rows, documents }: ScoreSheet, score: BatchScore): void {
  rows.push(rowOf(score));
  const own = score.documents;
  if (own === null) return;
  documents.components.add(own.components);
  documents.reasons.add(own.reasons);
  documents.features.add(own.features);
  documents.comparables.add(own.comparables);
  documents.inputs.add(own.inputs);
  documents.event.add(eventPayload(score));
}

/** Named one by one: a copy of the rest is many times slower. */
const rowOf = ({ propertyId, inputsHash, documents, figures }: BatchScore) => ({
  propertyId,
  inputsHash,
  isNew: documents !== null,
  birdDogScore: figures.birdDogScore,
  investmentScore: figures.investmentScore,
  riskScore: figures.riskScore,
  roiEstimate: figures.roiEstimate,
  confidence: figures.confidence,
  estimatedValueCents: figures.estimatedValueCents,
  valueLowCents: figures.valueLowCents,
  valueHighCents: figures.valueHighCents,
  referencePriceCents: figures.referencePriceCents,
  referencePriceKind: figures.referencePriceKind,
  asOf: figures.asOf,
  weightsVersion: figures.weightsVersion,
  modelVersion: figures.modelVersion,
  needsReview: figures.needsReview,
});

/**
 * Writes the scores of a batch: rows, events, and the properties' own columns. A property that waited for its score
 * (`enriched`) becomes `scored`; no other status moves. Lists travel in binary form and are unnested in the select list,
 * where nothing of them is kept: the documents are most of the work.
 */
export async function saveScores(trx: TenantTrx, sheet: ScoreSheet, correlationId: string): Promise<void> {
  const { rows } = sheet;
  if (rows.length === 0) return;
  const fresh = rows.filter(({ isNew }) => isNew);
  // A plan of these lists' own would be no better, and to make it they are copied again and again: some 4 MB of documents.
  await sql`set local plan_cache_mode = force_generic_plan`.execute(trx.db);
  if (fresh.length > 0) {
    await insertScores(trx, fresh, sheet.documents);
    await insertEvents(trx, fresh, sheet.documents.event, correlationId);
  }
  await sql`
    update properties p set bird_dog_score = r.score, estimated_value_cents = r.value,
      needs_review = p.needs_review or r.review, rescore_requested_at = null, updated_at = now(),
      status = case when p.status = 'enriched' then 'scored' else p.status end
    from (
      select unnest(${uuids(rows.map(({ propertyId }) => propertyId))}::uuid[]) as id,
        unnest(${doubles(rows.map((row) => row.birdDogScore))}::float8[]) as score,
        unnest(${bigints(rows.map((row) => row.estimatedValueCents))}::bigint[]) as value,
        unnest(${rows.map((row) => row.needsReview)}::boolean[]) as review
    ) r where p.tenant_id = ${trx.tenantId} and p.id = r.id`.execute(trx.db);
  await sql`select pg_notify('event_log', ${trx.tenantId})`.execute(trx.db);
}

async function insertScores(
  trx: TenantTrx,
  fresh: readonly SheetRow[],
  documents: ScoreSheet['documents'],
): Promise<void> {
  const number = (of: (row: SheetRow) => number | null) => doubles(fresh.map(of));
  const money = (of: (row: SheetRow) => number | null) => bigints(fresh.map(of));
  const text = (of: (row: SheetRow) => string) => texts(fresh.map(of));
  await sql`
    insert into property_scores (tenant_id, property_id, bird_dog_score, investment_score, risk_score, roi_estimate,
      confidence, estimated_value_cents, value_low_cents, value_high_cents, reference_price_cents, reference_price_kind,
      as_of, score_components, reasons, features_used, comparables, inputs, weights_version, model_version, inputs_hash)
    select ${trx.tenantId}::uuid, unnest(${uuids(fresh.map(({ propertyId }) => propertyId))}::uuid[]),
      unnest(${number((of) => of.birdDogScore)}::float8[]), unnest(${number((of) => of.investmentScore)}::float8[]),
      unnest(${number((of) => of.riskScore)}::float8[]), unnest(${number((of) => of.roiEstimate)}::float8[]),
      unnest(${number((of) => of.confidence)}::float8[]), unnest(${money((of) => of.estimatedValueCents)}::bigint[]),
      unnest(${money((of) => of.valueLowCents)}::bigint[]), unnest(${money((of) => of.valueHighCents)}::bigint[]),
      unnest(${money((of) => of.referencePriceCents)}::bigint[]),
      unnest(${text((of) => of.referencePriceKind)}::text[]),
      unnest(${text((of) => of.asOf)}::text[])::date,
      unnest(${documents.components.bytes()}::json[]), unnest(${documents.reasons.bytes()}::json[]),
      unnest(${documents.features.bytes()}::json[]), unnest(${documents.comparables.bytes()}::json[]),
      unnest(${documents.inputs.bytes()}::bytea[]),
      unnest(${text((of) => of.weightsVersion)}::text[]),
      unnest(${text((of) => of.modelVersion)}::text[]),
      unnest(${text((of) => of.inputsHash)}::text[])`.execute(trx.db);
}

const eventPayload = ({ figures, strongest }: BatchScore): string =>
  JSON.stringify({
    bird_dog_score: figures.birdDogScore,
    confidence: figures.confidence,
    weights_version: figures.weightsVersion,
    model_version: figures.modelVersion,
    reasons: strongest,
  });

async function insertEvents(
  trx: TenantTrx,
  fresh: readonly SheetRow[],
  payloads: TextArray,
  correlationId: string,
): Promise<void> {
  await sql`
    insert into event_log (tenant_id, event_type, subject, correlation_id, property_id, payload, metadata)
    select ${trx.tenantId}::uuid, 'property.scored', ${EVENT_SUBJECTS['property.scored']}::text, ${correlationId}::text,
      unnest(${uuids(fresh.map(({ propertyId }) => propertyId))}::uuid[]), unnest(${payloads.bytes()}::jsonb[]),
      '{"source": "rescore", "user_id": null}'::jsonb`.execute(trx.db);
}

/** Puts the counts of a run that is under way into the journal. */
export async function noteRunProgress(
  trx: TenantTrx,
  run: { dagId: string; dagRunId: string; total: number; done: number },
): Promise<void> {
  await trx.db
    .updateTable('pipelineRuns')
    .set({ tasksTotal: run.total, tasksSuccess: run.done })
    .where('tenantId', '=', trx.tenantId)
    .where('dagId', '=', run.dagId)
    .where('dagRunId', '=', run.dagRunId)
    .execute();
}
