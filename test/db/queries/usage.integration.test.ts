import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readUsage, spendQuota } from '../../../src/db/queries/usage.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import type { Plan } from '../../../src/domain/plans.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const NOW = new Date('2026-03-31T23:59:00Z');
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const tenantOf = async (plan: Plan): Promise<string> => {
  const [row] = await database.query<{ id: string }>(
    `insert into tenants (slug, name, plan) values (gen_random_uuid()::text, 'One test', $1) returning id`,
    [plan],
  );
  return row!.id;
};
const spend = (tenantId: string, amount: number, now = NOW, meter: 'sends' | 'storage_bytes' = 'sends') =>
  withTenant(database.db, tenantId, (trx) => spendQuota(trx, meter, amount, now));
const usedBy = async (tenantId: string, now = NOW, meter = 'sends') =>
  (await withTenant(database.db, tenantId, (trx) => readUsage(trx, now))).meters.find((one) => one.meter === meter)!
    .used;

describe('quotas', () => {
  it('are never passed, with many who spend at once', async () => {
    const tenantId = await tenantOf('free');
    await spend(tenantId, 190);
    const results = await Promise.allSettled(Array.from({ length: 30 }, () => spend(tenantId, 1)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(await usedBy(tenantId)).toBe(200);
  });

  it('say plan, bound, use and what to do, and count nothing that they refuse', async () => {
    const tenantId = await tenantOf('free');
    await expect(spend(tenantId, 201)).rejects.toMatchObject({ code: 'quota_exceeded', details: { used: 0 } });
    await spend(tenantId, 150);
    await expect(spend(tenantId, 60)).rejects.toMatchObject({
      code: 'quota_exceeded',
      message:
        'The plan free allows 200 messages a month; 150 are used and 60 more are asked for. Take a larger plan or wait for 2026-04-01.',
      details: { plan: 'free', meter: 'sends', limit: 200, used: 150, asked: 60 },
    });
    expect(await usedBy(tenantId)).toBe(150);
  });

  it('are whole again in the next month, and larger with a larger plan', async () => {
    const tenantId = await tenantOf('free');
    await spend(tenantId, 200);
    const april = new Date('2026-04-01T00:00:00Z');
    await spend(tenantId, 5, april);
    expect([await usedBy(tenantId), await usedBy(tenantId, april)]).toEqual([200, 5]);
    await database.query(`update tenants set plan = 'professional' where id = $1`, [tenantId]);
    await spend(tenantId, 1);
    expect(await usedBy(tenantId)).toBe(201);
  });

  it('count without a bound too, and give back storage that is freed', async () => {
    const tenantId = await tenantOf('enterprise');
    await spend(tenantId, 1_000_000);
    expect(await usedBy(tenantId)).toBe(1_000_000);
    await spend(tenantId, 500, NOW, 'storage_bytes');
    await spend(tenantId, -600, NOW, 'storage_bytes');
    await spend(tenantId, 40, new Date('2026-08-01T00:00:00Z'), 'storage_bytes');
    expect(await usedBy(tenantId, NOW, 'storage_bytes')).toBe(40);
  });

  it('leave with a transaction that fails', async () => {
    const tenantId = await tenantOf('free');
    const failed = withTenant(database.db, tenantId, async (trx) => {
      await spendQuota(trx, 'sends', 5, NOW);
      throw new Error('not used');
    });
    await expect(failed).rejects.toThrow('not used');
    expect(await usedBy(tenantId)).toBe(0);
  });
});
