import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, createTestApi, type TestApi } from '../../support/api.ts';

let api: TestApi;
let viewer: Caller;
let stranger: Caller;
const ids = { job: randomUUID(), score: randomUUID() };
const properties = [0, 1, 2].map(() => randomUUID());

beforeAll(async () => {
  api = await createTestApi();
  viewer = await api.as('viewer');
  stranger = await api.as('viewer', await api.addTenant('empty'));
  const { query, tenantId: t } = api.database;
  for (const [at, id] of properties.entries()) {
    await query(
      `insert into properties (tenant_id, id, county_fips, status, city, state, property_type, sqft, list_price_cents, bird_dog_score, enrichment_sources)
       values ($1, $2, '53033', 'scored', $3, 'WA', 'Residential', 1000, 50000000, $4, $5)`,
      [t, id, at === 2 ? 'Kent' : 'Seattle', [95, 60, 20][at], at === 0 ? ['county'] : []],
    );
    await query(
      `insert into property_scores (tenant_id, id, property_id, bird_dog_score, investment_score, risk_score, roi_estimate, confidence,
         as_of, score_components, reasons, features_used, weights_version, model_version, inputs_hash)
       values ($1, $2, $3, $4, 50, 10, 0.1, 0.8, '2026-01-01', '{"a": 1}', '["why"]', '{}', 'w', 'm', 'h')`,
      [t, at === 0 ? ids.score : randomUUID(), id, [95, 60, 20][at]],
    );
  }
  // An older score of the first: counted, but no longer what the property stands at.
  await query(
    `insert into property_scores (tenant_id, property_id, bird_dog_score, investment_score, risk_score, confidence, as_of,
       score_components, reasons, features_used, weights_version, model_version, inputs_hash, scored_at)
     values ($1, $2, 5, 5, 5, 0.5, '2026-01-01', '{}', '[]', '{}', 'w', 'm', 'old', now() - interval '2 days')`,
    [t, properties[0]],
  );
  await query(
    `insert into scraping_jobs (tenant_id, id, dag_id, dag_run_id, source, county_fips, status, created_at)
     values ($1, $2, 'd', 'r', 'file', '53033', 'success', now()), ($1, $3, 'd', 'r', 'site', '53033', 'failed', now() - interval '1 hour'),
       ($1, $4, 'd', 'r', 'site', '53033', 'running', now() - interval '2 hours')`,
    [t, ids.job, randomUUID(), randomUUID()],
  );
  await query(
    `insert into prospect_queue (tenant_id, source, source_id, record_kind, payload, payload_hash, status, county_fips)
     values ($1, 'file', '1', 'listing', '{}', 'h', 'new', '53033'), ($1, 'file', '2', 'listing', '{}', 'h', 'ready', '53033')`,
    [t],
  );
  await query(
    `insert into enrichment_jobs (tenant_id, dag_id, dag_run_id, property_id, enrichment_type, status, completed_at)
     values ($1, 'e', 'r', $2, 'property_data', 'success', now())`,
    [t, properties[0]],
  );
  await query(
    `insert into property_enrichment (tenant_id, property_id, provider, fetched_at, expires_at, fields, confidence, cost_micros, simulated)
     values ($1, $2, 'county', now(), now() + interval '1 day', '{"Year Built": 1950}', 0.9, 2500, false)`,
    [t, properties[0]],
  );
  await query(
    `insert into quarantine (tenant_id, job_id, source, row_reference, kind, reasons, last_seen_at)
     values ($1, $2, 'file', 'line 7', 'invalid', '[{"field": "Year Built", "code": "range", "message": "Year Built: 3020 lies ahead"}]', now()),
       ($1, $2, 'site', '/home/1', 'blocked', '["the page asks whether one is a person"]', now() - interval '1 hour')`,
    [t, ids.job],
  );
  await query(
    `insert into cost_ledger (tenant_id, id, resource, kind, cost_micros, simulated, outcome, at)
     values ($1, gen_random_uuid(), 'twilio', 'send', 7500, true, 'ok', now()), ($1, gen_random_uuid(), 'twilio', 'send', 2500, false, 'ok', now()),
       ($1, gen_random_uuid(), 'twilio', 'send', 9900, false, 'ok', now() - interval '40 days')`,
    [t],
  );
  await query(
    `insert into pipeline_runs (tenant_id, dag_id, dag_run_id, status, duration_seconds)
     values ($1, 'score_master', 'a', 'success', 2), ($1, 'score_master', 'b', 'failed', 4)`,
    [t],
  );
  await query(
    `insert into data_quality_metrics (tenant_id, metric_type, metric_name, value, is_passing, entity_type, entity_id, measured_at)
     values ($1, 'completeness', 'address', 0.5, false, 'source', 'file', now() - interval '1 day'),
       ($1, 'completeness', 'address', 0.9, true, 'source', 'file', now())`,
    [t],
  );
});
afterAll(() => api.close());

const get = async (caller: Caller, path: string) => {
  const answer = await caller('GET', path);
  expect(answer.status, `${path}: ${answer.text}`).toBe(200);
  return answer.body as Record<string, never>;
};

