import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../support/api.ts';

const ROWS = 12;
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const STRANGER = '11111111-0000-4000-8000-000000000001';

interface Page {
  items: { id: string; list_price: number | null; bird_dog_score: number | null }[];
  next_cursor: string | null;
}

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
  const other = await api.addTenant('other');
  // Every third has no score, every fourth no price; updates are a microsecond apart.
  await api.database.query(
    `insert into properties (tenant_id, id, county_fips, status, address, city, zip_code, property_type, sqft,
       list_price_cents, bird_dog_score, updated_at, field_sources)
     select $1, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, case when n % 2 = 0 then '53033' else '04013' end,
       case when n = 1 then 'failed' else 'scored' end, n || ' Main St', 'SEATTLE', '98101', 'Residential', 1000 + n,
       case when n % 4 <> 0 then n * 10000000 + 50 end, case when n % 3 <> 0 then 50 end,
       '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 microsecond',
       '{"listPriceCents":{"source":"listing","fetchedAt":"2026-01-01T00:00:00Z","costMicros":0,"simulated":false,"confidence":1}}'
     from generate_series(1, $2) n`,
    [api.database.tenantId, ROWS],
  );
  await api.database.query(
    `insert into properties (tenant_id, id, county_fips, bird_dog_score) values ($1, $2, '53033', 99)`,
    [other, STRANGER],
  );
  await api.database.query(
    `insert into property_scores (tenant_id, property_id, bird_dog_score, investment_score, risk_score, confidence, as_of,
       score_components, reasons, features_used, comparables, weights_version, model_version, inputs_hash, estimated_value_cents)
     values ($1, $2, 50, 40, 20, 0.5, '2026-01-01', '{}', '["cheap"]', '{}', '[{"address":"9 Elm"}]', 'w', 'm', 'h', 12345)`,
    [api.database.tenantId, idOf(1)],
  );
  await api.database.query(
    `with model as (
       insert into ml_models (tenant_id, kind, market, version, stage, metrics, hyperparameters, feature_names,
         data_fingerprint, data_rows, seed, code_version, artifact_path, artifact_sha256, artifact_bytes)
       values ($1, 'avm', 'king-wa', 'v7', 'champion', '{}', '{}', '{}', 'f', 1, 1, 'c', 'p', 's', 1) returning id)
     insert into valuations (tenant_id, property_id, model_id, as_of, is_shadow, value_cents, low_50_cents, high_50_cents,
       low_80_cents, high_80_cents, low_90_cents, high_90_cents, confidence, raw_log)
     select $1, $2, id, '2026-01-01', false, 400, 300, 500, 200, 600, 100, 700, 0.5, 1 from model`,
    [api.database.tenantId, idOf(1)],
  );
  await api.database.query(
    `insert into event_log (tenant_id, event_type, subject, correlation_id, property_id, payload)
     select $1, 'test.happened', 'event.timeline.updated', 'c', $2, jsonb_build_object('n', n) from generate_series(1, 3) n`,
    [api.database.tenantId, idOf(1)],
  );
});
afterAll(() => api.close());

