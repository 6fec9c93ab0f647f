import { z } from '@hono/zod-openapi';
import { countEnrichment, countFacts } from '../../db/queries/stats-jobs.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { costDollars, instant } from '../kit/schemas.ts';
import { count, percent, percentOf, rounded } from './rates.ts';

const common = { method: 'get', tag: 'Operations', permission: 'properties:read' } as const;

/** `/api/enrichment/stats`: how enrichment goes, and how complete properties are. */
export function enrichmentStatsEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        ...common,
        path: '/api/enrichment/stats/overview',
        operationId: 'getEnrichmentStats',
        summary: 'How enrichment goes, and what each provider answered and cost',
        cache: 'list',
        answer: z.object({
          jobs: z.object({ total: count, running: count, successful: count, failed: count, success_rate: percent }),
          properties: z.object({ total: count, enriched: count, enrichment_rate: percent }),
          providers: z.array(
            z.object({
              provider: z.string(),
              answers: count,
              average_confidence: z.number(),
              cost: costDollars,
              simulated: count.openapi({ description: 'Answers that a simulator made up' }),
              expired: count.openapi({ description: 'Answers past the time for which they hold' }),
              oldest_at: instant,
              newest_at: instant,
            }),
          ),
        }),
      },
      async ({ trx }) => {
        const { jobs, properties, providers } = await countEnrichment(trx);
        return {
          jobs: { ...jobs, success_rate: percentOf(jobs.successful, jobs.successful + jobs.failed) },
          properties: { ...properties, enrichment_rate: percentOf(properties.enriched, properties.total) },
          providers: providers.map(({ confidence, costMicros, oldestAt, newestAt, ...row }) => ({
            ...row,
            average_confidence: rounded(confidence) ?? 0,
            cost: costMicros,
            oldest_at: oldestAt,
            newest_at: newestAt,
          })),
        };
      },
    ),
    endpoint(
      {
        ...common,
        path: '/api/enrichment/stats/data-quality',
        operationId: 'getDataQuality',
        summary: 'How many properties have each fact',
        cache: 'list',
        answer: z.object({
          total_properties: count,
          overall_completeness: percent,
          field_completeness: z.record(z.string(), z.object({ count, percentage: percent })),
        }),
      },
      async ({ trx }) => {
        const { total, facts } = await countFacts(trx);
        const present = facts.reduce((sum, fact) => sum + fact.count, 0);
        return {
          total_properties: total,
          overall_completeness: percentOf(present, total * facts.length),
          field_completeness: Object.fromEntries(
            facts.map((fact) => [fact.field, { count: fact.count, percentage: percentOf(fact.count, total) }]),
          ),
        };
      },
    ),
  ];
}
