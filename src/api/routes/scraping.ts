import { z } from '@hono/zod-openapi';
import { findScrapingJob, listScrapingJobs, readScrapingQueue, SCRAPING_STATUSES } from '../../db/queries/jobs-read.ts';
import { countScraping } from '../../db/queries/stats-jobs.ts';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { id, idParams, instant, offsetQuery, text } from '../kit/schemas.ts';
import { count, percent, percentOf } from './rates.ts';

const job = z
  .object({
    id,
    dag_id: z.string(),
    dag_run_id: z.string(),
    source: z.string(),
    county_fips: z.string(),
    status: z.enum(SCRAPING_STATUSES),
    items_scraped: count,
    items_failed: count,
    items_duplicate: count,
    items_blocked: count,
    error: z.string().nullable(),
    started_at: instant.nullable(),
    completed_at: instant.nullable(),
    created_at: instant,
  })
  .openapi('ScrapingJob');

const common = { method: 'get', tag: 'Operations', permission: 'properties:read' } as const;

/** `/api/scraping`: the jobs that read sources, and the rows that they found. */
export function scrapingEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        ...common,
        path: '/api/scraping/jobs',
        operationId: 'listScrapingJobs',
        summary: 'Jobs that read sources, newest first',
        query: z.object({
          ...offsetQuery,
          status: z.enum(SCRAPING_STATUSES).optional(),
          source: text(200).optional(),
        }),
        answer: z.object({ jobs: z.array(job), total: count, limit: count, offset: count }),
      },
      async ({ trx, query }) => {
        const { rows, total } = await listScrapingJobs(trx, query);
        return { jobs: rows.map(jobOf), total, limit: query.limit, offset: query.offset };
      },
    ),
    endpoint(
      {
        ...common,
        path: '/api/scraping/jobs/{id}',
        operationId: 'getScrapingJob',
        summary: 'One job that reads a source',
        params: idParams,
        answer: job,
      },
      async ({ trx, params }) => {
        const found = await findScrapingJob(trx, params.id);
        if (found === undefined) throw new ReosError('not_found', `There is no scraping job ${params.id}.`);
        return jobOf(found);
      },
    ),
    endpoint(
      {
        ...common,
        path: '/api/scraping/queue',
        operationId: 'getScrapingQueue',
        summary: 'Found rows by source and status, and the jobs that wait or run (at most 200)',
        answer: z.object({
          total: count,
          by_status: z.object({ new: count, ready: count, failed: count }),
          sources: z.array(z.object({ source: z.string(), status: z.string(), count })),
          jobs: z.array(job),
        }),
      },
      async ({ trx }) => {
        const { prospects, jobs } = await readScrapingQueue(trx);
        const sum = (status?: string) =>
          prospects
            .filter((row) => status === undefined || row.status === status)
            .reduce((total, row) => total + row.count, 0);
        return {
          total: sum(),
          by_status: { new: sum('new'), ready: sum('ready'), failed: sum('failed') },
          sources: prospects,
          jobs: jobs.map(jobOf),
        };
      },
    ),
    endpoint(
      {
        ...common,
        path: '/api/scraping/stats/overview',
        operationId: 'getScrapingStats',
        summary: 'How reading sources goes',
        cache: 'timeline',
        answer: z.object({
          jobs: z.object({ total: count, running: count, successful: count, failed: count, success_rate: percent }),
          prospects: z.object({ total: count, new: count, processed: count, processing_rate: percent }),
        }),
      },
      async ({ trx }) => {
        const { jobs, prospects } = await countScraping(trx);
        return {
          jobs: { ...jobs, success_rate: percentOf(jobs.successful, jobs.successful + jobs.failed) },
          prospects: { ...prospects, processing_rate: percentOf(prospects.processed, prospects.total) },
        };
      },
    ),
  ];
}

function jobOf(row: NonNullable<Awaited<ReturnType<typeof findScrapingJob>>>) {
  return {
    id: row.id,
    dag_id: row.dagId,
    dag_run_id: row.dagRunId,
    source: row.source,
    county_fips: row.countyFips,
    status: row.status as (typeof SCRAPING_STATUSES)[number],
    items_scraped: row.itemsScraped,
    items_failed: row.itemsFailed,
    items_duplicate: row.itemsDuplicate,
    items_blocked: row.itemsBlocked,
    error: row.error,
    started_at: row.startedAt,
    completed_at: row.completedAt,
    created_at: row.createdAt,
  };
}
