import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeScore } from '../../../src/activities/score/score.ts';
import { createApi } from '../../../src/api/server.ts';
import { withAssumptionOverrides } from '../../../src/config/assumption-overrides.ts';
import { loadComparableRules } from '../../../src/config/comparables.ts';
import { openCounties } from '../../../src/config/county-index.ts';
import { loadScoringConfig } from '../../../src/config/scoring.ts';
import type { Role } from '../../../src/domain/policy.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { apiDeps } from '../setup.ts';

const idOf = (n: number) => `00000000-0000-5000-8000-${String(n).padStart(12, '0')}`;
const SUBJECT = idOf(1);
let api: TestApi;
let other: string;

beforeAll(async () => {
  const counties = await openCounties('config');
  const weights = loadScoringConfig('config/scoring.yaml');
  api = await createTestApi();
  const { tenantId } = api.database;
  other = await api.addTenant('analysis-two');
  await api.database.query(
    `insert into properties (tenant_id, id, county_fips, status, address, city, zip_code, property_type, sqft, bedrooms, bathrooms,
       year_built, latitude, longitude, list_price_cents, bird_dog_score)
     select $1::uuid, ('00000000-0000-5000-8000-' || lpad(n::text, 12, '0'))::uuid, '53033', 'scored', n || ' Elm St', 'SEATTLE', '98103',
       'Residential', 1700 + n * 10, 3, 2, 1990, 47.66 + n * 0.0005, -122.34, case when n = 1 then 45000000 end, 50 + n
     from generate_series(1, 12) n`,
    [tenantId],
  );
  await api.database.query(
    `insert into sales (tenant_id, property_id, close_date, close_price_cents, arms_length, source)
     select tenant_id, id, current_date - 30, sqft * 30000, true, 'test' from properties where tenant_id = $1 and id <> $2`,
    [tenantId, SUBJECT],
  );
  await api.database.query(
    `insert into property_scores (tenant_id, property_id, bird_dog_score, investment_score, risk_score, confidence, as_of,
       score_components, reasons, features_used, weights_version, model_version, inputs_hash)
     select tenant_id, id, bird_dog_score, 40, 20, 0.5, '2026-01-01',
       json_build_array(json_build_object('name', 'rental_yield', 'score', case when id = $2 then 1 else 0 end, 'weight', 0.1, 'contribution', 0),
         json_build_object('name', 'rest', 'score', bird_dog_score / 100, 'weight', 0.9, 'contribution', 0)),
       '[]', '{}', 'w', 'm', 'h' from properties where tenant_id = $1`,
    [tenantId, SUBJECT],
  );
  api.app = createApi(
    apiDeps({
      db: api.database.db,
      counties,
      sources: [
        {
          name: 'a-site',
          kind: 'listing_site',
          countyFips: '53033',
          enabled: false,
          blockedReason: 'Off until stated.',
        },
      ],
      analysis: {
        weights,
        comparableRules: loadComparableRules('config/comparables.yaml'),
        withAssumptions: (pairs) => ({ ...weights, assumptions: withAssumptionOverrides(weights.assumptions, pairs) }),
        score: (trx, property, scoring, now) => computeScore({ clock: () => now, counties, scoring }, trx, property),
      },
    }),
  );
});
afterAll(() => api.close());

