import { describe, expect, it } from 'vitest';
import type { Credential } from '../../../src/api/kit/principal.ts';
import { createRateLimiter } from '../../../src/api/kit/rate-limit.ts';

const LIMITS = { tenant: { free: 2, professional: 4, enterprise: 6 }, address: 3 };
const NOW = new Date('2026-01-01T12:00:00Z');
const user: Credential = { kind: 'user', tenantId: 't-1', subject: 'u-1', issuedAt: 0 };
const key: Credential = { kind: 'api_key', tenantId: 't-1', subject: 'hash', issuedAt: null };

describe('the rate limiter', () => {
  it('holds a tenant to its plan once it is known, and to the widest before', async () => {
    const limiter = createRateLimiter(LIMITS);
    expect(await limiter.ofCredential(user, 'a', NOW)).toMatchObject({ limit: 6, remaining: 5, isOver: false });
    limiter.learn(user, 'free', NOW);
    expect(await limiter.ofCredential(user, 'a', NOW)).toMatchObject({ limit: 2, remaining: 0, isOver: false });
    const over = await limiter.ofCredential({ ...user, subject: 'u-2' }, 'b', NOW);
    expect(over).toMatchObject({ limit: 2, remaining: 0, isOver: true });
    expect(over.resetSeconds).toBeGreaterThan(50);
    expect(over.resetSeconds).toBeLessThanOrEqual(60);
    limiter.learn(user, 'professional', NOW);
    expect(await limiter.ofCredential(user, 'a', NOW)).toMatchObject({ limit: 4, remaining: 0, isOver: false });
    const later = new Date(NOW.getTime() + 6 * 60_000);
    expect(await limiter.ofCredential(user, 'a', later)).toMatchObject({ limit: 6 });
  });

  it('lets nobody spend a tenant’s requests with a key that was made up', async () => {
    const limiter = createRateLimiter(LIMITS);
    for (let n = 0; n < 10; n += 1) await limiter.ofCredential({ ...key, subject: `guess-${n}` }, 'attacker', NOW);
    expect(await limiter.ofCredential(key, 'attacker', NOW)).toMatchObject({ limit: 3, isOver: true });
    expect(await limiter.ofCredential(user, 'a', NOW)).toMatchObject({ limit: 6, remaining: 5 });
    limiter.learn(key, 'professional', NOW);
    expect(await limiter.ofCredential(key, 'attacker', NOW)).toMatchObject({ limit: 4, remaining: 2, isOver: false });
  });

  it('counts addresses and tenants each for themselves', async () => {
    const limiter = createRateLimiter(LIMITS);
    for (let n = 0; n < 4; n += 1) await limiter.ofAddress('a');
    expect(await limiter.ofAddress('a')).toMatchObject({ isOver: true });
    expect(await limiter.ofAddress('b')).toMatchObject({ isOver: false, remaining: 2 });
    expect(await limiter.ofCredential({ ...user, tenantId: 't-2' }, 'a', NOW)).toMatchObject({ remaining: 5 });
  });
});
