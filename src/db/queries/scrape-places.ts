import { sql } from 'kysely';
import { ReosError } from '../../domain/errors.ts';
import { PLAN_LIMITS } from '../../domain/plans.ts';
import type { TenantTrx } from '../tenant.ts';
import type { NewJob } from './discovery.ts';
import { countUsage, readPlan } from './usage.ts';

const RETRY_SECONDS = 20;
/** As long as one attempt may read a site: a job whose worker died holds its place no longer. */
const LONGEST_HOURS = 2;

/**
 * Admits a job that reads a site: its county takes one of the places that the plan has for counties at once. A job that
 * finds none is `queued`. Null: it has its place. Else the error to throw behind this transaction, `transient` with the
 * seconds after which to come again.
 */
export async function takeScrapePlace(trx: TenantTrx, job: NewJob, now: Date): Promise<ReosError | null> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`scrapes:${trx.tenantId}`}, 0))`.execute(trx.db);
  const plan = await readPlan(trx);
  const limit = PLAN_LIMITS[plan].concurrentScrapes;
  const others = await trx.db
    .selectFrom('scrapingJobs')
    .select('countyFips')
    .distinct()
    .where('tenantId', '=', trx.tenantId)
    .where('status', '=', 'running')
    .where('dagId', 'like', 'discovery%')
    .where('countyFips', '<>', job.countyFips)
    .where('startedAt', '>', new Date(now.getTime() - LONGEST_HOURS * 3_600_000))
    .execute();
  const isFree = others.length < limit;
  const added = await trx.db
    .insertInto('scrapingJobs')
    .values({ tenantId: trx.tenantId, ...job, status: isFree ? 'running' : 'queued', startedAt: isFree ? now : null })
    .onConflict((oc) =>
      oc.columns(['tenantId', 'id']).doUpdateSet((eb) => ({
        status: eb.ref('excluded.status'),
        startedAt: eb.ref('excluded.startedAt'),
      })),
    )
    .returning(sql<boolean>`xmax = 0`.as('isNew'))
    .executeTakeFirstOrThrow();
  if (added.isNew) await countUsage(trx, 'scrapes', 1, now);
  if (isFree) return null;
  return new ReosError(
    'transient',
    `The plan ${plan} reads ${limit} ${limit === 1 ? 'county' : 'counties'} at once, and ${others.length} are being read. It waits for a free place.`,
    { retryAfterSeconds: RETRY_SECONDS, details: { plan, limit } },
  );
}
