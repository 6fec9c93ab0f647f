import { sql } from 'kysely';
import type { Json } from '../tables.ts';
import type { TenantTrx } from '../tenant.ts';
import { explained, type ToExplain, weightsToExplain } from './score-explanation.ts';

/** A property's newest score. Values in cents. */
export interface CurrentScore {
  id: string;
  propertyId: string;
  address: string | null;
  city: string | null;
  state: string | null;
  overallScore: number;
  investmentScore: number;
  riskScore: number;
  roiEstimate: number | null;
  confidence: number;
  estimatedValueCents: number | null;
  valueLowCents: number | null;
  valueHighCents: number | null;
  referencePriceCents: number | null;
  listPriceCents: number | null;
  modelVersion: string;
  weightsVersion: string;
  scoredAt: Date;
}

const CURRENT = sql`s.id, s.property_id, p.address, p.city, p.state, s.bird_dog_score as overall_score, s.investment_score,
  s.risk_score, s.roi_estimate, s.confidence, s.estimated_value_cents, s.value_low_cents, s.value_high_cents,
  s.reference_price_cents, p.list_price_cents, s.model_version, s.weights_version, s.scored_at`;
const NEWEST = sql`lateral (select * from property_scores n where n.tenant_id = p.tenant_id and n.property_id = p.id
  order by n.scored_at desc limit 1) s`;

/** The newest score of each property, best first, with how many there are. Bounds are inclusive, 0 to 100. */
export async function listCurrentScores(
  trx: TenantTrx,
  filter: { limit: number; offset: number; minScore: number; maxScore: number },
): Promise<{ rows: CurrentScore[]; total: number }> {
  // As the index has it; without a score it is -1.
  const score = sql`coalesce(p.bird_dog_score, -1)`;
  const fitting = sql`p.tenant_id = ${trx.tenantId} and ${score} between ${filter.minScore}::float8 and ${filter.maxScore}::float8`;
  const { rows } = await sql<CurrentScore>`
    select ${CURRENT} from (
      select * from properties p where ${fitting}
      order by ${score} desc, p.id desc limit ${filter.limit} offset ${filter.offset}
    ) p cross join ${NEWEST} order by p.bird_dog_score desc, p.id desc`.execute(trx.db);
  const count = await sql<{ total: number }>`select count(*)::int as total from properties p where ${fitting}`.execute(
    trx.db,
  );
  return { rows, total: count.rows[0]!.total };
}

/** One score, old ones too, with the parts and reasons that made it; undefined when there is none of that id. */
export async function findScore(
  trx: TenantTrx,
  scoreId: string,
): Promise<(CurrentScore & { scoreComponents: Json; reasons: unknown[] }) | undefined> {
  const { rows } = await sql<CurrentScore & ToExplain>`
    select ${CURRENT}, s.bird_dog_score, s.score_components, s.reasons, s.features_used, s.inputs,
      ${weightsToExplain} as weights
    from property_scores s join properties p on p.tenant_id = s.tenant_id and p.id = s.property_id
    where s.tenant_id = ${trx.tenantId} and s.id = ${scoreId}`.execute(trx.db);
  if (rows[0] === undefined) return undefined;
  const found = explained(rows[0]);
  return { ...found, reasons: found.reasons as unknown[] };
}

/** Averages over the newest score of each property; null when there is none. Bands from 0 up, 20 points each, the last one with 100. */
export interface ScoreSummary {
  totalScores: number;
  propertiesScored: number;
  overall: number | null;
  investment: number | null;
  risk: number | null;
  roi: number | null;
  bands: number[];
}

/** Sums up scores: how many were made, and how the newest one of each property is. */
export async function summariseScores(trx: TenantTrx): Promise<ScoreSummary> {
  const { rows } = await sql<ScoreSummary>`
    with newest as (
      select distinct on (property_id) bird_dog_score, investment_score, risk_score, roi_estimate
      from property_scores where tenant_id = ${trx.tenantId} order by property_id, scored_at desc
    )
    select (select count(*)::int from property_scores where tenant_id = ${trx.tenantId}) as total_scores,
      count(*)::int as properties_scored, avg(bird_dog_score) as overall, avg(investment_score) as investment,
      avg(risk_score) as risk, avg(roi_estimate) as roi,
      array[count(*) filter (where bird_dog_score < 20), count(*) filter (where bird_dog_score >= 20 and bird_dog_score < 40),
        count(*) filter (where bird_dog_score >= 40 and bird_dog_score < 60),
        count(*) filter (where bird_dog_score >= 60 and bird_dog_score < 80),
        count(*) filter (where bird_dog_score >= 80)]::int[] as bands
    from newest`.execute(trx.db);
  return rows[0]!;
}

/** Averages of one day (UTC). */
export interface ScoreDay {
  date: string;
  count: number;
  overall: number;
  investment: number;
  risk: number;
}

/** Daily averages of the scores made in the last so many days, oldest first; days without a score are left out. */
export async function averageScoresByDay(trx: TenantTrx, days: number): Promise<ScoreDay[]> {
  const { rows } = await sql<ScoreDay>`
    select to_char(scored_at at time zone 'UTC', 'YYYY-MM-DD') as date, count(*)::int as count,
      avg(bird_dog_score) as overall, avg(investment_score) as investment, avg(risk_score) as risk
    from property_scores
    where tenant_id = ${trx.tenantId} and scored_at >= now() - make_interval(days => ${days})
    group by 1 order by 1`.execute(trx.db);
  return rows;
}