async function walk(path: string): Promise<Page['items']> {
  const viewer = await api.as('viewer');
  const items: Page['items'] = [];
  let cursor: string | null = null;
  do {
    const answer = await viewer('GET', `${path}${cursor === null ? '' : `&cursor=${cursor}`}`);
    expect(answer.status, answer.text).toBe(200);
    const page = answer.body as Page;
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return items;
}

describe('lists of properties', () => {
  it.each(['-bird_dog_score', '-updated_at'])('%s brings each one once, pages of any size', async (sort) => {
    for (const limit of [1, 5, 12]) {
      const ids = (await walk(`/api/v1/properties?limit=${limit}&sort=${sort}`)).map(({ id }) => id);
      expect(ids).toHaveLength(ROWS);
      expect(new Set(ids).size).toBe(ROWS);
      if (sort === '-updated_at') expect(ids[0]).toBe(idOf(ROWS));
    }
    const scores = (await walk('/api/v1/properties?limit=5')).map((item) => item.bird_dog_score);
    expect(scores).toEqual([...Array(8).fill(50), ...Array(4).fill(null)]);
  });

  it('orders by price both ways, leaving out what has none', async () => {
    const rising = (await walk('/api/v1/properties?limit=2&sort=list_price')).map((item) => item.list_price);
    expect(rising).toEqual([1, 2, 3, 5, 6, 7, 9, 10, 11].map((n) => n * 100_000 + 0.5));
    const falling = (await walk('/api/v1/properties?limit=2&sort=-list_price')).map((item) => item.list_price);
    expect(falling).toEqual(rising.reverse());
  });

  it('narrows by every filter', async () => {
    const count = async (filter: string) => (await walk(`/api/v1/properties?limit=200&${filter}`)).length;
    expect(await count('county=53033')).toBe(6);
    expect(await count('status=failed')).toBe(1);
    expect(await count('city=Seattle&zip_code=98101&property_type=Residential')).toBe(ROWS);
    expect(await count('state=WA')).toBe(0);
    expect(await count('min_price=200000&max_price=500001')).toBe(3);
    expect(await count('min_sqft=1010&max_sqft=1011')).toBe(2);
    expect(await count('min_score=50&max_score=50')).toBe(8);
  });

  it('refuses cursors of another order or with other values', async () => {
    const viewer = await api.as('viewer');
    for (const key of [
      ['-updated_at', 'now', idOf(1)],
      ['-updated_at', '2026-13-99 00:00:00+00', idOf(1)],
      ['-bird_dog_score', 1, 'x'],
      ['list_price', 1.5, idOf(1)],
    ]) {
      const cursor = Buffer.from(JSON.stringify(key)).toString('base64url');
      const answer = await viewer('GET', `/api/v1/properties?sort=${key[0]}&cursor=${cursor}`);
      expect(answer.status, String(key)).toBe(400);
    }
  });
});

describe('one property', () => {
  it('is whole, with sources, score, comparables and events', async () => {
    const viewer = await api.as('viewer');
    const path = `/api/v1/properties/${idOf(1)}`;
    expect(await viewer('GET', path)).toMatchObject({
      status: 200,
      body: {
        list_price: 100_000.5,
        square_meters: 93,
        field_sources: { list_price: { source: 'listing', simulated: false } },
        score: { reasons: ['cheap'], estimated_value: 123.45 },
        valuation: { value: 4, interval_80: { low: 2, high: 6 }, model_version: 'v7' },
      },
    });
    expect(await viewer('GET', `${path}/score`)).toMatchObject({ status: 200, body: { bird_dog_score: 50 } });
    expect(await viewer('GET', `${path}/comparables`)).toMatchObject({ body: { items: [{ address: '9 Elm' }] } });
    const events = (await viewer('GET', `${path}/timeline?limit=2`)).body as {
      items: { payload: { n: number } }[];
      next_cursor: string;
    };
    expect(events.items.map(({ payload }) => payload.n)).toEqual([3, 2]);
    const rest = (await viewer('GET', `${path}/timeline?limit=2&cursor=${events.next_cursor}`)).body as typeof events;
    expect(rest).toMatchObject({ items: [{ payload: { n: 1 } }], next_cursor: null });
    expect((await viewer('DELETE', `${path}/cache`)).status).toBe(204);
    expect(await viewer('GET', '/api/v1/properties/stats')).toMatchObject({
      body: { total_properties: ROWS, properties_scored: 8, by_status: { failed: 1, scored: 11 } },
    });
  });

  it('of another tenant is as unknown as one that does not exist', async () => {
    const viewer = await api.as('viewer');
    for (const tail of ['', '/score', '/comparables', '/timeline']) {
      const [foreign, random] = await Promise.all(
        [STRANGER, idOf(999)].map(async (id) => {
          const { status, text } = await viewer('GET', `/api/v1/properties/${id}${tail}`);
          return { status, text: text.replaceAll(id, 'ID').replace(/"request_id":"[^"]+"/, '') };
        }),
      );
      expect(foreign!.status).toBe(404);
      expect(foreign).toEqual(random);
    }
  });
});
