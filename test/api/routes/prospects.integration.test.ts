import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../support/api.ts';

const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const STRANGER = '11111111-0000-4000-8000-000000000001';

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi();
  const other = await api.addTenant('other');
  const tenant = api.database.tenantId;
  const prospects = `insert into prospect_queue (tenant_id, id, source, source_id, record_kind, payload, payload_hash, status,
    property_id, county_fips, created_at)`;
  await api.database.query(`insert into properties (tenant_id, id, county_fips) values ($1, $2, '53033')`, [
    tenant,
    idOf(100),
  ]);
  await api.database.query(
    `${prospects} select $1, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'fsbo', n::text, 'listing', '{"a":1}', 'h',
       case when n = 1 then 'ready' else 'new' end, case when n = 1 then $2::uuid end, '53033',
       '2026-01-01'::timestamptz + (n / 2) * interval '1 microsecond' from generate_series(1, 5) n`,
    [tenant, idOf(100)],
  );
  await api.database.query(
    `${prospects} values ($1, $2, 'fsbo', '1', 'listing', '{}', 'h', 'new', null, '53033', now())`,
    [other, STRANGER],
  );
  await api.database.query(
    `insert into property_scores (tenant_id, property_id, bird_dog_score, investment_score, risk_score, confidence, as_of,
       score_components, reasons, features_used, weights_version, model_version, inputs_hash)
     values ($1, $2, 61, 40, 20, 0.5, '2026-01-01', '{}', '[]', '{}', 'w', 'm', 'h')`,
    [tenant, idOf(100)],
  );
  await api.database.query(
    `insert into property_enrichment (tenant_id, property_id, provider, fetched_at, expires_at, fields, confidence, cost_micros, simulated)
     values ($1, $2, 'census-acs', now(), now(), '{"population":3}', 0.9, 250000, true)`,
    [tenant, idOf(100)],
  );
});
afterAll(() => api.close());

describe('prospects', () => {
  it('are listed once each, the newest first', async () => {
    const viewer = await api.as('viewer');
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const answer = await viewer('GET', `/api/v1/prospects?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`);
      expect(answer.status, answer.text).toBe(200);
      const page = answer.body as { items: { id: string }[]; next_cursor: string | null };
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(ids).toEqual([5, 4, 3, 2, 1].map(idOf));
    expect(await viewer('GET', '/api/v1/prospects?status=ready&source=fsbo&county=53033')).toMatchObject({
      body: { items: [{ id: idOf(1), property_id: idOf(100) }], next_cursor: null },
    });
  });

  it('lead to the answers about their property', async () => {
    const viewer = await api.as('admin');
    const path = `/api/v1/prospects/${idOf(1)}`;
    expect(await viewer('GET', path)).toMatchObject({ status: 200, body: { payload: { a: 1 } } });
    expect(await viewer('GET', `${path}/score`)).toMatchObject({ status: 200, body: { bird_dog_score: 61 } });
    expect(await viewer('GET', `${path}/enrichment`)).toMatchObject({
      body: { items: [{ provider: 'census-acs', cost: 0.25, simulated: true }] },
    });
    expect(await viewer('GET', `${path}/documents`)).toMatchObject({ status: 200, body: { items: [] } });
    expect((await viewer('GET', `/api/v1/prospects/${idOf(2)}/score`)).status).toBe(404);
  });

  it('are deleted by who may; another tenant’s are unknown', async () => {
    const [viewer, analyst] = [await api.as('viewer'), await api.as('analyst')];
    expect((await viewer('DELETE', `/api/v1/prospects/${idOf(1)}`)).status).toBe(403);
    expect((await analyst('DELETE', `/api/v1/prospects/${STRANGER}`)).status).toBe(404);
    expect((await analyst('GET', `/api/v1/prospects/${STRANGER}`)).status).toBe(404);
    expect((await analyst('DELETE', `/api/v1/prospects/${idOf(1)}`)).status).toBe(204);
    expect((await analyst('GET', `/api/v1/prospects/${idOf(1)}`)).status).toBe(404);
    expect((await viewer('GET', `/api/v1/properties/${idOf(100)}`)).status).toBe(200);
  });
});
