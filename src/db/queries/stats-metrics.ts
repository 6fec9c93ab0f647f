import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/** What there is, what runs, and what the last 24 hours brought. */
export interface MetricTotals {
  totalProspects: number;
  newProspects: number;
  totalProperties: number;
  totalScores: number;
  totalRuns: number;
  successfulRuns: number;
  activeScraping: number;
  activeEnrichment: number;
  prospectsDay: number;
  enrichedDay: number;
  scoredDay: number;
}

/** The numbers of the overview. */
export async function readMetricTotals(trx: TenantTrx): Promise<MetricTotals> {
  const t = trx.tenantId;
  const { rows } = await sql<MetricTotals>`
    select q.*, e.*, s.*, r.*,
      (select count(*)::int from properties where tenant_id = ${t}) as total_properties,
      (select count(*)::int from scraping_jobs where tenant_id = ${t} and status in ('queued', 'running')) as active_scraping
    from (select count(*)::int as total_prospects, count(*) filter (where status = 'new')::int as new_prospects,
        count(*) filter (where created_at > now() - interval '24 hours')::int as prospects_day
        from prospect_queue where tenant_id = ${t}) q,
      (select count(*) filter (where status = 'running')::int as active_enrichment,
        count(distinct property_id) filter (where status = 'success' and completed_at > now() - interval '24 hours')::int as enriched_day
        from enrichment_jobs where tenant_id = ${t}) e,
      (select count(*)::int as total_scores,
        count(distinct property_id) filter (where scored_at > now() - interval '24 hours')::int as scored_day
        from property_scores where tenant_id = ${t}) s,
      (select count(*)::int as total_runs, count(*) filter (where status = 'success')::int as successful_runs
        from pipeline_runs where tenant_id = ${t}) r`.execute(trx.db);
  return rows[0]!;
}

/** What was done on one day (UTC). */
export interface ThroughputDay {
  date: string;
  scraped: number;
  enriched: number;
  scored: number;
  memos: number;
  sent: number;
}

/** What each of the last so many days brought, today last; quiet days are there with zeros. */
export async function readThroughput(trx: TenantTrx, days: number): Promise<ThroughputDay[]> {
  const t = trx.tenantId;
  const { rows } = await sql<ThroughputDay>`
    with done(day, what) as (
      select (created_at at time zone 'UTC')::date, 'scraped' from prospect_queue where tenant_id = ${t}
      union all select (completed_at at time zone 'UTC')::date, 'enriched' from enrichment_jobs where tenant_id = ${t} and status = 'success'
      union all select (scored_at at time zone 'UTC')::date, 'scored' from property_scores where tenant_id = ${t}
      union all select (created_at at time zone 'UTC')::date, 'memos' from action_packets where tenant_id = ${t}
      union all select (sent_at at time zone 'UTC')::date, 'sent' from outreach_messages where tenant_id = ${t} and sent_at is not null
    ), counted as (
      select day, what, count(*)::int as n from done where day > (now() at time zone 'UTC')::date - ${days}::int group by 1, 2
    ), days as (
      select (now() at time zone 'UTC')::date - g as day from generate_series(0, ${days}::int - 1) g
    )
    select to_char(d.day, 'YYYY-MM-DD') as date,
      coalesce(sum(n) filter (where what = 'scraped'), 0)::int as scraped,
      coalesce(sum(n) filter (where what = 'enriched'), 0)::int as enriched,
      coalesce(sum(n) filter (where what = 'scored'), 0)::int as scored,
      coalesce(sum(n) filter (where what = 'memos'), 0)::int as memos,
      coalesce(sum(n) filter (where what = 'sent'), 0)::int as sent
    from days d left join counted c on c.day = d.day group by d.day order by d.day`.execute(trx.db);
  return rows;
}

/** How the runs of one schedule went. */
export interface RunPerformance {
  dagId: string;
  runs: number;
  successful: number;
  failed: number;
  averageSeconds: number | null;
  p95Seconds: number | null;
  lastRunAt: Date;
}

/** Runs of the last so many days by schedule. */
export async function readRunPerformance(trx: TenantTrx, days: number): Promise<RunPerformance[]> {
  const { rows } = await sql<RunPerformance>`
    select dag_id, count(*)::int as runs, count(*) filter (where status = 'success')::int as successful,
      count(*) filter (where status = 'failed')::int as failed, avg(duration_seconds) as average_seconds,
      percentile_cont(0.95) within group (order by duration_seconds) as p95_seconds, max(execution_date) as last_run_at
    from pipeline_runs where tenant_id = ${trx.tenantId} and execution_date >= now() - make_interval(days => ${days})
    group by dag_id order by dag_id`.execute(trx.db);
  return rows;
}

/** How many properties are in each status. */
export async function readFunnel(trx: TenantTrx): Promise<Record<string, number>> {
  const { rows } = await sql<{ status: string; count: number }>`
    select status, count(*)::int as count from properties where tenant_id = ${trx.tenantId} group by status`.execute(
    trx.db,
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** The newest measurement of a quality. */
export interface QualityMeasurement {
  metricType: string;
  metricName: string;
  entityType: string;
  entityId: string;
  value: number;
  threshold: number | null;
  isPassing: boolean;
  measuredAt: Date;
}

/** The newest measurement of each metric and thing measured. */
export async function readQuality(trx: TenantTrx): Promise<QualityMeasurement[]> {
  const { rows } = await sql<QualityMeasurement>`
    select distinct on (metric_type, metric_name, entity_type, entity_id)
      metric_type, metric_name, entity_type, entity_id, value, threshold, is_passing, measured_at
    from data_quality_metrics where tenant_id = ${trx.tenantId}
    order by metric_type, metric_name, entity_type, entity_id, measured_at desc limit 500`.execute(trx.db);
  return rows;
}