describe('/api/scraping', () => {
  it('lists jobs by status and source, a stretch at a time', async () => {
    const all = await get(viewer, '/api/scraping/jobs?limit=2&offset=1');
    expect(all).toMatchObject({ total: 3, limit: 2, offset: 1, jobs: [{ status: 'failed' }, { status: 'running' }] });
    expect(await get(viewer, '/api/scraping/jobs?status=failed&source=file')).toMatchObject({ total: 0, jobs: [] });
    expect((await viewer('GET', '/api/scraping/jobs?status=odd')).status).toBe(400);
    expect(await get(viewer, `/api/scraping/jobs/${ids.job}`)).toMatchObject({ id: ids.job, source: 'file' });
  });

  it('counts the queue and the work done', async () => {
    expect(await get(viewer, '/api/scraping/queue')).toMatchObject({
      total: 2,
      by_status: { new: 1, ready: 1, failed: 0 },
      jobs: [{ status: 'running' }],
    });
    expect(await get(viewer, '/api/scraping/stats/overview')).toEqual({
      jobs: { total: 3, running: 1, successful: 1, failed: 1, success_rate: 50 },
      prospects: { total: 2, new: 1, processed: 1, processing_rate: 50 },
    });
  });
});

describe('/api/enrichment', () => {
  it('lists jobs and properties, and shows what a provider said', async () => {
    expect(await get(viewer, `/api/enrichment/jobs?property_id=${properties[0]}`)).toMatchObject({
      total: 1,
      jobs: [{ property_id: properties[0], status: 'success' }],
    });
    const found = await get(viewer, '/api/enrichment/properties?city=SEATTLE&state=wa&property_type=Residential');
    expect(found).toMatchObject({ total: 2 });
    expect(found.properties).toHaveLength(2);
    expect(await get(viewer, `/api/enrichment/properties/${properties[0]}`)).toMatchObject({
      list_price: 500_000,
      sqft: 1000,
      square_meters: 92.9,
      enrichments: [{ provider: 'county', cost: 0.0025, fields: { 'Year Built': 1950 } }],
    });
  });

  it('counts enrichment and completeness', async () => {
    expect(await get(viewer, '/api/enrichment/stats/overview')).toEqual({
      jobs: { total: 1, running: 0, successful: 1, failed: 0, success_rate: 100 },
      properties: { total: 3, enriched: 1, enrichment_rate: 33.3 },
      providers: [
        {
          provider: 'county',
          answers: 1,
          average_confidence: 0.9,
          cost: 0.0025,
          simulated: 0,
          expired: 0,
          oldest_at: expect.any(String),
          newest_at: expect.any(String),
        },
      ],
    });
    const quality = await get(viewer, '/api/enrichment/stats/data-quality');
    expect(quality).toMatchObject({
      total_properties: 3,
      overall_completeness: 25,
      field_completeness: { city: { count: 3, percentage: 100 }, apn: { count: 0, percentage: 0 } },
    });
  });
});

describe('/api/scoring', () => {
  it('lists the newest score of each property between two bounds', async () => {
    const found = await get(viewer, '/api/scoring/scores?min_score=60&max_score=95');
    expect(found).toMatchObject({ total: 2, scores: [{ overall_score: 95 }, { overall_score: 60 }] });
    expect((await viewer('GET', '/api/scoring/scores?min_score=60&max_score=50')).status).toBe(400);
    expect(await get(viewer, `/api/scoring/scores/${ids.score}`)).toMatchObject({
      score_components: { a: 1 },
      reasons: ['why'],
    });
    expect(await get(viewer, '/api/scoring/top-properties?limit=1')).toMatchObject({
      total: 3,
      properties: [{ property_id: properties[0] }],
    });
  });

  it('averages what properties stand at now; a band holds its lower bound', async () => {
    expect(await get(viewer, '/api/scoring/stats/overview')).toEqual({
      total_scores: 4,
      properties_scored: 3,
      averages: { overall_score: 58.33, investment_score: 50, risk_score: 10, roi_estimate: 0.1 },
      score_distribution: { '0-20': 0, '20-40': 1, '40-60': 0, '60-80': 1, '80-100': 1 },
    });
    const { trends } = await get(viewer, '/api/scoring/stats/trends?days=7');
    expect(trends).toMatchObject([
      { scores: 1, overall_score: 5 },
      { scores: 3, overall_score: 58.33 },
    ]);
  });
});

describe('/api/metrics', () => {
  it('sums up the pipeline', async () => {
    expect(await get(viewer, '/api/metrics/overview')).toEqual({
      data_pipeline: { total_prospects: 2, total_properties: 3, total_scores: 4, new_prospects_pending: 1 },
      pipeline_execution: { total_runs: 2, successful_runs: 1, success_rate: 50 },
      active_jobs: { scraping: 1, enrichment: 0, total: 1 },
      recent_activity_24h: { prospects_scraped: 2, properties_enriched: 1, properties_scored: 3 },
    });
    const { throughput } = await get(viewer, '/api/metrics/throughput?days=3');
    expect(throughput).toHaveLength(3);
    expect(throughput![2]).toMatchObject({ scraped: 2, enriched: 1, scored: 3, memos: 0, sent: 0 });
    expect(await get(viewer, '/api/metrics/performance')).toMatchObject({
      pipelines: [{ dag_id: 'score_master', total_runs: 2, success_rate: 50, average_seconds: 3, p95_seconds: 3.9 }],
    });
    const { total, stages } = await get(viewer, '/api/metrics/funnel');
    expect(total).toBe(3);
    expect(stages).toContainEqual({ stage: 'scored', count: 3, percentage: 100 });
    expect(await get(viewer, '/api/metrics/quality')).toMatchObject({
      passing: 1,
      failing: 0,
      metrics: [{ value: 0.9 }],
    });
  });
});

