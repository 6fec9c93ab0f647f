import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { failureInterceptor, toFailure } from '../../src/activities/failures.ts';
import { type ErrorCode, ReosError } from '../../src/domain/errors.ts';

const TYPES: Record<ErrorCode, string> = {
  transient: 'Transient',
  validation: 'Validation',
  not_found: 'NotFound',
  auth_revoked: 'AuthRevoked',
  budget_exceeded: 'BudgetExceeded',
  quota_exceeded: 'QuotaExceeded',
  rate_limited: 'RateLimited',
  key_reused: 'KeyReused',
  forbidden: 'Forbidden',
  suppressed: 'Suppressed',
  payload_too_large: 'PayloadTooLarge',
  template: 'Template',
  outcome_unknown: 'OutcomeUnknown',
  blocked: 'Blocked',
  missing_part: 'MissingPart',
  conflict: 'Conflict',
};

describe('toFailure', () => {
  it.each(Object.entries(TYPES))('%s becomes %s, and only what heals by waiting is retried', (code, type) => {
    const failure = toFailure(new ReosError(code as ErrorCode, 'What happened.', { details: { file: 'a.csv' } }));
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({
      type,
      nonRetryable: code !== 'transient',
      message: 'What happened.',
      details: [{ file: 'a.csv' }],
    });
  });

  it('waits as long as the provider asked', () => {
    const failure = toFailure(new ReosError('transient', 'busy', { retryAfterSeconds: 7 })) as ApplicationFailure;
    expect(failure.nextRetryDelay).toBe(7_000);
    expect((toFailure(new ReosError('transient', 'busy')) as ApplicationFailure).nextRetryDelay).toBeUndefined();
  });

  it.each(['57P01', '57P03', '53300', '40001', '08006', 'ECONNREFUSED', 'ECONNRESET'])(
    'tries again when the database is away: %s',
    (code) => {
      expect(toFailure(Object.assign(new Error('gone'), { code }))).toMatchObject({
        type: 'Transient',
        nonRetryable: false,
      });
    },
  );

  it.each(['23505', '23514', '22001', '22P02', '42P01'])('does not repeat what the database refuses: %s', (code) => {
    expect(toFailure(Object.assign(new Error('no'), { code }))).toMatchObject({
      type: 'Validation',
      nonRetryable: true,
    });
  });

  it('does not take a malformed message to the database for an absence', () => {
    const error = Object.assign(new Error('bind message has 3 parameter formats'), { code: '08P01' });
    expect(toFailure(error)).toBe(error);
  });

  it('leaves Temporal’s own failures, bugs and odd throws as they are', () => {
    for (const error of [
      new CancelledFailure('stop'),
      ApplicationFailure.create({ message: 'x' }),
      new Error('of an unknown kind'),
    ])
      expect(toFailure(error)).toBe(error);
    expect(toFailure(undefined)).toBeUndefined();
    expect(toFailure('text')).toBe('text');
  });

  it('stops at a fault of the program, which no retry heals', () => {
    expect(toFailure(new TypeError('x is not a function'))).toMatchObject({
      type: 'Fault',
      nonRetryable: true,
      message: expect.stringContaining('x is not a function'),
    });
  });

  it('is put to every activity', async () => {
    const next = () => Promise.reject(new ReosError('validation', 'no'));
    await expect(failureInterceptor.execute!({ args: [], headers: {} }, next)).rejects.toMatchObject({
      type: 'Validation',
    });
    await expect(failureInterceptor.execute!({ args: [], headers: {} }, async () => 3)).resolves.toBe(3);
  });
});
