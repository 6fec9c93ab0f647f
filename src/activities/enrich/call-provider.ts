import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordFailedCall, type StoredAnswer } from '../../db/queries/enrichment.ts';
import { decide } from '../../db/queries/policy.ts';
import {
  type CachedAnswer,
  recordFailure,
  recordSuccess,
  reserveToken,
  writeCache,
} from '../../db/queries/providers.ts';
import { withSystem, withTenant } from '../../db/tenant.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';
import type { ActivityDeps } from '../deps.ts';
import type { PlannedCall } from './plan.ts';
import type { EnrichmentSubject } from './provider.ts';

export type CallDeps = Pick<
  ActivityDeps,
  'db' | 'http' | 'clock' | 'storage' | 'providerBaseUrls' | 'providerApiKeys' | 'providerRateScale'
>;

/** Past this wait for a free place the step is retried later instead of holding a worker's slot. */
const MAX_WAIT_SECONDS = 20;

/**
 * Makes one planned call: the shared cache, else the shared rate limit, the budget for a paid one, then the provider. Keeps
 * the raw bytes, the provider's health, and the answer for others.
 * @throws ReosError of the provider; `budget_exceeded` before a paid call over budget
 */
export async function callProvider(
  deps: CallDeps,
  tenantId: string,
  subject: EnrichmentSubject,
  call: PlannedCall,
  cached: CachedAnswer | undefined,
): Promise<StoredAnswer> {
  const { provider } = call;
  const base = { provider: provider.name, ttlSeconds: provider.cacheTtlSeconds };
  if (cached) return { ...base, ...cached, costMicros: 0, calls: 0, fromCache: true, ledgerId: null };
  await waitForTurn(deps, provider);
  const ledgerId = provider.costMicros > 0 ? await reservePaidCall(deps, tenantId, subject, provider) : null;
  try {
    const answer = await provider.fetch(
      { http: deps.http, baseUrls: deps.providerBaseUrls, apiKeys: deps.providerApiKeys },
      subject,
    );
    const fetchedAt = deps.clock();
    const hash = createHash('sha256').update(answer.rawBody).digest('hex');
    const rawRef = `shared/raw/${provider.name}/${hash}`;
    if (!(await deps.storage.has(rawRef))) await deps.storage.put(rawRef, answer.rawBody, 'application/octet-stream');
    const kept: CachedAnswer = {
      fields: answer.fields as CachedAnswer['fields'],
      confidence: answer.confidence,
      rawRef,
      sourceUrl: answer.sourceUrl,
      simulated: answer.simulated,
      fetchedAt,
    };
    await withSystem(deps.db, 'shared provider cache and health', async (trx) => {
      await recordSuccess(trx, provider.name);
      await writeCache(trx, { ...base, key: provider.cacheKey(subject), answer: kept });
    });
    const costMicros = provider.costMicros * answer.calls;
    return { ...base, ...kept, costMicros, calls: answer.calls, fromCache: false, ledgerId };
  } catch (error) {
    await recordTrouble(deps, tenantId, subject, provider, error);
    throw error;
  }
}

async function waitForTurn(deps: CallDeps, provider: PlannedCall['provider']): Promise<void> {
  const { perSecond, burst } = provider.rate;
  const bucket = { name: provider.name, perSecond: perSecond * deps.providerRateScale, burst };
  const wait = await withSystem(deps.db, 'shared rate limit', (trx) => reserveToken(trx, bucket, MAX_WAIT_SECONDS));
  if (wait === null) {
    throw new ReosError(
      'transient',
      `${provider.name} is called as often as its rate limit allows; this call waits its turn.`,
      {
        retryAfterSeconds: MAX_WAIT_SECONDS,
        details: { provider: provider.name },
      },
    );
  }
  if (wait > 0) await sleep(wait * 1000);
}

async function reservePaidCall(
  deps: CallDeps,
  tenantId: string,
  subject: EnrichmentSubject,
  provider: PlannedCall['provider'],
): Promise<string> {
  const { name } = provider;
  const reserved = await withTenant(deps.db, tenantId, async (trx) => {
    const costMicros = provider.costMicros * (provider.maxCalls ?? 1);
    const actor = { kind: 'system' as const, name: 'enrich' };
    const decision = await decide(trx, { actor, action: 'enrichment:call', resource: name, costMicros });
    if (!decision.allow) return { ok: false as const, reason: decision.reason };
    const id = randomUUID();
    await trx.db
      .insertInto('costLedger')
      .values({
        tenantId,
        id,
        resource: name,
        kind: 'enrichment',
        propertyId: subject.propertyId,
        costMicros,
        outcome: 'reserved',
      })
      .execute();
    return { ok: true as const, id };
  });
  // Thrown outside the transaction: the refusal stays on record.
  if (!reserved.ok) throw new ReosError('budget_exceeded', reserved.reason, { details: { provider: name } });
  return reserved.id;
}

async function recordTrouble(
  deps: CallDeps,
  tenantId: string,
  subject: EnrichmentSubject,
  provider: PlannedCall['provider'],
  error: unknown,
): Promise<void> {
  const isTransient = error instanceof ReosError && error.code === 'transient';
  if (isTransient) {
    await withSystem(deps.db, 'shared provider health', (trx) => recordFailure(trx, provider.name, messageOf(error)));
  }
  // A paid call's reserved row stays: whether the provider charged for it is not known.
  if (provider.costMicros === 0) {
    await withTenant(deps.db, tenantId, (trx) => recordFailedCall(trx, subject.propertyId, provider.name, 0));
  }
}