describe('a tenant without anything', () => {
  it.each([
    ['/api/scraping/jobs', { jobs: [], total: 0 }],
    ['/api/scraping/queue', { total: 0, jobs: [] }],
    ['/api/scraping/stats/overview', { jobs: { total: 0, success_rate: 0 }, prospects: { total: 0 } }],
    ['/api/enrichment/jobs', { jobs: [], total: 0 }],
    ['/api/enrichment/properties', { properties: [], total: 0 }],
    ['/api/enrichment/stats/overview', { jobs: { total: 0 }, providers: [] }],
    ['/api/enrichment/stats/data-quality', { total_properties: 0, overall_completeness: 0 }],
    ['/api/scoring/scores', { scores: [], total: 0 }],
    ['/api/scoring/top-properties', { properties: [], total: 0 }],
    ['/api/scoring/stats/overview', { total_scores: 0, averages: { overall_score: null } }],
    ['/api/scoring/stats/trends', { trends: [] }],
    ['/api/metrics/overview', { data_pipeline: { total_properties: 0 }, pipeline_execution: { success_rate: 0 } }],
    ['/api/metrics/performance', { pipelines: [] }],
    ['/api/metrics/funnel', { total: 0 }],
    ['/api/metrics/quality', { passing: 0, failing: 0, metrics: [] }],
  ])('%s', async (path, expected) => {
    expect(await get(stranger, path)).toMatchObject(expected);
  });

  it('is told nothing of what others have', async () => {
    for (const path of ['scraping/jobs', 'enrichment/properties', 'scoring/scores']) {
      const foreign = path === 'scraping/jobs' ? ids.job : path === 'scoring/scores' ? ids.score : properties[0]!;
      const random = randomUUID();
      const told = await Promise.all([foreign, random].map((id) => stranger('GET', `/api/${path}/${id}`)));
      const [one, other] = told.map(({ status, text, headers }, at) => [
        status,
        text.replaceAll([foreign, random][at]!, 'ID').replace(headers.get('X-Request-Id')!, 'REQUEST'),
      ]);
      expect(one).toEqual(other);
      expect(one![0]).toBe(404);
    }
  });
});

describe('/api/lifecycles', () => {
  it('finds those whose facts contradict, and those that are paused', async () => {
    await api.database.query('update properties set needs_review = true where tenant_id = $1 and id = $2', [
      api.database.tenantId,
      properties[1],
    ]);
    expect(await get(viewer, '/api/lifecycles?needs_review=true')).toMatchObject({
      lifecycles: [{ property_id: properties[1], needs_review: true }],
    });
    expect(await get(viewer, '/api/lifecycles?is_paused=true')).toMatchObject({ lifecycles: [] });
    expect((await get(viewer, '/api/lifecycles?needs_review=false')).lifecycles).toHaveLength(2);
  });
});

describe('/api/v1/quarantine', () => {
  it('tells refused rows with their reasons, and counts them', async () => {
    const first = await get(viewer, '/api/v1/quarantine?limit=1');
    expect(first).toMatchObject({
      items: [
        { source: 'file', row_reference: 'line 7', kind: 'invalid', reasons: [{ field: 'Year Built', code: 'range' }] },
      ],
    });
    const next = await get(viewer, `/api/v1/quarantine?limit=1&cursor=${first.next_cursor}`);
    expect(next).toMatchObject({
      items: [
        { kind: 'blocked', reasons: [{ field: '', code: '', message: 'the page asks whether one is a person' }] },
      ],
      next_cursor: null,
    });
    expect(await get(viewer, '/api/v1/quarantine?kind=quota')).toMatchObject({ items: [] });
    expect(await get(viewer, '/api/v1/quarantine/stats')).toMatchObject({
      total: 2,
      sources: [
        { source: 'file', kind: 'invalid', rows: 1 },
        { source: 'site', kind: 'blocked', rows: 1 },
      ],
    });
    expect(await get(stranger, '/api/v1/quarantine')).toMatchObject({ items: [] });
  });
});

describe('/api/v1/analytics/costs/days', () => {
  it('sums each day by resource, and tells what a simulator answered', async () => {
    expect(await get(viewer, '/api/v1/analytics/costs/days?days=7')).toEqual({
      days: [{ day: expect.any(String), resource: 'twilio', calls: 2, cost: 0.01, simulated: 1 }],
    });
    expect(await get(stranger, '/api/v1/analytics/costs/days')).toEqual({ days: [] });
  });
});
