import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { appendAudit } from '../../db/queries/audit.ts';
import { claimIdempotencyKey, rememberAnswer } from '../../db/queries/idempotency.ts';
import { decide } from '../../db/queries/policy.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { type ApiEnv, problem } from '../problem.ts';
import { createAdmission } from './admission.ts';
import { answerOf, send } from './answer.ts';
import type { CachedAnswer } from './answer-cache.ts';
import { auditEntryOf, isRefusal, recordRefusal } from './audit-trail.ts';
import { replayed } from './claims.ts';
import { changes, type Endpoint, type EndpointSpec } from './endpoint.ts';
import { refuseUnplainText } from './openapi.ts';
import { answerOwn, pathId } from './own-answer.ts';
import { createDoors, type InTenant } from './patience.ts';
import { keptAnswer, readPlainly } from './plain-read.ts';
import { actorOf, type Credential, type Principal } from './principal.ts';
import { answerPublic } from './public-answer.ts';
import { createRateLimiter, DEFAULT_RATE_LIMITS, type RateLimiter } from './rate-limit.ts';
import { type AnswerKeys, answerKeys, repeatableOf } from './repeatable.ts';
import { routeOf } from './route-document.ts';

const BODY_BYTES = 256 * 1024;

export type MountDeps = Pick<
  ApiDeps,
  'db' | 'logger' | 'clock' | 'identity' | 'auth' | 'cache' | 'callers' | 'limits' | 'meter'
> & {
  /** Shared with what is not mounted here; one is made when left out. */
  limiter?: RateLimiter;
};

/** Puts routes on the app: document, limits, validation, credential, policy, transaction, answer. */
export function mount(app: OpenAPIHono<ApiEnv>, deps: MountDeps, endpoints: readonly Endpoint[]): void {
  const limiter = deps.limiter ?? createRateLimiter(deps.limits ?? DEFAULT_RATE_LIMITS);
  const admission = createAdmission(deps, limiter);
  const doorOf = createDoors(deps.db);
  const serving = { ...deps, limiter, doorOf, answerKeys: answerKeys(deps.auth.keySecret) };
  for (const one of endpoints) {
    const route = routeOf(one);
    const limit = bodyLimit({
      maxSize: one.spec.maxBodyBytes ?? BODY_BYTES,
      onError: (c) =>
        problem(
          c as Context<ApiEnv>,
          'payload_too_large',
          `The body is larger than ${one.spec.maxBodyBytes ?? BODY_BYTES} bytes.`,
        ),
    });
    const admit = one.mode === 'public' ? admission.anybody : admission.holder;
    // Nobody reads the body of a GET: to look for one would make a whole Request of each.
    const middleware = one.spec.method === 'get' ? [admit] : [admit, limit];
    const handler = async (c: Context<ApiEnv>): Promise<Response> => {
      const input = {
        params: valid(c, 'param'),
        query: valid(c, 'query'),
        body: valid(c, 'json'),
        requestId: c.get('requestId'),
        now: deps.clock(),
        c,
      };
      const refusal = refuseUnplainText(c, one.spec.judgesRows === true ? { ...input, body: undefined } : input);
      if (refusal !== undefined) return refusal;
      if (one.mode === 'public') return answerPublic(serving, one, input);
      return serve(serving, one, c.get('credential')!, input);
    };
    // The types of one route are of no use here: the values were checked against its schemas.
    app.openapi({ ...route, middleware }, handler as never);
  }
}

type Input = Omit<Parameters<Extract<Endpoint, { mode: 'public' }>['handle']>[0], 'principal'>;

type ServeDeps = MountDeps & {
  limiter: RateLimiter;
  doorOf: (tenantId: string) => InTenant;
  answerKeys: AnswerKeys;
};
type Guarded = Exclude<Endpoint, { mode: 'public' }>;

/** Serves the request. What changes something is in the audit log with it; what was refused is there by itself. */
async function serve(deps: ServeDeps, one: Guarded, credential: Credential, input: Input): Promise<Response> {
  const inTenant = deps.doorOf(credential.tenantId);
  try {
    return await answer(deps, one, credential, input, inTenant);
  } catch (error) {
    const principal = input.c.get('decision')?.principal;
    const isWrite = changes(one.spec);
    if (principal !== undefined && isRefusal(error) && (isWrite || error.code === 'forbidden')) {
      // The request's own transaction was rolled back, and the decision with it.
      await inTenant((trx) => recordRefusal(trx, one.spec, principal, input, error));
    }
    throw error;
  }
}

async function answer(
  deps: ServeDeps,
  one: Guarded,
  credential: Credential,
  input: Input,
  inTenant: InTenant,
): Promise<Response> {
  const { c, now } = input;
  const { spec } = one;
  const admit = async (trx: TenantTrx): Promise<Principal> => {
    const principal = await deps.identity.principalOf(trx, credential, now);
    deps.limiter.learn(credential, principal.plan, now);
    deps.meter?.count(principal.tenantId);
    c.set('decision', { principal, action: spec.permission, allow: false });
    await authorise(trx, principal, spec);
    c.set('decision', { principal, action: spec.permission, allow: true });
    return principal;
  };
  const audit = async (trx: TenantTrx, principal: Principal, made: CachedAnswer | Response) => {
    if (!changes(spec)) return;
    const text = made instanceof Response ? null : made.body;
    const isDone = !(made instanceof Response) || made.status < 400;
    await appendAudit(trx, auditEntryOf(spec, principal, input, isDone ? 'ok' : 'failed', text));
  };
  if (one.mode === 'own') {
    return answerOwn({ ...deps, inTenant, afterwards: deps.doorOf(credential.tenantId), admit, audit }, one, input);
  }
  if (spec.isPlainRead === true) {
    const read = await readPlainly(deps, one, credential, input, inTenant);
    // A refusal is written down, in a transaction: below.
    if (read !== undefined) return read instanceof Response ? read : send(c, read);
  }
  const result = await inTenant(async (trx) => {
    const principal = await admit(trx);
    const repeatable = await repeatableOf(c, spec, deps.answerKeys);
    const request = repeatable && { ...repeatable, principal: principal.id };
    const known = request && (await claimIdempotencyKey(trx, deps.answerKeys.sealer, request));
    if (known) return { known };
    const load = async (): Promise<CachedAnswer | Response> => {
      const value = await one.handle({ ...input, principal, trx });
      return value instanceof Response ? value : answerOf(spec, value);
    };
    const made = await keptAnswer(deps, one.spec, principal.tenantId, input, load);
    if (request && !(made instanceof Response)) {
      await rememberAnswer(trx, deps.answerKeys.sealer, request, made);
    }
    await audit(trx, principal, made);
    return { made };
  });
  if (result.known) return send(c, ...replayed(result.known));
  if (changes(spec)) {
    deps.callers?.forget(credential.tenantId);
    await deps.cache?.invalidate(credential.tenantId, pathId(input.params));
  }
  return result.made instanceof Response ? result.made : send(c, result.made);
}

async function authorise(trx: TenantTrx, principal: Principal, spec: EndpointSpec): Promise<void> {
  if (spec.permission === 'signed-in') return;
  const decision = await decide(trx, {
    actor: actorOf(principal),
    action: spec.permission,
    resource: spec.operationId,
    costMicros: 0,
    isWrite: changes(spec),
  });
  if (!decision.allow) throw new ReosError('forbidden', decision.reason);
}

function valid(c: Context<ApiEnv>, target: 'param' | 'query' | 'json'): unknown {
  return (c.req.valid as (target: string) => unknown)(target);
}
