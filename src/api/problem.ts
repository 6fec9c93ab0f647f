import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Logger } from 'pino';
import { type ErrorCode, ReosError } from '../domain/errors.ts';

/** What each request carries through the handlers. */
export interface ApiEnv {
  Variables: { requestId: string };
}

type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 413 | 500 | 503;

const STATUS: Record<ErrorCode, ProblemStatus> = {
  validation: 400,
  auth_revoked: 401,
  forbidden: 403,
  blocked: 403,
  suppressed: 403,
  not_found: 404,
  conflict: 409,
  outcome_unknown: 409,
  budget_exceeded: 409,
  payload_too_large: 413,
  template: 500,
  transient: 503,
  missing_part: 503,
};

const TITLES: Record<ProblemStatus, string> = {
  400: 'The request is wrong',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  409: 'In conflict with the present state',
  413: 'Too large',
  500: 'Something failed inside',
  503: 'Not available right now',
};

/** An error as RFC 9457 problem+json: type, title, status, detail, and our code and request id. */
export function problem(
  c: Context<ApiEnv>,
  code: ErrorCode | 'internal',
  detail: string,
  retryAfterSeconds?: number,
): Response {
  const status = code === 'internal' ? 500 : STATUS[code];
  const body = {
    type: 'about:blank',
    title: TITLES[status],
    status,
    detail,
    code,
    request_id: c.get('requestId'),
  };
  if (status === 503) c.header('Retry-After', String(retryAfterSeconds ?? 5));
  c.header('Content-Type', 'application/problem+json');
  return c.body(JSON.stringify(body), status);
}

/** Answers anything thrown. What the product did not foresee is logged whole and told without its inside. */
export function problemOf(c: Context<ApiEnv>, error: unknown, logger: Logger): Response {
  if (error instanceof ReosError) {
    if (STATUS[error.code] >= 500)
      logger.warn({ err: error, requestId: c.get('requestId') }, 'a request could not be served');
    return problem(c, error.code, error.message, error.retryAfterSeconds);
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
