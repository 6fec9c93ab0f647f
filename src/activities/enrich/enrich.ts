import { Context } from '@temporalio/activity';
import { readAnswered, type StoredAnswer, saveEnrichmentJob, storeAnswers } from '../../db/queries/enrichment.ts';
import { appendEvent } from '../../db/queries/events.ts';
import { advanceStatus } from '../../db/queries/lifecycle.ts';
import { readProperty } from '../../db/queries/properties.ts';
import { type CachedAnswer, openBreakers, readCache, recentFailures } from '../../db/queries/providers.ts';
import { type TenantTrx, withSystem, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import type { LifecycleState } from '../../domain/lifecycle.ts';
import type { Property } from '../../domain/property.ts';
import { type EnrichmentField, missingFields } from '../../domain/provenance.ts';
import type { ActivityDeps } from '../deps.ts';
import { startHeartbeat } from '../platform/heartbeat.ts';
import { type PropertyIds, readState } from '../platform/lifecycle.ts';
import { type CallDeps, callProvider } from './call-provider.ts';
import { nextRound, type PlannedCall, updateSubject } from './plan.ts';
import type { EnrichmentSubject, Provider } from './provider.ts';
import { PROVIDERS } from './registry.ts';

type Deps = CallDeps & Pick<ActivityDeps, 'counties' | 'scoring' | 'retryWindowMs' | 'logger'>;
const ALL: readonly Provider[] = Object.values(PROVIDERS);

/** Asking providers about a property. */
export function createEnrichActivities(deps: Deps) {
  return {
    /**
     * Asks every provider that can fill what is missing or has expired, in rounds. Answers are kept as they come; a new
     * attempt asks only those that did not answer.
     * @throws ReosError `transient` while a provider is down (Temporal tries again within the window)
     */
    enrichProperty: async (ids: PropertyIds): Promise<LifecycleState> => {
      const heartbeat = startHeartbeat();
      try {
        return await enrichProperty(deps, ids, Context.current().info.workflowExecution?.runId ?? 'local');
      } finally {
        heartbeat.stop();
      }
    },

    /**
     * The window has closed: goes on with what is known, the gaps lowering the confidence.
     * @throws ReosError `validation` when no provider ever answered: then the property fails with the reason
     */
    finishEnrichment: async (given: PropertyIds & { reason: string }): Promise<LifecycleState> => {
      const input = { ...given, reason: await namedReason(deps, given.reason) };
      return withTenant(deps.db, input.tenantId, async (trx) => {
        const answered = await readAnswered(trx, input.propertyId);
        if (answered.length === 0) {
          throw new ReosError(
            'validation',
            `No provider answered within ${Math.round(deps.retryWindowMs / 1000)} s: ${input.reason.replace(/[.\s]*$/, '.')} When they are back: reos lifecycle resume ${input.propertyId}`,
          );
        }
        const runId = Context.current().info.workflowExecution?.runId ?? 'local';
        return complete(deps, trx, input, { runId, problem: input.reason });
      });
    },
  };
}

/** A window that closes during an attempt leaves only a time-out behind: then the providers' own last words are added. */
async function namedReason(deps: Deps, reason: string): Promise<string> {
  if (ALL.some(({ name }) => reason.includes(name))) return reason;
  const failures = await withSystem(deps.db, 'shared provider health', (trx) =>
    recentFailures(trx, deps.retryWindowMs),
  );
  const words = failures.map(({ provider, lastError }) => `${provider}: ${lastError ?? 'no answer'}`);
  return words.length === 0 ? reason : `${reason.replace(/[.\s]*$/, '.')} ${words.join('; ')}`;
}

async function enrichProperty(deps: Deps, ids: PropertyIds, runId: string): Promise<LifecycleState> {
  const { property: start, answered } = await withTenant(deps.db, ids.tenantId, async (trx) => ({
    property: await readProperty(trx, ids.propertyId),
    answered: await readAnswered(trx, ids.propertyId),
  }));
  let property: Property = start;
  let subject = subjectOf(deps, property);
  const expired = answered.filter(({ isFresh }) => !isFresh).flatMap(({ fields }) => Object.keys(fields as object));
  const done = new Set(answered.filter(({ isFresh }) => isFresh).map(({ provider }) => provider));
  let got = 0;
  const down: string[] = [];
  const refused: string[] = [];
  let retryAfterSeconds: number | undefined;
  for (;;) {
    const missing = [...new Set([...missingFields(property), ...(expired as EnrichmentField[])])];
    const { cached, broken } = await lookAround(deps, subject, done);
    const round = nextRound({
      subject,
      missing,
      providers: ALL,
      done,
      cached: new Set(cached.keys()),
      isHealthy: (name) => !broken.has(name),
      mayPay: () => ({ allow: true, reason: 'the budget is checked, under its lock, before the call' }),
    });
    down.push(...round.skipped.map(({ provider, reason }) => `${provider}: ${reason}`));
    for (const { provider } of round.skipped) done.add(provider);
    if (round.calls.length === 0) break;
    const answers: StoredAnswer[] = [];
    await Promise.all(
      round.calls.map(async (call: PlannedCall) => {
        const { name } = call.provider;
        done.add(name);
        try {
          answers.push(await callProvider(deps, ids.tenantId, subject, call, cached.get(name)));
        } catch (error) {
          if (!(error instanceof ReosError)) throw error;
          if (error.code === 'transient') {
            down.push(`${name}: ${error.message}`);
            retryAfterSeconds = Math.max(retryAfterSeconds ?? 0, error.retryAfterSeconds ?? 0) || undefined;
          } else refused.push(`${name}: ${error.message}`);
        }
      }),
    );
    property = await withTenant(deps.db, ids.tenantId, (trx) => storeAnswers(trx, ids.propertyId, answers));
    subject = updateSubject(subject, property);
    got += answers.length;
  }
  if (down.length > 0) {
    throw new ReosError('transient', `Providers did not answer: ${[...new Set(down)].join('; ')}`, {
      retryAfterSeconds,
    });
  }
  if (got + answered.length === 0 && refused.length > 0) {
    throw new ReosError('validation', `Every provider refused the question: ${refused.join('; ')}`);
  }
  for (const reason of refused) deps.logger.warn({ propertyId: ids.propertyId, reason }, 'a provider refused');
  return withTenant(deps.db, ids.tenantId, (trx) =>
    complete(deps, trx, ids, { runId, problem: refused.length > 0 ? refused.join('; ') : null }),
  );
}

/** What the shared tables say before a round: answers already there, and providers to leave alone. */
async function lookAround(
  deps: Deps,
  subject: EnrichmentSubject,
  done: ReadonlySet<string>,
): Promise<{ cached: Map<string, CachedAnswer>; broken: Set<string> }> {
  const able = ALL.filter((provider) => !done.has(provider.name) && provider.coverage(subject));
  const keys = able.map((provider) => ({ provider: provider.name, key: provider.cacheKey(subject) }));
  return withSystem(deps.db, 'shared provider cache and health', async (trx) => ({
    cached: await readCache(trx, keys),
    broken: await openBreakers(trx),
  }));
}

async function complete(
  deps: Deps,
  trx: TenantTrx,
  ids: PropertyIds,
  result: { runId: string; problem: string | null },
): Promise<LifecycleState> {
  // Those of earlier attempts too: their answers were kept then, and this is where the work is summed up.
  const answered = await readAnswered(trx, ids.propertyId);
  const sources = answered.map(({ provider }) => provider);
  const fields = [...new Set(answered.flatMap((answer) => Object.keys(answer.fields as object)))];
  await saveEnrichmentJob(trx, {
    dagRunId: result.runId,
    propertyId: ids.propertyId,
    sources,
    fields,
    status: 'success',
    error: result.problem,
  });
  await advanceStatus(trx, ids.propertyId, 'enriched');
  await appendEvent(trx, {
    eventType: 'property.enriched',
    propertyId: ids.propertyId,
    correlationId: result.runId,
    payload: { sources, fields, problem: result.problem },
    source: 'enrich',
  });
  return readState(deps, trx, ids.propertyId);
}

function subjectOf(deps: Deps, property: Property): EnrichmentSubject {
  return {
    propertyId: property.id,
    countyFips: property.countyFips,
    countySlug: deps.counties.byFips(property.countyFips)?.slug ?? property.countyFips,
    apn: property.apn,
    address: property.address,
    city: property.city,
    state: property.state,
    zip: property.zipCode,
    latitude: property.latitude,
    longitude: property.longitude,
    censusTract: property.censusTract,
  };
}
