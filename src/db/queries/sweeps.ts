import { type SqlBool, sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import type { LifecycleCandidate } from './discovery.ts';

/** Which properties a sweep is about. */
export type SweepFilter = 'stale_enrichment' | 'scored' | 'memo_missing' | 'outreach_due';

const FILTERS: Record<SweepFilter, (minScore: number) => ReturnType<typeof sql<SqlBool>>> = {
  stale_enrichment:
    () => sql<SqlBool>`p.status in ('enriched', 'scored', 'packet_ready', 'contacted', 'engaged') and exists (
    select from property_enrichment e where e.tenant_id = p.tenant_id and e.property_id = p.id
    group by e.provider having max(e.expires_at) < now())`,
  scored: () => sql<SqlBool>`p.status in ('scored', 'packet_ready', 'contacted', 'engaged')`,
  memo_missing: (
    minScore,
  ) => sql<SqlBool>`p.status = 'scored' and coalesce(p.bird_dog_score, 0) >= ${minScore} and not exists (
    select from action_packets a where a.tenant_id = p.tenant_id and a.property_id = p.id)`,
  // A planned send is due whatever the score is by now; a first plan asks for the usual one.
  outreach_due: (minScore) => sql<SqlBool>`(
    p.status = 'packet_ready' and (p.held_until is null or p.held_until <= now())
      and coalesce(p.bird_dog_score, 0) >= ${minScore}
    or p.status in ('scored', 'packet_ready', 'contacted', 'engaged') and exists (
      select from outreach_messages m where m.tenant_id = p.tenant_id and m.property_id = p.id
        and m.status = 'pending' and (m.held_until is null or m.held_until <= now())))`,
};

/**
 * Pages through the properties a sweep is about, in the order of their ids. `minScore`: below it no memo and no first
 * message is asked for.
 */
export function listForSweep(
  trx: TenantTrx,
  options: { filter: SweepFilter; minScore: number; after: string | null; limit: number },
): Promise<LifecycleCandidate[]> {
  return trx.db
    .selectFrom('properties as p')
    .select(['p.id', 'p.countyFips', 'p.apn', 'p.city', 'p.state', sql<string | null>`null`.as('source')])
    .where('p.tenantId', '=', trx.tenantId)
    .where('p.isPaused', '=', false)
    .where(FILTERS[options.filter](options.minScore))
    .$if(options.after !== null, (query) => query.where('p.id', '>', options.after!))
    .orderBy('p.id')
    .limit(options.limit)
    .execute();
}
