import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { appendAudit } from '../../db/queries/audit.ts';
import { claimIdempotencyKey, rememberAnswer } from '../../db/queries/idempotency.ts';
import { decide } from '../../db/queries/policy.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { covers } from '../../domain/policy.ts';
import type { ApiDeps } from '../deps.ts';
import { type ApiEnv, problem } from '../problem.ts';
import { answerOf, send } from './answer.ts';
import type { CachedAnswer } from './answer-cache.ts';
import { auditEntryOf, isRefusal, recordRefusal } from './audit-trail.ts';
import { changes, type Endpoint, type EndpointSpec } from './endpoint.ts';
import { refuseUnplainText } from './openapi.ts';
import { createDoors, type InTenant } from './patience.ts';
import { actorOf, type Credential, type Principal } from './principal.ts';
import {
  addressOf,
  createRateLimiter,
  DEFAULT_RATE_LIMITS,
  type RateLimiter,
  type RateStanding,
} from './rate-limit.ts';
import { repeatableOf } from './repeatable.ts';
import { routeOf } from './route-document.ts';

const BODY_BYTES = 256 * 1024;

export type MountDeps = Pick<ApiDeps, 'db' | 'clock' | 'identity' | 'cache' | 'limits' | 'meter'>;

/** Puts routes on the app: document, limits, validation, credential, policy, transaction, answer. */
export function mount(app: OpenAPIHono<ApiEnv>, deps: MountDeps, endpoints: readonly Endpoint[]): void {
  const limiter = createRateLimiter(deps.limits ?? DEFAULT_RATE_LIMITS);
  const doorOf = createDoors(deps.db);
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
    const admission = async (c: Context<ApiEnv>, next: () => Promise<void>) => {
      const address = addressOf(c);
      if (one.mode === 'public') return withinRate(c, next, await limiter.ofAddress(address));
      const credential = await deps.identity.credentialOf(c.req.header('Authorization'), deps.clock());
      c.set('credential', credential);
      return withinRate(c, next, await limiter.ofCredential(credential, address, deps.clock()));
    };
    const middleware = [admission, limit];
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
      if (one.mode === 'public') return reply(c, one.spec, await one.handle(input));
      return serve({ ...deps, limiter, doorOf }, one, c.get('credential')!, input);
    };
    // The types of one route are of no use here: the values were checked against its schemas.
    app.openapi({ ...route, middleware }, handler as never);
  }
}

/** Goes on where the caller is within its rate; says in headers how the rate stands, either way. */
async function withinRate(c: Context<ApiEnv>, next: () => Promise<void>, rate: RateStanding) {
  const mark = () => {
    c.header('RateLimit-Limit', String(rate.limit));
    c.header('RateLimit-Remaining', String(rate.remaining));
    c.header('RateLimit-Reset', String(rate.resetSeconds));
  };
  if (rate.isOver) {
    mark();
    return problem(
      c,
      'rate_limited',
      `More than ${rate.limit} requests in a minute. Go on in ${rate.resetSeconds} s; a larger plan allows more.`,
      { retryAfterSeconds: rate.resetSeconds },
    );
  }
  await next();
  mark();
  return undefined;
}

type Input = Omit<Parameters<Extract<Endpoint, { mode: 'public' }>['handle']>[0], 'principal'>;

type ServeDeps = MountDeps & { limiter: RateLimiter; doorOf: (tenantId: string) => InTenant };
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
    const { principal, repeatable, known } = await inTenant(async (trx) => {
      const admitted = await admit(trx);
      const request = await repeatableOf(c, spec, admitted);
      return { principal: admitted, repeatable: request, known: request && (await claimIdempotencyKey(trx, request)) };
    });
    if (known) return send(c, { ...known, etag: '' }, { ...known.headers, 'Idempotent-Replayed': 'true' });
    const value = await one.handle({ ...input, principal, inTenant });
    const made = value instanceof Response ? value : answerOf(spec, value);
    if (changes(spec)) {
      // It is done: to write that down is worth a wait of its own.
      await deps.doorOf(credential.tenantId)(async (trx) => {
        if (repeatable && !(made instanceof Response)) await rememberAnswer(trx, repeatable, { ...made, headers: {} });
        await audit(trx, principal, made);
      });
    }
    return made instanceof Response ? made : send(c, made);
  }
  if (spec.isPlainRead === true) {
    const read = await inTenant((trx) => readPlainly(deps, one, credential, input, trx), 'reader');
    // A refusal is written down, in a transaction: below.
    if (read !== undefined) return read instanceof Response ? read : send(c, read);
  }
  const result = await inTenant(async (trx) => {
    const principal = await admit(trx);
    const repeatable = await repeatableOf(c, spec, principal);
    const known = repeatable && (await claimIdempotencyKey(trx, repeatable));
    if (known) return { made: { ...known, etag: '' }, headers: { ...known.headers, 'Idempotent-Replayed': 'true' } };
    const load = async (): Promise<CachedAnswer | Response> => {
      const value = await one.handle({ ...input, principal, trx });
      return value instanceof Response ? value : answerOf(spec, value);
    };
    const made = await cached(deps, one.spec, principal, input, load);
    if (repeatable && !(made instanceof Response)) await rememberAnswer(trx, repeatable, { ...made, headers: {} });
    await audit(trx, principal, made);
    return { made, headers: {} };
  });
  if (changes(spec)) await deps.cache?.invalidate(credential.tenantId, pathId(input.params));
  return result.made instanceof Response ? result.made : send(c, result.made, result.headers);
}

/** The answer of a plain read; undefined when the caller may not have it. */
async function readPlainly(
  deps: ServeDeps,
  one: Extract<Endpoint, { mode: 'tenant' }>,
  credential: Credential,
  input: Input,
  trx: TenantTrx,
): Promise<CachedAnswer | Response | undefined> {
  const { spec } = one;
  const principal = await deps.identity.principalOf(trx, credential, input.now);
  if (spec.permission !== 'signed-in' && !covers(principal.permissions, spec.permission)) return undefined;
  deps.limiter.learn(credential, principal.plan, input.now);
  deps.meter?.count(principal.tenantId);
  input.c.set('decision', { principal, action: spec.permission, allow: true });
  return cached(deps, spec, principal, input, async () => {
    const value = await one.handle({ ...input, principal, trx });
    return value instanceof Response ? value : answerOf(spec, value);
  });
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

async function cached(
  deps: MountDeps,
  spec: EndpointSpec,
  principal: Principal,
  input: Input,
  load: () => Promise<CachedAnswer | Response>,
): Promise<CachedAnswer | Response> {
  if (spec.cache === undefined || spec.method !== 'get' || deps.cache === undefined) return load();
  const url = new URL(input.c.req.url);
  const scope = {
    kind: spec.cache,
    tenantId: principal.tenantId,
    propertyId: pathId(input.params),
    key: `${url.pathname}${url.search}`,
  };
  return deps.cache.through(scope, async () => {
    const answer = await load();
    if (answer instanceof Response) throw new Error(`${spec.operationId} cannot be cached: it answers by itself`);
    return answer;
  });
}

function reply(c: Context<ApiEnv>, spec: EndpointSpec, value: unknown): Response {
  return value instanceof Response ? value : send(c, answerOf(spec, value));
}

function valid(c: Context<ApiEnv>, target: 'param' | 'query' | 'json'): unknown {
  return (c.req.valid as (target: string) => unknown)(target);
}

function pathId(params: unknown): string | null {
  const id = (params as { id?: unknown } | undefined)?.id;
  return typeof id === 'string' ? id : null;
}
