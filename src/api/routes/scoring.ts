import { z } from '@hono/zod-openapi';
import {
  averageScoresByDay,
  type CurrentScore,
  findScore,
  listCurrentScores,
  summariseScores,
} from '../../db/queries/stats-scores.ts';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { dollars, id, idParams, instant, numberQuery, offsetQuery, wholeQuery } from '../kit/schemas.ts';
import { count, rounded } from './rates.ts';

const score = z.object({
  id,
  property_id: id,
  address: z.string().nullable(),
  city: z.string().nullable(),
  state: z.string().nullable(),
  overall_score: z.number(),
  bird_dog_score: z.number(),
  investment_score: z.number(),
  risk_score: z.number(),
  roi_estimate: z.number().nullable(),
  confidence: z.number(),
  estimated_value: dollars.nullable(),
  value_low: dollars.nullable(),
  value_high: dollars.nullable(),
  reference_price: dollars.nullable(),
  list_price: dollars.nullable(),
  model_version: z.string(),
  weights_version: z.string(),
  scored_at: instant,
});
const listed = score.openapi('CurrentScore');
const detail = score
  .extend({ score_components: z.unknown(), reasons: z.array(z.unknown()) })
  .openapi('CurrentScoreDetail');
const BANDS = ['0-20', '20-40', '40-60', '60-80', '80-100'] as const;
const average = z.number().nullable().openapi({ description: 'Null when nothing is scored' });
const common = { method: 'get', tag: 'Operations', permission: 'properties:read' } as const;

/** `/api/scoring`: scores of properties, and how they are spread. */
export function scoringEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        ...common,
        path: '/api/scoring/scores',
        operationId: 'listScores',
        summary: 'The newest score of each property, best first',
        cache: 'list',
        query: z
          .object({
            ...offsetQuery,
            min_score: numberQuery(0, 100).default(0),
            max_score: numberQuery(0, 100).default(100),
          })
          .refine((query) => query.min_score <= query.max_score, {
            message: 'must not be above max_score',
            path: ['min_score'],
          }),
        answer: z.object({ scores: z.array(listed), total: count, limit: count, offset: count }),
      },
      async ({ trx, query: { limit, offset, min_score: minScore, max_score: maxScore } }) => {
        const { rows, total } = await listCurrentScores(trx, { limit, offset, minScore, maxScore });
        return { scores: rows.map(scoreOf), total, limit, offset };
      },
    ),
    endpoint(
      {
        ...common,
        path: '/api/scoring/scores/{id}',
        operationId: 'getScore',
        summary: 'One score with the parts and reasons that made it',
        params: idParams,
        answer: detail,
      },
      async ({ trx, params }) => {
        const found = await findScore(trx, params.id);
        if (found === undefined) throw new ReosError('not_found', `There is no score ${params.id}.`);
        return { ...scoreOf(found), score_components: found.scoreComponents, reasons: found.reasons };
      },
    ),
    endpoint(
      {
        ...common,
        path: '/api/scoring/top-properties',
        operationId: 'listTopProperties',
        summary: 'The best properties',
        cache: 'list',
        query: z.object({ limit: wholeQuery(1, 200).default(10), min_score: numberQuery(0, 100).default(0) }),
        answer: z.object({ properties: z.array(listed), total: count }),
      },
      async ({ trx, query }) => {
        const { rows, total } = await listCurrentScores(trx, {
          limit: query.limit,
          offset: 0,
          minScore: query.min_score,
          maxScore: 100,
        });
        return { properties: rows.map(scoreOf), total };
      },
    ),
    endpoint(
      {
        ...common,
        path: '/api/scoring/stats/overview',
        operationId: 'getScoringStats',
        summary: 'Averages over the newest score of each property, and their distribution',
        cache: 'list',
        description: 'A band holds its lower bound; the last one 100 as well.',
        answer: z.object({
          total_scores: count,
          properties_scored: count,
          averages: z.object({
            overall_score: average,
            investment_score: average,
            risk_score: average,
            roi_estimate: average,
          }),
          score_distribution: z.object({
            '0-20': count,
            '20-40': count,
            '40-60': count,
            '60-80': count,
            '80-100': count,
          }),
        }),
      },
      async ({ trx }) => {
        const summary = await summariseScores(trx);
        return {
          total_scores: summary.totalScores,
          properties_scored: summary.propertiesScored,
          averages: {
            overall_score: rounded(summary.overall),
            investment_score: rounded(summary.investment),
            risk_score: rounded(summary.risk),
            // A share such as 0.087: two decimals would lose it.
            roi_estimate: summary.roi === null ? null : Math.round(summary.roi * 1e4) / 1e4,
          },
          score_distribution: Object.fromEntries(BANDS.map((band, at) => [band, summary.bands[at] ?? 0])) as Record<
            (typeof BANDS)[number],
            number
          >,
        };
      },
    ),
    endpoint(
      {
        ...common,
        path: '/api/scoring/stats/trends',
        operationId: 'getScoringTrends',
        summary: 'Daily averages (UTC) of the scores made, oldest first; days without one are left out',
        cache: 'list',
        query: z.object({ days: wholeQuery(1, 366).default(30) }),
        answer: z.object({
          days: count,
          trends: z.array(
            z.object({
              date: z.string(),
              scores: count,
              overall_score: average,
              investment_score: average,
              risk_score: average,
            }),
          ),
        }),
      },
      async ({ trx, query }) => ({
        days: query.days,
        trends: (await averageScoresByDay(trx, query.days)).map((row) => ({
          date: row.date,
          scores: row.count,
          overall_score: rounded(row.overall),
          investment_score: rounded(row.investment),
          risk_score: rounded(row.risk),
        })),
      }),
    ),
  ];
}

function scoreOf(row: CurrentScore) {
  return {
    id: row.id,
    property_id: row.propertyId,
    address: row.address,
    city: row.city,
    state: row.state,
    overall_score: row.overallScore,
    bird_dog_score: row.overallScore,
    investment_score: row.investmentScore,
    risk_score: row.riskScore,
    roi_estimate: row.roiEstimate,
    confidence: row.confidence,
    estimated_value: row.estimatedValueCents,
    value_low: row.valueLowCents,
    value_high: row.valueHighCents,
    reference_price: row.referencePriceCents,
    list_price: row.listPriceCents,
    model_version: row.modelVersion,
    weights_version: row.weightsVersion,
    scored_at: row.scoredAt,
  };
}
