import type { TenantTrx } from '../../db/tenant.ts';
import { covers } from '../../domain/policy.ts';
import { answerOf } from './answer.ts';
import type { AnswerCache, CachedAnswer } from './answer-cache.ts';
import type { Endpoint, EndpointSpec } from './endpoint.ts';
import type { KnownCallers } from './known-callers.ts';
import { pathId } from './own-answer.ts';
import type { InTenant } from './patience.ts';
import type { Credential, Identity, Principal } from './principal.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { RequestMeter } from './request-meter.ts';

type TenantEndpoint = Extract<Endpoint, { mode: 'tenant' }>;
type Input = Omit<Parameters<TenantEndpoint['handle']>[0], 'principal' | 'trx'>;

interface PlainReadDeps {
  identity: Identity;
  limiter: RateLimiter;
  cache?: AnswerCache | undefined;
  callers?: KnownCallers | undefined;
  meter?: Pick<RequestMeter, 'count'> | undefined;
}

/**
 * The answer of a plain read; undefined when the caller may not have it. Caller and answer are asked for in one message to
 * the database: what was read for somebody who may not have it is thrown away. Of a caller who was asked about a moment
 * ago only the answer is asked for, and nothing when that is kept.
 */
export async function readPlainly(
  deps: PlainReadDeps,
  one: TenantEndpoint,
  credential: Credential,
  input: Input,
  inTenant: InTenant,
): Promise<CachedAnswer | Response | undefined> {
  const { spec } = one;
  const { tenantId } = credential;
  const load = async (trx: TenantTrx) => {
    const value = await one.handle({ ...input, trx, principal: notYetKnown(spec) });
    return value instanceof Response ? value : answerOf(spec, value);
  };
  const known = deps.callers?.find(credential, input.now);
  if (known !== undefined) {
    if (!admit(deps, spec, credential, known, input)) return undefined;
    return keptAnswer(deps, spec, tenantId, input, () => inTenant(load, 'reader'));
  }
  return inTenant(async (trx) => {
    const moment = deps.callers?.moment() ?? 0;
    const [asked, made] = await Promise.allSettled([
      deps.identity.principalOf(trx, credential, input.now),
      keptAnswer(deps, spec, tenantId, input, () => load(trx)),
    ]);
    if (asked.status === 'rejected') throw asked.reason;
    deps.callers?.remember(credential, asked.value, input.now, moment);
    if (!admit(deps, spec, credential, asked.value, input)) return undefined;
    if (made.status === 'rejected') throw made.reason;
    return made.value;
  }, 'reader');
}

/** Counts the request and notes who asks. @returns false when they may not have it */
function admit(
  deps: PlainReadDeps,
  spec: EndpointSpec,
  credential: Credential,
  principal: Principal,
  input: Input,
): boolean {
  if (spec.permission !== 'signed-in' && !covers(principal.permissions, spec.permission)) return false;
  deps.limiter.learn(credential, principal.plan, input.now);
  deps.meter?.count(principal.tenantId);
  input.c.set('decision', { principal, action: spec.permission, allow: true });
  return true;
}

/** A plain read's answer is the same for everybody of the tenant: its handler must not ask who it is for. */
function notYetKnown(spec: EndpointSpec): Principal {
  return new Proxy({} as Principal, {
    get() {
      throw new Error(`${spec.operationId} is a plain read and cannot depend on its caller`);
    },
  });
}

/** The kept answer of the route for this tenant, or the one that `load` makes, which is kept from then on. */
export async function keptAnswer(
  deps: Pick<PlainReadDeps, 'cache'>,
  spec: EndpointSpec,
  tenantId: string,
  input: Input,
  load: () => Promise<CachedAnswer | Response>,
): Promise<CachedAnswer | Response> {
  if (spec.cache === undefined || spec.method !== 'get' || deps.cache === undefined) return load();
  const url = new URL(input.c.req.url);
  const scope = {
    kind: spec.cache,
    tenantId,
    propertyId: pathId(input.params),
    key: `${url.pathname}${url.search}`,
  };
  return deps.cache.through(scope, async () => {
    const answer = await load();
    if (answer instanceof Response) throw new Error(`${spec.operationId} cannot be cached: it answers by itself`);
    return answer;
  });
}
