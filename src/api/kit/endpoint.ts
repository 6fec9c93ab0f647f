import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { TenantTrx } from '../../db/tenant.ts';
import type { Action } from '../../domain/policy.ts';
import type { ApiEnv } from '../problem.ts';
import type { CacheKind } from './answer-cache.ts';
import type { Principal } from './principal.ts';
import type { RefusalStatus } from './route-refusals.ts';

type Schema = z.ZodType;

/** One route, as data: OpenAPI document, validation, permission and client are made from it. */
export interface EndpointSpec<
  P extends Schema = Schema,
  Q extends Schema = Schema,
  B extends Schema = Schema,
  A extends Schema = Schema,
> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With parameters as `{id}`. */
  path: string;
  /** Name of the client's method and of the operation, such as `listContacts`. */
  operationId: string;
  /** Heading in the docs. */
  tag: string;
  summary: string;
  description?: string;
  /** What the policy kernel is asked; `signed-in`: anyone who is. */
  permission: Action | 'signed-in';
  params?: P;
  query?: Q;
  body?: B;
  /** The answer's shape: what is not in it never leaves. Null: 204 without a body. */
  answer: A | null;
  /** Of a success with a body; default 200. */
  status?: 200 | 201 | 202;
  /** The body is a file of any kind, which the handler reads by itself. */
  takesFile?: boolean;
  /** Problems it can be answered with beside those that follow from the rest, such as 402 where something is spent. */
  refusals?: readonly RefusalStatus[];
  /** Largest body in bytes; default 256 KiB. */
  maxBodyBytes?: number;
  /** The body is many rows, of which the handler refuses the bad ones, texts that cannot be stored among them. */
  judgesRows?: boolean;
  /**
   * The handler only reads, and each of its statements may stand alone: then each is a transaction of its own, which takes
   * a third of the messages to the database. For GET and for questions.
   */
  isPlainRead?: boolean;
  /** Keeps the answer for the kind's time, until an event about it. GET alone. */
  cache?: CacheKind;
  /** A POST that only asks: its question is too large for a query. It is not audited, and its answer is not remembered. */
  isQuestion?: boolean;
  /** Other content than JSON that the handler answers with by itself, such as `text/csv`. */
  contentType?: string;
}

/** Whether a request of the route may change something. */
export function changes(spec: Pick<EndpointSpec, 'method' | 'isQuestion'>): boolean {
  return spec.method !== 'get' && spec.isQuestion !== true;
}

/** What every handler gets. */
export interface EndpointRequest<P extends Schema, Q extends Schema, B extends Schema> {
  principal: Principal;
  params: z.output<P>;
  query: z.output<Q>;
  body: z.output<B>;
  /** Ties the events of this request together. */
  requestId: string;
  now: Date;
  /** For headers and streams; answers are returned, not written. */
  c: Context<ApiEnv>;
}

/** A handler inside the request's one transaction. */
export interface TenantRequest<P extends Schema, Q extends Schema, B extends Schema> extends EndpointRequest<P, Q, B> {
  trx: TenantTrx;
}

/** A handler that opens its own transactions: long answers, and calls that must not hold one open. */
export interface OwnRequest<P extends Schema, Q extends Schema, B extends Schema> extends EndpointRequest<P, Q, B> {
  inTenant<T>(fn: (trx: TenantTrx) => Promise<T>): Promise<T>;
}

/** A handler that asks for no credential. */
export type PublicRequest<P extends Schema, Q extends Schema, B extends Schema> = Omit<
  EndpointRequest<P, Q, B>,
  'principal'
>;

/** A route and its handler, its types forgotten: `mount` checks the values against the same schemas. */
export type Endpoint =
  | { mode: 'tenant'; spec: EndpointSpec; handle(request: TenantRequest<Schema, Schema, Schema>): Promise<unknown> }
  | { mode: 'own'; spec: EndpointSpec; handle(request: OwnRequest<Schema, Schema, Schema>): Promise<unknown> }
  | { mode: 'public'; spec: EndpointSpec; handle(request: PublicRequest<Schema, Schema, Schema>): Promise<unknown> };

type Input<A extends Schema> = z.input<A> | Response;

/**
 * A route that works in one transaction of the caller's tenant: it opens after the credential was read and is committed
 * before the answer. With an Idempotency-Key the answer is remembered in the same transaction.
 */
export function endpoint<
  P extends Schema = z.ZodUndefined,
  Q extends Schema = z.ZodUndefined,
  B extends Schema = z.ZodUndefined,
  A extends Schema = z.ZodVoid,
>(spec: EndpointSpec<P, Q, B, A>, handle: (request: TenantRequest<P, Q, B>) => Promise<Input<A>>): Endpoint {
  return { mode: 'tenant', spec, handle } as unknown as Endpoint;
}

/** A route that opens its own transactions: it streams, or calls Temporal or a provider. */
export function ownEndpoint<
  P extends Schema = z.ZodUndefined,
  Q extends Schema = z.ZodUndefined,
  B extends Schema = z.ZodUndefined,
  A extends Schema = z.ZodVoid,
>(spec: EndpointSpec<P, Q, B, A>, handle: (request: OwnRequest<P, Q, B>) => Promise<Input<A>>): Endpoint {
  return { mode: 'own', spec, handle } as unknown as Endpoint;
}

/** A route for callers without a credential: login, health, links in messages. */
export function publicEndpoint<
  P extends Schema = z.ZodUndefined,
  Q extends Schema = z.ZodUndefined,
  B extends Schema = z.ZodUndefined,
  A extends Schema = z.ZodVoid,
>(
  spec: Omit<EndpointSpec<P, Q, B, A>, 'permission'>,
  handle: (request: PublicRequest<P, Q, B>) => Promise<Input<A>>,
): Endpoint {
  return { mode: 'public', spec: { ...spec, permission: 'signed-in' }, handle } as unknown as Endpoint;
}
