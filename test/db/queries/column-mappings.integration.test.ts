import { afterAll, beforeAll, expect, it } from 'vitest';
import { findColumnMapping, saveColumnMapping } from '../../../src/db/queries/column-mappings.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { newTenant } from './records.ts';

let home: TestDatabase;
beforeAll(async () => {
  home = await createTestDatabase();
});
afterAll(() => home.close());

it('remembers an approved mapping per tenant, source and layout; the latest approval counts', async () => {
  const [one, two] = [(await newTenant(home)).tenantId, (await newTenant(home)).tenantId];
  const mapping = [{ column: 'Kosten', field: 'ClosePrice', unit: 'thousands', reason: 'shape' }];
  const approval = { source: 'file', headersHash: 'abc', recordKind: 'sale' as const, mapping };
  const find = (tenant: string, hash: string) =>
    withTenant(home.db, tenant, (trx) => findColumnMapping(trx, 'file', hash));
  await withTenant(home.db, one, (trx) => saveColumnMapping(trx, approval));
  expect(await find(one, 'abc')).toEqual(mapping);
  expect(await find(one, 'abd')).toBeNull();
  expect(await find(two, 'abc')).toBeNull();
  const other = [{ column: 'Kosten', field: null, unit: null, reason: 'approved' }];
  await withTenant(home.db, one, (trx) => saveColumnMapping(trx, { ...approval, mapping: other }));
  expect(await find(one, 'abc')).toEqual(other);
});
