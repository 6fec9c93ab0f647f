import { afterAll, beforeAll, expect, it } from 'vitest';
import { listBudgets, removeBudget, setBudget } from '../../../src/db/queries/budgets.ts';
import { decide } from '../../../src/db/queries/policy.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await createTestDatabase();
});
afterAll(() => t.close());

it('budgets are set, changed, obeyed and removed, and the log says who did it', async () => {
  const ask = () =>
    withTenant(t.db, t.tenantId, (trx) =>
      decide(trx, {
        actor: { kind: 'system', name: 'test' },
        action: 'outreach:send',
        resource: 'twilio',
        costMicros: 7_900,
      }),
    );
  const set = (resource: string, limitMicros: number) =>
    withTenant(t.db, t.tenantId, (trx) => setBudget(trx, { resource, period: 'day', limitMicros, by: 'Jo' }));
  expect(await ask()).toMatchObject({ allow: false, reason: expect.stringContaining('No budget is set') });
  await set('twilio', 7_899);
  expect(await ask()).toMatchObject({ allow: false });
  await set('twilio', 7_900);
  expect(await ask()).toMatchObject({ allow: true });
  await set('*', 0);
  expect(await ask()).toMatchObject({ allow: false, reason: expect.stringContaining('everything') });
  const budgets = await withTenant(t.db, t.tenantId, (trx) => listBudgets(trx));
  expect(budgets).toEqual([
    { resource: '*', period: 'day', limitMicros: 0, spentMicros: 0 },
    { resource: 'twilio', period: 'day', limitMicros: 7_900, spentMicros: 0 },
  ]);
  expect(await withTenant(t.db, t.tenantId, (trx) => listBudgets(trx, 'lob'))).toHaveLength(1);
  const remove = () =>
    withTenant(t.db, t.tenantId, (trx) => removeBudget(trx, { resource: '*', period: 'day', by: 'Jo' }));
  expect([await remove(), await remove()]).toEqual([true, false]);
  expect(await ask()).toMatchObject({ allow: true });
  const told = await withTenant(t.db, t.tenantId, (trx) =>
    trx.db.selectFrom('eventLog').select(['payload', 'metadata']).orderBy('position').execute(),
  );
  expect(told).toHaveLength(4);
  expect(told[3]).toMatchObject({ payload: { kind: 'budget.changed', limit: null }, metadata: { source: 'Jo' } });
});
