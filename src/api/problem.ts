import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Logger } from 'pino';
import { type ErrorCode, ReosError } from '../domain/errors.ts';
import type { Credential, Principal } from './kit/principal.ts';

/** What each request carries through the handlers. */
export interface ApiEnv {
  Variables: { requestId: string; clientAddress?: string; credential?: Credential; decision?: RequestDecision };
}

/** Who asked for what, and whether they may: for the log. */
export interface RequestDecision {
  principal: Principal;
  action: string;
  allow: boolean;
}

/** Codes that only HTTP knows, beside those of ReosError. */
export type ProblemCode = ErrorCode | 'internal' | 'method_not_allowed' | 'unsupported_media_type';

/** One field that is wrong, as a JSON path such as `query.min_price` or `body.steps[0].channel`. */
export interface FieldProblem {
  field: string;
  message: string;
}

type ProblemStatus = 400 | 401 | 402 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;

const STATUS: Record<ProblemCode, ProblemStatus> = {
  validation: 400,
  auth_revoked: 401,
  quota_exceeded: 402,
  forbidden: 403,
  blocked: 403,
  suppressed: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  outcome_unknown: 409,
  budget_exceeded: 402,
  payload_too_large: 413,
  unsupported_media_type: 415,
  key_reused: 422,
  rate_limited: 429,
  template: 500,
  internal: 500,
  transient: 503,
  missing_part: 503,
};

const TITLES: Record<ProblemStatus, string> = {
  400: 'The request is wrong',
  401: 'Not authenticated',
  402: 'A limit of the plan or the budget is reached',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Not for this method',
  409: 'In conflict with the present state',
  413: 'Too large',
  415: 'Not in this format',
  422: 'The key was used for another request',
  429: 'Too many requests',
  500: 'Something failed inside',
  503: 'Not available right now',
};

/** A bound of a plan that was met. */
export interface QuotaProblem {
  /** Null where no plan sets it, or it is not known. */
  plan: string | null;
  meter: string;
  limit: number;
  used: number;
  asked: number;
  /** When it is whole again, ISO 8601; null when it does not by itself. */
  resetsAt: string | null;
}

/** Beside the sentence. */
export interface ProblemDetails {
  retryAfterSeconds?: number | undefined;
  errors?: readonly FieldProblem[];
  /** The single field that is wrong. */
  field?: string;
  /** The bound that was met. */
  quota?: QuotaProblem;
}

/** An error as RFC 9457 problem+json: type, title, status, detail, and our code and request id. */
export function problem(
  c: Context<ApiEnv>,
  code: ProblemCode,
  detail: string,
  { retryAfterSeconds, errors, field, quota }: ProblemDetails = {},
): Response {
  const status = STATUS[code];
  const body = {
    type: 'about:blank',
    title: TITLES[status],
    status,
    detail,
    code,
    request_id: c.get('requestId'),
    ...(errors === undefined ? {} : { errors }),
    ...(field === undefined ? {} : { field }),
    ...(quota === undefined ? {} : quotaMembers(c, quota)),
  };
  if (status === 503 || retryAfterSeconds !== undefined) {
    c.header('Retry-After', String(Math.max(1, Math.ceil(retryAfterSeconds ?? 5))));
  }
  if (status === 401) c.header('WWW-Authenticate', 'Bearer');
  c.header('Content-Type', 'application/problem+json');
  c.header('Cache-Control', 'no-store');
  return c.body(JSON.stringify(body), status);
}

/** Answers anything thrown. What the product did not foresee is logged whole and told without its inside. */
export function problemOf(c: Context<ApiEnv>, error: unknown, logger: Logger): Response {
  if (error instanceof ReosError) {
    if (STATUS[error.code] >= 500)
      logger.warn({ err: error, requestId: c.get('requestId') }, 'a request could not be served');
    const field = typeof error.details.field === 'string' ? { field: error.details.field } : {};
    const quota = quotaOf(error);
    return problem(c, error.code, error.message, {
      retryAfterSeconds: error.retryAfterSeconds,
      ...field,
      ...(quota === undefined ? {} : { quota }),
    });
  }
  if (error instanceof HTTPException && error.status === 415) {
    return problem(
      c,
      'unsupported_media_type',
      'The body is taken as JSON: send it with Content-Type: application/json.',
    );
  }
  if (error instanceof HTTPException && error.status < 500) {
    return problem(
      c,
      error.status === 413 ? 'payload_too_large' : 'validation',
      error.message || 'The request is wrong.',
    );
  }
  logger.error({ err: error, requestId: c.get('requestId') }, 'a request failed');
  return problem(c, 'internal', 'The request failed inside. The log has the reason under the request id.');
}

/** The bound that an error tells of in its details. */
function quotaOf({ details }: ReosError): QuotaProblem | undefined {
  const { plan, meter, limit, used, asked, resets_at: resetsAt } = details;
  if (typeof meter !== 'string' || typeof limit !== 'number' || typeof used !== 'number') return undefined;
  return {
    plan: typeof plan === 'string' ? plan : null,
    meter,
    limit,
    used,
    asked: typeof asked === 'number' ? asked : 1,
    resetsAt: typeof resetsAt === 'string' ? resetsAt : null,
  };
}

/** Members of the problem; the same as headers. */
function quotaMembers(c: Context<ApiEnv>, { resetsAt, ...quota }: QuotaProblem) {
  c.header('Quota-Meter', quota.meter);
  c.header('Quota-Limit', String(quota.limit));
  c.header('Quota-Remaining', String(Math.max(0, quota.limit - quota.used)));
  if (resetsAt !== null) {
    c.header('Quota-Reset', String(Math.max(0, Math.ceil((Date.parse(resetsAt) - Date.now()) / 1_000))));
  }
  return { ...quota, resets_at: resetsAt };
}
