import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/** How the runs of a source went in the last 30 days; the newest of them whole. */
export interface SourceHealth {
  source: string;
  countyFips: string;
  status: string;
  error: string | null;
  itemsScraped: number;
  itemsFailed: number;
  itemsBlocked: number;
  startedAt: Date | null;
  completedAt: Date | null;
  runs: number;
  failedRuns: number;
}

/** The sources that were read in the last 30 days, at most 500, by name. */
export async function readSourceHealth(trx: TenantTrx): Promise<SourceHealth[]> {
  const { rows } = await sql<SourceHealth>`
    select * from (
      select distinct on (j.source) j.source, j.county_fips, j.status, j.error, j.items_scraped, j.items_failed,
        j.items_blocked, j.started_at, j.completed_at,
        count(*) over (partition by j.source)::int as runs,
        (count(*) filter (where j.status = 'failed') over (partition by j.source))::int as failed_runs
      from scraping_jobs j
      where j.tenant_id = ${trx.tenantId} and j.created_at > now() - interval '30 days'
      order by j.source, j.created_at desc, j.id
    ) newest
    order by source limit 500`.execute(trx.db);
  return rows;
}
