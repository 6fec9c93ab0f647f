import { z } from '@hono/zod-openapi';
import {
  readFunnel,
  readMetricTotals,
  readQuality,
  readRunPerformance,
  readThroughput,
} from '../../db/queries/stats-metrics.ts';
import { STATUSES } from '../../domain/lifecycle.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { instant, wholeQuery } from '../kit/schemas.ts';
import { count, percent, percentOf, rounded } from './rates.ts';

const common = { method: 'get', tag: 'Operations', permission: 'properties:read' } as const;
const days = { days: wholeQuery(1, 366).default(30) };

/** `/api/metrics`: how the whole pipeline does. */
export function metricsEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        ...common,
        path: '/api/metrics/overview',
        operationId: 'getMetricsOverview',
        summary: 'What there is, what runs, what the last 24 hours brought',
        cache: 'timeline',
        answer: z.object({
          data_pipeline: z.object({
            total_prospects: count,
            total_properties: count,
            total_scores: count,
            new_prospects_pending: count,
          }),
          pipeline_execution: z.object({ total_runs: count, successful_runs: count, success_rate: percent }),
          active_jobs: z.object({ scraping: count, enrichment: count, total: count }),
          recent_activity_24h: z.object({
            prospects_scraped: count,
            properties_enriched: count,
            properties_scored: count,
          }),
        }),
      },
      async ({ trx }) => {
        const now = await readMetricTotals(trx);
        return {
          data_pipeline: {
            total_prospects: now.totalProspects,
            total_properties: now.totalProperties,
            total_scores: now.totalScores,
            new_prospects_pending: now.newProspects,
          },
          pipeline_execution: {
            total_runs: now.totalRuns,
            successful_runs: now.successfulRuns,
            success_rate: percentOf(now.successfulRuns, now.totalRuns),
          },
          active_jobs: {
            scraping: now.activeScraping,
            enrichment: now.activeEnrichment,
            total: now.activeScraping + now.activeEnrichment,
          },
          recent_activity_24h: {
            prospects_scraped: now.prospectsDay,
            properties_enriched: now.enrichedDay,
            properties_scored: now.scoredDay,
          },
        };
      },
    ),
    endpoint(
      {
        ...common,
        path: '/api/metrics/throughput',
        operationId: 'getThroughput',
        summary: 'What each day (UTC) brought, today last',
        cache: 'list',
        query: z.object(days),
        answer: z.object({
          days: count,
          throughput: z.array(
            z.object({ date: z.string(), scraped: count, enriched: count, scored: count, memos: count, sent: count }),
          ),
        }),
      },
      async ({ trx, query }) => ({ days: query.days, throughput: await readThroughput(trx, query.days) }),
    ),
    endpoint(
      {
        ...common,
        path: '/api/metrics/performance',
        operationId: 'getPerformance',
        summary: 'How runs went and how long they took, by schedule',
        query: z.object(days),
        answer: z.object({
          days: count,
          pipelines: z.array(
            z.object({
              dag_id: z.string(),
              total_runs: count,
              successful_runs: count,
              failed_runs: count,
              success_rate: percent,
              average_seconds: z.number().nullable(),
              p95_seconds: z.number().nullable(),
              last_run_at: instant,
            }),
          ),
        }),
      },
      async ({ trx, query }) => ({
        days: query.days,
        pipelines: (await readRunPerformance(trx, query.days)).map((row) => ({
          dag_id: row.dagId,
          total_runs: row.runs,
          successful_runs: row.successful,
          failed_runs: row.failed,
          success_rate: percentOf(row.successful, row.successful + row.failed),
          average_seconds: rounded(row.averageSeconds),
          p95_seconds: rounded(row.p95Seconds),
          last_run_at: row.lastRunAt,
        })),
      }),
    ),
    endpoint(
      {
        ...common,
        path: '/api/metrics/funnel',
        operationId: 'getFunnel',
        summary: 'How many properties are in each status',
        cache: 'list',
        answer: z.object({
          total: count,
          stages: z.array(z.object({ stage: z.string(), count, percentage: percent })),
        }),
      },
      async ({ trx }) => {
        const counts = await readFunnel(trx);
        const total = Object.values(counts).reduce((sum, value) => sum + value, 0);
        const stages = STATUSES.map((stage) => ({
          stage,
          count: counts[stage] ?? 0,
          percentage: percentOf(counts[stage] ?? 0, total),
        }));
        return { total, stages };
      },
    ),
    endpoint(
      {
        ...common,
        path: '/api/metrics/quality',
        operationId: 'getQuality',
        summary: 'The newest measurement of each quality',
        answer: z.object({
          passing: count,
          failing: count,
          metrics: z.array(
            z.object({
              metric_type: z.string(),
              metric_name: z.string(),
              entity_type: z.string(),
              entity_id: z.string(),
              value: z.number(),
              threshold: z.number().nullable(),
              is_passing: z.boolean(),
              measured_at: instant,
            }),
          ),
        }),
      },
      async ({ trx }) => {
        const metrics = (await readQuality(trx)).map((row) => ({
          metric_type: row.metricType,
          metric_name: row.metricName,
          entity_type: row.entityType,
          entity_id: row.entityId,
          value: row.value,
          threshold: row.threshold,
          is_passing: row.isPassing,
          measured_at: row.measuredAt,
        }));
        const passing = metrics.filter((metric) => metric.is_passing).length;
        return { passing, failing: metrics.length - passing, metrics };
      },
    ),
  ];
}
