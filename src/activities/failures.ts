import { CompleteAsyncError } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { isDatabaseAway } from '../db/connect.ts';
import { type ErrorCode, ReosError } from '../domain/errors.ts';

/** Failure types as Temporal shows them. Only `Transient` is retried. */
const FAILURE_TYPES: Record<ErrorCode, string> = {
  transient: 'Transient',
  validation: 'Validation',
  not_found: 'NotFound',
  auth_revoked: 'AuthRevoked',
  budget_exceeded: 'BudgetExceeded',
  quota_exceeded: 'QuotaExceeded',
  rate_limited: 'RateLimited',
  forbidden: 'Forbidden',
  suppressed: 'Suppressed',
  payload_too_large: 'PayloadTooLarge',
  template: 'Template',
  outcome_unknown: 'OutcomeUnknown',
  blocked: 'Blocked',
  missing_part: 'MissingPart',
  conflict: 'Conflict',
  key_reused: 'KeyReused',
};

/** Postgres refused the data itself (constraint, type, value too long): the same call fails again. */
const REFUSED_DATA = /^(22|23|42)/;

/**
 * The one map from errors to Temporal failures: what heals by waiting is retried (after the provider's Retry-After when
 * it gave one), everything else stops at once with its message. Errors of unknown kinds keep Temporal's default.
 */
export function toFailure(error: unknown): unknown {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure || error instanceof CompleteAsyncError)
    return error;
  if (error instanceof ReosError) {
    return ApplicationFailure.create({
      message: error.message,
      type: FAILURE_TYPES[error.code],
      nonRetryable: error.code !== 'transient',
      details: [error.details],
      nextRetryDelay: error.retryAfterSeconds === undefined ? undefined : error.retryAfterSeconds * 1000,
    });
  }
  if (isDatabaseAway(error)) {
    return ApplicationFailure.create({
      message: `Postgres did not answer: ${(error as Error).message}`,
      type: 'Transient',
    });
  }
  const code = (error as { code?: unknown } | null)?.code;
  if (error instanceof Error && typeof code === 'string' && code.length === 5 && REFUSED_DATA.test(code)) {
    return ApplicationFailure.create({
      message: `Postgres refused the data: ${error.message}`,
      type: 'Validation',
      nonRetryable: true,
    });
  }
  if (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError) {
    // A mistake in the program: trying again would hide it behind a property that is for ever at work.
    return ApplicationFailure.create({
      message: `${error.name}: ${error.message} (a fault of the program)`,
      type: 'Fault',
      nonRetryable: true,
      cause: error,
    });
  }
  return error;
}

/** Applies `toFailure` to every activity of a worker. */
export const failureInterceptor: ActivityInboundCallsInterceptor = {
  async execute(input, next) {
    try {
      return await next(input);
    } catch (error) {
      throw toFailure(error);
    }
  },
};