async function ask(method: string, path: string, body?: unknown, tenantId?: string, role: Role = 'analyst') {
  const { token } = await api.as(role, tenantId);
  const response = await api.app.request(path, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  return { status: response.status, body: JSON.parse(text) as any, text };
}

describe('questions about a property', () => {
  it('compares with sales left out, and gives another value without storing anything', async () => {
    const path = `/api/v1/properties/${SUBJECT}/comparables`;
    const all = await ask('POST', path, {});
    expect(all.status, all.text).toBe(200);
    expect(all.body.value).toBeGreaterThan(0);
    const used = all.body.included.map((sale: { property_id: string }) => sale.property_id);
    const less = await ask('POST', path, { exclude: [used[0]] });
    expect(less.body.included.map((sale: { property_id: string }) => sale.property_id)).not.toContain(used[0]);
    expect((await ask('POST', path, { include: [idOf(99)] })).status).toBe(404);
    expect((await ask('POST', path, {}, other)).status).toBe(404);
  });

  it('tells what would lift the score, what is alike, and that leads are not learned yet', async () => {
    const score = await ask('GET', `/api/v1/properties/${SUBJECT}/score/current`);
    expect(score.body.bird_dog_score, score.text).toBeGreaterThan(0);
    const why = await ask('GET', `/api/v1/properties/${SUBJECT}/score/why-not?target=95`);
    expect(why.body, why.text).toMatchObject({ target: 95, score: score.body.bird_dog_score, already: false });
    const lower = await ask('GET', `/api/v1/properties/${SUBJECT}/score/why-not?target=95&with=list_price=200000`);
    expect(lower.body.score).toBeGreaterThan(why.body.score);
    const changed = await ask('GET', `/api/v1/properties/${SUBJECT}/score/current?with=list_price=200000`);
    expect(changed.body.bird_dog_score).toBe(lower.body.score);
    const history = await ask('GET', `/api/v1/properties/${SUBJECT}/score/history`);
    expect(history.body.items).toEqual([expect.objectContaining({ bird_dog_score: 51, weights_version: 'w' })]);
    const wrong = await ask('GET', `/api/v1/properties/${SUBJECT}/score/why-not?target=95&with=colour=3`);
    expect([wrong.status, wrong.body.field]).toEqual([400, 'with']);
    const similar = await ask('GET', `/api/v1/properties/${SUBJECT}/similar?limit=3`);
    expect(similar.body.items, similar.text).toHaveLength(3);
    const lead = await ask('GET', `/api/v1/properties/${SUBJECT}/lead-score`);
    expect(lead.body, lead.text).toMatchObject({ available: false });
    for (const path of ['score/current', 'score/history', 'score/why-not?target=80', 'similar', 'lead-score']) {
      expect((await ask('GET', `/api/v1/properties/${SUBJECT}/${path}`, undefined, other)).status, path).toBe(404);
    }
  });

  it('works deals out for a property and for stated facts, and names a wrong assumption', async () => {
    const stored = await ask('POST', '/api/v1/deals/calculate', { property_id: SUBJECT, price: 300_000 });
    expect(stored.body, stored.text).toMatchObject({ property_id: SUBJECT, price: 300_000, price_kind: 'given' });
    const facts = { price: 300_000, value: 400_000, facts: { sqft: 1500, year_built: 1950 } };
    const stated = await ask('POST', '/api/v1/deals/calculate', facts);
    const dearer = await ask('POST', '/api/v1/deals/calculate', {
      ...facts,
      assumptions: {
        'renovation_usd_per_sqft.moderate': 200,
        'renovation_usd_per_sqft.cosmetic': 200,
        'renovation_usd_per_sqft.full_gut': 200,
      },
    });
    expect(dearer.body.deal.renovation, dearer.text).toBeGreaterThan(stated.body.deal.renovation);
    const wrong = await ask('POST', '/api/v1/deals/calculate', { ...facts, assumptions: { no_such: 1 } });
    expect([wrong.status, wrong.body.field]).toEqual([400, 'assumptions']);
    expect((await ask('POST', '/api/v1/deals/calculate', { property_id: SUBJECT }, other)).status).toBe(404);
  });

  it('ranks the best anew under other weights, and changes nothing', async () => {
    const before = await api.database.query('select id, bird_dog_score from properties order by id');
    const tried = await ask('POST', '/api/v1/scoring/what-if', { weights: { rental_yield: 10 }, limit: 3 });
    expect(tried.status, tried.text).toBe(200);
    expect(tried.body.considered).toBe(12);
    expect(tried.body.items[0]).toMatchObject({ property_id: SUBJECT, rank_before: 12, rank_after: 1 });
    expect(await api.database.query('select id, bird_dog_score from properties order by id')).toEqual(before);
    expect((await ask('POST', '/api/v1/scoring/what-if', { weights: { luck: 1 } })).status).toBe(400);
  });
});

describe('the weights of a tenant', () => {
  const PATH = '/api/v1/scoring/weights';
  const asAdmin = (path: string, body: unknown, tenantId?: string) => ask('POST', path, body, tenantId, 'admin');
  const versionOfScore = async () =>
    (await ask('GET', `/api/v1/properties/${SUBJECT}/score/current`)).body.weights_version;

  it('are set, score by, kept with who and why, and brought back', async () => {
    const before = await ask('GET', PATH);
    expect(before.body, before.text).toMatchObject({ current: { is_own: false }, items: [] });
    const { version } = before.body.current;
    const score = await ask('GET', `/api/v1/properties/${SUBJECT}/score/current`);
    const set = await asAdmin(PATH, {
      weights: { flood_risk: 0, flip_roi: 0.5 },
      note: 'no rivers',
      based_on: version,
    });
    expect(set.body, set.text).toMatchObject({
      version: `${version}-own.1`,
      configured_version: version,
      is_own: true,
    });
    expect(set.body.asking[0].feature).toBe('flip_roi');
    expect(set.body.asking.find((one: { feature: string }) => one.feature === 'flood_risk').share).toBe(0);
    const other = await ask('GET', `/api/v1/properties/${SUBJECT}/score/current`);
    expect(other.body.weights_version).toBe(`${version}-own.1`);
    expect(other.body.bird_dog_score).not.toBe(score.body.bird_dog_score);
    const why = await ask('GET', `/api/v1/properties/${SUBJECT}/score/why-not?target=99`);
    expect(why.body.score).toBe(other.body.bird_dog_score);
    expect((await ask('GET', PATH)).body.items).toEqual([
      expect.objectContaining({
        number: 1,
        is_current: true,
        changes: { flip_roi: 0.5, flood_risk: 0 },
        note: 'no rivers',
      }),
    ]);
    expect((await asAdmin(`${PATH}/0/restore`, {})).body.version).toBe(version);
    expect(await versionOfScore()).toBe(version);
    expect((await asAdmin(`${PATH}/1/restore`, {})).body.version).toBe(`${version}-own.1`);
    const items = (await ask('GET', PATH)).body.items;
    expect(items.map(({ restored }: { restored: number | null }) => restored)).toEqual([1, 0, null]);
    const audit = await api.database.query<{ action: string }>(
      `select action from audit_log where action = 'tenant:update' and resource ~ '^(change|restore)Weights'`,
    );
    expect(audit).toHaveLength(3);
  });

  it('are refused to who may not, on weights that nobody has, and where others were set meanwhile', async () => {
    expect((await ask('POST', PATH, { weights: { flip_roi: 0.5 } })).status).toBe(403);
    expect((await asAdmin(PATH, { weights: { luck: 1 } })).body).toMatchObject({ status: 400, field: 'weights' });
    expect((await asAdmin(PATH, { weights: { flip_roi: 0.4 }, based_on: 'older' })).status).toBe(409);
    expect((await asAdmin(`${PATH}/99/restore`, {})).status).toBe(404);
    // Another tenant has none of its own, and cannot bring back somebody else's.
    expect((await ask('GET', PATH, undefined, other)).body).toMatchObject({ current: { is_own: false }, items: [] });
    expect((await asAdmin(`${PATH}/1/restore`, {}, other)).status).toBe(404);
  });
});

describe('counties, sources, forecasts and models', () => {
  it('lists what is configured, with what came of it', async () => {
    const counties = await ask('GET', '/api/v1/counties');
    expect(counties.body.items.map(({ slug }: { slug: string }) => slug)).toContain('king-wa');
    expect((await ask('GET', '/api/v1/counties/53033')).body.slug).toBe('king-wa');
    expect((await ask('GET', '/api/v1/counties/nowhere')).status).toBe(404);
    await api.database.query(
      `insert into scraping_jobs (tenant_id, id, dag_id, dag_run_id, source, county_fips, status, error, items_failed)
       values ($1, gen_random_uuid(), 'import', 'r', 'sales.csv', '53033', 'failed', 'too few rows', 3)`,
      [api.database.tenantId],
    );
    const sources = await ask('GET', '/api/v1/sources?county=king-wa');
    expect(sources.body.items, sources.text).toEqual([
      expect.objectContaining({ name: 'a-site', enabled: false, health: 'unknown', last_run: null }),
      expect.objectContaining({ name: 'sales.csv', kind: 'file', health: 'failing', failed_runs_30d: 1 }),
    ]);
    expect((await ask('GET', '/api/v1/sources', undefined, other)).body.items).toHaveLength(1);
    const forecast = await ask('GET', '/api/v1/forecasts?county=king-wa');
    expect(forecast.body, forecast.text).toMatchObject({ county: 'king-wa', available: false, sales: 11 });
    expect((await ask('GET', '/api/v1/scoreboard')).body).toMatchObject({ entries: [], outcomes: 0 });
    const admin = await api.as('admin');
    const models = await api.app.request('/api/v1/models', { headers: { Authorization: `Bearer ${admin.token}` } });
    expect(await models.json()).toEqual({ items: [] });
  });
});
