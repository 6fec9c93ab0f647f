import { describe, expect, it } from 'vitest';
import { createKnownCallers } from '../../../src/api/kit/known-callers.ts';
import type { Credential, Principal } from '../../../src/api/kit/principal.ts';

const at = (ms: number) => new Date(1_000_000 + ms);
const person = (tenantId: string, subject: string, issuedAt = 1_000): Credential => ({
  kind: 'user',
  tenantId,
  subject,
  issuedAt,
});
const principal = (tenantId: string, id: string): Principal => ({
  kind: 'user',
  tenantId,
  id,
  name: id,
  role: 'viewer',
  permissions: [],
  plan: 'free',
  isOperator: false,
});

describe('known callers', () => {
  it('are known for less than a second, by the token that they were asked about with', () => {
    const callers = createKnownCallers();
    const ada = principal('a', 'ada');
    callers.remember(person('a', 'ada'), ada, at(0), callers.moment());
    expect(callers.find(person('a', 'ada'), at(0))).toBe(ada);
    expect(callers.find(person('a', 'ada'), at(999))).toBe(ada);
    expect(callers.find(person('a', 'ada'), at(1_000))).toBeUndefined();
    // A clock that was set back makes nobody known for longer.
    expect(callers.find(person('a', 'ada'), at(-1))).toBeUndefined();
    // A session that was ended by its time of issue stays ended beside a newer one; another tenant's user is another.
    expect(callers.find(person('a', 'ada', 999), at(0))).toBeUndefined();
    expect(callers.find(person('b', 'ada'), at(0))).toBeUndefined();
  });

  it('are forgotten by tenant, and all together', () => {
    const callers = createKnownCallers();
    for (const tenant of ['a', 'b']) {
      callers.remember(person(tenant, 'one'), principal(tenant, 'one'), at(0), callers.moment());
    }
    callers.forget('a');
    expect(callers.find(person('a', 'one'), at(1))).toBeUndefined();
    expect(callers.find(person('b', 'one'), at(1))).toBeDefined();
    callers.forget();
    expect(callers.find(person('b', 'one'), at(1))).toBeUndefined();
  });

  it('are not remembered from an answer that was under way when something changed', () => {
    const callers = createKnownCallers();
    const asked = callers.moment();
    callers.forget('a');
    callers.remember(person('a', 'ada'), principal('a', 'ada'), at(0), asked);
    expect(callers.find(person('a', 'ada'), at(0))).toBeUndefined();
  });

  it('are never API keys: each use of those is counted', () => {
    const callers = createKnownCallers();
    const key: Credential = { kind: 'api_key', tenantId: 'a', subject: 'hash', issuedAt: null };
    callers.remember(key, { ...principal('a', 'key'), kind: 'api_key' }, at(0), callers.moment());
    expect(callers.find(key, at(0))).toBeUndefined();
  });
});
