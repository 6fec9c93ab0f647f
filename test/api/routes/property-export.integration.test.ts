import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
  const other = await api.addTenant('other');
  for (const [tenant, rows] of [
    [api.database.tenantId, 2_000],
    [other, 3],
  ]) {
    await api.database.query(
      `insert into properties (tenant_id, id, county_fips, address, city, list_price_cents)
       select $1, gen_random_uuid(), '53033', case when n = 1 then '=HYPERLINK("http://x")' else n || ' "Main", St' end,
         case when n <= 5 then 'Fall City' end, n from generate_series(1, $2) n`,
      [tenant, rows],
    );
  }
});
afterAll(() => api.close());

describe('the export', () => {
  it('brings each property of the tenant once, over several batches, and no formula', async () => {
    const answer = await (await api.as('admin'))('GET', '/api/v1/properties/export');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Content-Type')).toBe('text/csv; charset=utf-8');
    const rows = parse(answer.text, { columns: true }) as { id: string; address: string; list_price: string }[];
    expect(new Set(rows.map(({ id }) => id)).size).toBe(2_000);
    expect(rows).toHaveLength(2_000);
    const byPrice = new Map(rows.map((row) => [row.list_price, row.address]));
    expect(byPrice.get('0.01')).toBe(`'=HYPERLINK("http://x")`);
    expect(byPrice.get('0.02')).toBe('2 "Main", St');
  });

  it('is narrowed by filters, and refused to who may not take data away', async () => {
    const answer = await (await api.as('analyst'))('GET', '/api/v1/properties/export?city=Fall City&max_price=0.03');
    expect(answer.text.trimEnd().split('\r\n')).toHaveLength(4);
    expect((await (await api.as('viewer'))('GET', '/api/v1/properties/export')).status).toBe(403);
  });

  it('brings the properties that are named, and none of another tenant', async () => {
    const rows = await api.database.query<{ id: string; tenant_id: string }>(
      "select id, tenant_id from properties where city = 'Fall City' order by list_price_cents",
    );
    const own = rows.filter((row) => row.tenant_id === api.database.tenantId).map(({ id }) => id);
    const foreign = rows.filter((row) => row.tenant_id !== api.database.tenantId).map(({ id }) => id);
    const admin = await api.as('admin');
    const answer = await admin('GET', `/api/v1/properties/export?ids=${[...own.slice(0, 2), ...foreign].join(',')}`);
    const exported = parse(answer.text, { columns: true }) as { id: string }[];
    expect(exported.map(({ id }) => id).sort()).toEqual(own.slice(0, 2).sort());
    expect((await admin('GET', '/api/v1/properties/export?ids=none')).status).toBe(400);
  });
});
