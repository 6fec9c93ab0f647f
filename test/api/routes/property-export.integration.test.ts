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

  it('brings what the search finds, in its order, over several batches', async () => {
    const admin = await api.as('admin');
    const ids = (text: string) => (parse(text, { columns: true }) as { id: string }[]).map(({ id }) => id);
    await api.database.query(
      `update properties set bird_dog_score = list_price_cents % 97, latitude = 47 + list_price_cents / 1e5, longitude = -122,
         bedrooms = list_price_cents % 5, year_built = 1900 + list_price_cents % 100 where tenant_id = $1`,
      [api.database.tenantId],
    );
    const [tag] = await api.database.query<{ id: string }>(
      `with made as (insert into tags (tenant_id, name) values ($1, 'hot') returning id)
       insert into property_tags (tenant_id, property_id, tag_id, created_by)
       select $1, p.id, made.id, 'test' from properties p, made where p.tenant_id = $1 and p.list_price_cents <= 30
       returning tag_id as id`,
      [api.database.tenantId],
    );
    for (const query of [
      'sort=-bird_dog_score',
      'sort=-updated_at',
      'sort=list_price',
      'q=main&min_bedrooms=2',
      'bbox=-123,47,-121,47.01&max_year=1950',
      'near=47,-122&radius_m=1000&sort=-list_price',
      'polygon=46.9,-122.1;46.9,-121.9;47.005,-121.9;47.005,-122.1&city=Fall City',
      `tags=${tag!.id}&min_score=3`,
    ]) {
      const exported = ids((await admin('GET', `/api/v1/properties/export?${query}`)).text);
      const shown: string[] = [];
      let cursor = '';
      do {
        const page = (await admin('GET', `/api/v1/properties/search?${query}&limit=200${cursor}`)).body as {
          properties: { id: string }[];
          next_cursor: string | null;
        };
        shown.push(...page.properties.map(({ id }) => id));
        cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
      } while (cursor !== '');
      expect([query, exported]).toEqual([query, shown]);
      expect([query, exported.length]).not.toEqual([query, 0]);
    }
    const both = await admin('GET', `/api/v1/properties/export?ids=${await firstId()}&sort=list_price`);
    expect(both).toMatchObject({ status: 400, body: { code: 'validation', detail: expect.stringMatching(/^sort: /) } });
    const named = `/api/v1/properties/export?ids=${await firstId()}`;
    expect(ids((await admin('GET', named)).text)).toHaveLength(1);
    expect(ids((await admin('GET', `${named}&q=nothing`)).text)).toEqual([]);
  });
});

async function firstId(): Promise<string> {
  const [row] = await api.database.query<{ id: string }>('select id from properties where tenant_id = $1 limit 1', [
    api.database.tenantId,
  ]);
  return row!.id;
}
