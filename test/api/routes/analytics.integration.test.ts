import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
  const { query, tenantId: t } = api.database;
  const [one, two] = [randomUUID(), randomUUID()];
  await query(
    `insert into properties (tenant_id, id, county_fips, city, zip_code, list_date, list_price_cents)
     values ($1, $2, '53033', 'Kent', '98032', current_date, 40000000), ($1, $3, '53033', 'Kent', '98031', null, null)`,
    [t, one, two],
  );
  await query(
    `insert into sales (tenant_id, property_id, close_date, close_price_cents, arms_length, source)
     values ($1, $2, current_date, 30000000, true, 's'), ($1, $3, current_date, 50000000, true, 's'),
       ($1, $3, current_date, 100, false, 's')`,
    [t, one, two],
  );
  await query(
    `insert into cost_ledger (tenant_id, id, resource, kind, cost_micros, outcome)
     values ($1, $2, 'email', 'send', 1500, 'ok'), ($1, $3, 'email', 'send', 500, 'ok')`,
    [t, randomUUID(), randomUUID()],
  );
  await query(
    `insert into budgets (tenant_id, resource, period, limit_micros) values ($1, 'email', 'month', 5000000)`,
    [t],
  );
});
afterAll(() => api.close());

it("sums costs up by month and resource, beside the tenant's budgets", async () => {
  const viewer = await api.as('viewer');
  const { body } = await viewer('GET', '/api/v1/analytics/costs?months=1');
  expect(body).toMatchObject({
    total: 0.002,
    costs: [{ resource: 'email', kind: 'send', calls: 2, cost: 0.002 }],
    budgets: [{ resource: 'email', period: 'month', limit: 5, spent: 0.002 }],
  });
  const stranger = await api.as('viewer', await api.addTenant('empty'));
  expect((await stranger('GET', '/api/v1/analytics/costs')).body).toEqual({ total: 0, costs: [], budgets: [] });
});

it("takes medians of arm's-length sales and of listings by city or ZIP code", async () => {
  const viewer = await api.as('viewer');
  const { body } = await viewer('GET', '/api/v1/analytics/market-trends?location=kent');
  expect(body).toMatchObject({
    location: 'kent',
    trends: [{ location: 'Kent', sales: 2, median_sale_price: 400_000, listings: 1, median_list_price: 400_000 }],
  });
  const zip = await viewer('GET', '/api/v1/analytics/market-trends?location=98031&months=1');
  expect(zip.body).toMatchObject({ trends: [{ sales: 1, median_sale_price: 500_000, median_list_price: null }] });
  const stranger = await api.as('viewer', await api.addTenant('none'));
  expect((await stranger('GET', '/api/v1/analytics/market-trends')).body).toEqual({ location: null, trends: [] });
});
