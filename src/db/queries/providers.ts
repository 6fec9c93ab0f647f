import { sql } from 'kysely';
import { json } from '../json.ts';
import type { SystemTrx } from '../tenant.ts';

/** Failures in a row after which a provider is left alone, and for how long. */
const BREAKER_FAILURES = 5;
const BREAKER_SECONDS = 15;

/** An answer as it is shared between tenants: public facts, never a tenant's. */
export interface CachedAnswer {
  fields: Record<string, string | number | boolean | null>;
  confidence: number;
  rawRef: string;
  sourceUrl: string;
  simulated: boolean;
  fetchedAt: Date;
}

/** Names of the providers whose breaker is open. */
export async function openBreakers(trx: SystemTrx): Promise<Set<string>> {
  const rows = await trx.db
    .selectFrom('providerHealth')
    .select('provider')
    .where('openUntil', '>', sql<Date>`now()`)
    .execute();
  return new Set(rows.map(({ provider }) => provider));
}

/** Records a good answer; writes only when there is something to heal or nothing yet. */
export async function recordSuccess(trx: SystemTrx, provider: string): Promise<void> {
  await sql`insert into provider_health (provider, last_success_at) values (${provider}, now())
    on conflict (provider) do update set state = 'closed', consecutive_failures = 0, open_until = null, last_success_at = now()
    where provider_health.consecutive_failures > 0 or provider_health.last_success_at is null
      or provider_health.last_success_at < now() - interval '1 minute'`.execute(trx.db);
}

/** Records a failure; enough of them in a row open the breaker for a while. */
export async function recordFailure(trx: SystemTrx, provider: string, error: string): Promise<void> {
  await sql`insert into provider_health (provider, consecutive_failures, last_error, last_failure_at) values (${provider}, 1, ${error}, now())
    on conflict (provider) do update set
      consecutive_failures = provider_health.consecutive_failures + 1, last_error = excluded.last_error, last_failure_at = now(),
      state = case when provider_health.consecutive_failures + 1 >= ${BREAKER_FAILURES} then 'open' else 'closed' end,
      open_until = case when provider_health.consecutive_failures + 1 >= ${BREAKER_FAILURES}
        then now() + make_interval(secs => ${BREAKER_SECONDS}) end`.execute(trx.db);
}

/** Providers that failed within the last so many milliseconds and have not answered since, with what they said. */
export async function recentFailures(
  trx: SystemTrx,
  withinMs: number,
): Promise<Array<{ provider: string; lastError: string | null }>> {
  return trx.db
    .selectFrom('providerHealth')
    .select(['provider', 'lastError'])
    .where('consecutiveFailures', '>', 0)
    .where('lastFailureAt', '>', sql<Date>`now() - make_interval(secs => ${withinMs / 1000})`)
    .orderBy('provider')
    .execute();
}

/** Answers of the shared cache that are still good, by provider. */
export async function readCache(
  trx: SystemTrx,
  keys: ReadonlyArray<{ provider: string; key: string }>,
): Promise<Map<string, CachedAnswer>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql<{
    provider: string;
    answer: Omit<CachedAnswer, 'simulated' | 'fetchedAt'>;
    simulated: boolean;
    fetchedAt: Date;
  }>`
    select c.provider, c.answer, c.simulated, c.fetched_at
    from provider_cache c
    join jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) as k(provider text, key text) on k.provider = c.provider and k.key = c.cache_key
    where c.expires_at > now()`.execute(trx.db);
  return new Map(
    rows.map(({ provider, answer, simulated, fetchedAt }) => [provider, { ...answer, simulated, fetchedAt }]),
  );
}

/** Shares an answer with later calls about the same place. */
export async function writeCache(
  trx: SystemTrx,
  entry: { provider: string; key: string; answer: CachedAnswer; ttlSeconds: number },
): Promise<void> {
  const { simulated, fetchedAt, ...answer } = entry.answer;
  await trx.db
    .insertInto('providerCache')
    .values({
      provider: entry.provider,
      cacheKey: entry.key,
      answer: json(answer),
      simulated,
      fetchedAt,
      expiresAt: new Date(fetchedAt.getTime() + entry.ttlSeconds * 1000),
    })
    .onConflict((oc) =>
      oc.columns(['provider', 'cacheKey']).doUpdateSet((eb) => ({
        answer: eb.ref('excluded.answer'),
        simulated: eb.ref('excluded.simulated'),
        fetchedAt: eb.ref('excluded.fetchedAt'),
        expiresAt: eb.ref('excluded.expiresAt'),
      })),
    )
    .execute();
}

/**
 * Reserves one call in the bucket that all workers share. Returns the seconds to wait before making it; a reservation past
 * `maxWaitSeconds` is not made and null is returned.
 */
export async function reserveToken(
  trx: SystemTrx,
  bucket: { name: string; perSecond: number; burst: number },
  maxWaitSeconds: number,
): Promise<number | null> {
  const { rows } = await sql<{ tokens: number }>`
    insert into token_buckets as b (name, tokens, refilled_at) values (${bucket.name}, ${bucket.burst - 1}, clock_timestamp())
    on conflict (name) do update set
      tokens = least(${bucket.burst}, b.tokens + extract(epoch from clock_timestamp() - b.refilled_at) * ${bucket.perSecond}) - 1,
      refilled_at = clock_timestamp()
    where least(${bucket.burst}, b.tokens + extract(epoch from clock_timestamp() - b.refilled_at) * ${bucket.perSecond}) - 1
      >= ${-maxWaitSeconds * bucket.perSecond}
    returning tokens`.execute(trx.db);
  const tokens = rows[0]?.tokens;
  if (tokens === undefined) return null;
  return tokens >= 0 ? 0 : -tokens / bucket.perSecond;
}
