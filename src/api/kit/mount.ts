import { createHash } from 'node:crypto';
import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { claimIdempotencyKey, type RepeatableRequest, rememberAnswer } from '../../db/queries/idempotency.ts';
import { decide } from '../../db/queries/policy.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { type ApiEnv, problem } from '../problem.ts';
import { answerOf, send } from './answer.ts';
import type { CachedAnswer } from './answer-cache.ts';
import type { Endpoint, EndpointSpec } from './endpoint.ts';
import { actorOf, type Credential, type Principal } from './principal.ts';
import { problemSchema } from './schemas.ts';

const BODY_BYTES = 256 * 1024;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;

export type MountDeps = Pick<ApiDeps, 'db' | 'clock' | 'identity' | 'cache'>;

/** Puts routes on the app: document, limits, validation, credential, policy, transaction, answer. */
export function mount(app: OpenAPIHono<ApiEnv>, deps: MountDeps, endpoints: readonly Endpoint[]): void {
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
    const middleware =
      one.mode === 'public'
        ? [limit]
        : [
            async (c: Context<ApiEnv>, next: () => Promise<void>) => {
              c.set('credential', await deps.identity.credentialOf(c.req.header('Authorization'), deps.clock()));
              await next();
            },
            limit,
          ];
    const handler = async (c: Context<ApiEnv>): Promise<Response> => {
      const input = {
        params: valid(c, 'param'),
        query: valid(c, 'query'),
        body: valid(c, 'json'),
        requestId: c.get('requestId'),
        now: deps.clock(),
        c,
      };
      if (one.mode === 'public') return reply(c, one.spec, await one.handle(input));
      return serve(deps, one, c.get('credential')!, input);
    };
    // The types of one route are of no use here: the values were checked against its schemas.
    app.openapi({ ...route, middleware }, handler as never);
  }
}

type Input = Omit<Parameters<Extract<Endpoint, { mode: 'public' }>['handle']>[0], 'principal'>;

async function serve(
  deps: MountDeps,
  one: Exclude<Endpoint, { mode: 'public' }>,
  credential: Credential,
  input: Input,
): Promise<Response> {
  const { c, now } = input;
  const { spec } = one;
  const inTenant = <T>(fn: (trx: TenantTrx) => Promise<T>) => withTenant(deps.db, credential.tenantId, fn);
  const admit = async (trx: TenantTrx): Promise<Principal> => {
    const principal = await deps.identity.principalOf(trx, credential, now);
    await authorise(trx, principal, spec);
    return principal;
  };
  if (one.mode === 'own') {
    const { principal, repeatable, known } = await inTenant(async (trx) => {
      const admitted = await admit(trx);
      const request = await repeatableOf(c, spec, admitted);
      return { principal: admitted, repeatable: request, known: request && (await claimIdempotencyKey(trx, request)) };
    });
    if (known) return send(c, { ...known, etag: '' }, { ...known.headers, 'Idempotent-Replayed': 'true' });
    const value = await one.handle({ ...input, principal, inTenant });
    if (value instanceof Response) return value;
    const answer = answerOf(spec, value);
    if (repeatable) await inTenant((trx) => rememberAnswer(trx, repeatable, { ...answer, headers: {} }));
    return send(c, answer);
  }
  const result = await inTenant(async (trx) => {
    const principal = await admit(trx);
    const repeatable = await repeatableOf(c, spec, principal);
    const known = repeatable && (await claimIdempotencyKey(trx, repeatable));
    if (known) return { answer: { ...known, etag: '' }, headers: { ...known.headers, 'Idempotent-Replayed': 'true' } };
    const load = async (): Promise<CachedAnswer | Response> => {
      const value = await one.handle({ ...input, principal, trx });
      return value instanceof Response ? value : answerOf(spec, value);
    };
    const answer = await cached(deps, one.spec, principal, input, load);
    if (repeatable && !(answer instanceof Response)) await rememberAnswer(trx, repeatable, { ...answer, headers: {} });
    return { answer, headers: {} };
  });
  if (spec.method !== 'get') await deps.cache?.invalidate(credential.tenantId, pathId(input.params));
  return result.answer instanceof Response ? result.answer : send(c, result.answer, result.headers);
}

async function authorise(trx: TenantTrx, principal: Principal, spec: EndpointSpec): Promise<void> {
  if (spec.permission === 'signed-in') return;
  const decision = await decide(trx, {
    actor: actorOf(principal),
    action: spec.permission,
    resource: spec.operationId,
    costMicros: 0,
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

/** The request as its key names it; undefined for a read or without a key. */
async function repeatableOf(
  c: Context<ApiEnv>,
  spec: EndpointSpec,
  principal: Principal,
): Promise<RepeatableRequest | undefined> {
  const key = c.req.header('Idempotency-Key');
  if (key === undefined || spec.method === 'get') return undefined;
  if (!IDEMPOTENCY_KEY.test(key)) {
    throw new ReosError('validation', 'Idempotency-Key: must be 1 to 200 visible ASCII characters.', {
      details: { field: 'Idempotency-Key' },
    });
  }
  const url = new URL(c.req.url);
  const hash = createHash('sha256')
    .update(`${spec.method} ${url.pathname}${url.search}\n`)
    .update(new Uint8Array(await c.req.arrayBuffer()));
  return { principal: principal.id, key, requestHash: hash.digest('hex') };
}

function valid(c: Context<ApiEnv>, target: 'param' | 'query' | 'json'): unknown {
  return (c.req.valid as (target: string) => unknown)(target);
}

function pathId(params: unknown): string | null {
  const id = (params as { id?: unknown } | undefined)?.id;
  return typeof id === 'string' ? id : null;
}

/** The route as the OpenAPI document has it. */
function routeOf({ mode, spec }: Endpoint) {
  const errors = {
    default: {
      description: 'Any error, as problem+json',
      content: { 'application/problem+json': { schema: problemSchema } },
    },
  };
  const answer = spec.answer;
  const success: Record<number, { description: string; content?: Record<string, { schema: z.ZodType }> }> = {
    [answer === null ? 204 : (spec.status ?? 200)]: {
      description: spec.summary,
      ...(answer === null ? {} : { content: { [spec.contentType ?? 'application/json']: { schema: answer } } }),
    },
  };
  return createRoute({
    method: spec.method,
    path: spec.path,
    operationId: spec.operationId,
    tags: [spec.tag],
    summary: spec.summary,
    ...(spec.description === undefined ? {} : { description: spec.description }),
    security: mode === 'public' ? [] : [{ bearer: [] }],
    request: {
      ...(spec.params === undefined ? {} : { params: spec.params as z.ZodObject }),
      ...(spec.query === undefined ? {} : { query: spec.query as z.ZodObject }),
      ...(spec.body === undefined
        ? {}
        : { body: { required: true, content: { 'application/json': { schema: spec.body } } } }),
    },
    responses: { ...success, ...errors },
    ...(mode === 'public' || spec.permission === 'signed-in' ? {} : { 'x-permission': spec.permission }),
  });
}
