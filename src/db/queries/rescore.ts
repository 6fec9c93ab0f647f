import { sql } from 'kysely';
import { EVENT_SUBJECTS } from '../../domain/events.ts';
import type { ScoreResult } from '../../domain/scoring/score.ts';
import { MODEL_VERSION } from '../../domain/scoring/value.ts';
import type { TenantTrx } from '../tenant.ts';
import type { PlacedSaleRow } from './rescore-sales.ts';

export type { PlacedSaleRow };

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
  /** False when the newest score came from the very same inputs: then no row and no event is written. */
  isNew: boolean;
  result: ScoreResult;
  comparables: readonly unknown[];
}

/**
 * Writes the scores of a batch in one statement: rows, events, and the properties' own columns. A property that waited for
 * its score (`enriched`) becomes `scored`; no other status moves.
 */
export async function saveScores(trx: TenantTrx, scores: readonly BatchScore[], correlationId: string): Promise<void> {
  if (scores.length === 0) return;
  const rows = scores.map(({ propertyId, inputsHash, isNew, result, comparables }) => ({
    property_id: propertyId,
    is_new: isNew,
    score: result.birdDogScore,
    investment: result.investmentScore,
    risk: result.riskScore,
    roi: result.roiEstimate,
    confidence: result.confidence,
    value: result.estimatedValueCents,
    low: result.valueLowCents,
    high: result.valueHighCents,
    price: result.referencePriceCents,
    price_kind: result.referencePriceKind,
    as_of: result.asOf,
    // The large documents travel only where they are written.
    components: isNew ? result.components : null,
    reasons: isNew ? result.reasons : null,
    features: isNew ? result.featuresUsed : null,
    comparables: isNew ? comparables : null,
    weights: result.weightsVersion,
    model: result.modelVersion,
    hash: inputsHash,
    review: result.needsReview,
  }));
  await sql`
    with r as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(
        property_id uuid, is_new boolean, score float8, investment float8, risk float8, roi float8, confidence float8,
        value bigint, low bigint, high bigint, price bigint, price_kind text, as_of date, components jsonb, reasons jsonb,
        features jsonb, comparables jsonb, weights text, model text, hash text, review boolean)
    ), scored as (
      insert into property_scores (tenant_id, property_id, bird_dog_score, investment_score, risk_score, roi_estimate,
        confidence, estimated_value_cents, value_low_cents, value_high_cents, reference_price_cents, reference_price_kind,
        as_of, score_components, reasons, features_used, comparables, weights_version, model_version, inputs_hash)
      select ${trx.tenantId}, property_id, score, investment, risk, roi, confidence, value, low, high, price, price_kind, as_of,
        components, reasons, features, comparables, weights, model, hash
      from r where is_new
    ), told as (
      insert into event_log (tenant_id, event_type, subject, correlation_id, property_id, payload, metadata)
      select ${trx.tenantId}, 'property.scored', ${EVENT_SUBJECTS['property.scored']}, ${correlationId}, property_id,
        jsonb_build_object('bird_dog_score', score, 'confidence', confidence, 'weights_version', weights,
          'model_version', model, 'reasons', jsonb_path_query_array(reasons, '$[0 to 2].code')),
        '{"source": "rescore", "user_id": null}'::jsonb
      from r where is_new
    )
    update properties p set bird_dog_score = r.score, estimated_value_cents = r.value,
      needs_review = p.needs_review or r.review, rescore_requested_at = null, updated_at = now(),
      status = case when p.status = 'enriched' then 'scored' else p.status end
    from r where p.tenant_id = ${trx.tenantId} and p.id = r.property_id`.execute(trx.db);
  await sql`select pg_notify('event_log', ${trx.tenantId})`.execute(trx.db);
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
