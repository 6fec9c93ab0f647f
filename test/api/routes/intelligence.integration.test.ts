import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TOOLS } from '../../../src/intelligence/registry.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';

describe('the tools over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await createTestApi({ clock: () => new Date('2026-03-10T12:00:00Z') });
    await api.database.query(
      `insert into mart.market_metrics (tenant_id, market, week, median_sale_price, days_on_market)
       values ($1, 'Boise, ID', '2026-02-23', 400000, 20), ($1, 'Boise, ID', '2026-03-02', 410000, 22)`,
      [api.database.tenantId],
    );
  });
  afterAll(() => api.close());

  it('are listed with the schemas of what they take and give', async () => {
    const viewer = await api.as('viewer');
    const { status, body } = await viewer('GET', '/api/v1/intelligence/tools');
    expect(status).toBe(200);
    expect((body as { tools: unknown[] }).tools).toHaveLength(TOOLS.length);
  });

  it('answer from the tenant’s own mart', async () => {
    const viewer = await api.as('viewer');
    const ask = { body: { market: 'Boise, ID' } };
    const own = await viewer('POST', '/api/v1/intelligence/tools/get_market_summary', ask);
    expect(own).toMatchObject({
      status: 200,
      body: { data_through: '2026-03-02', figures: [{ value: 410_000 }, { value: 22 }] },
    });
    const other = await api.as('viewer', await api.addTenant('other'));
    const theirs = await other('POST', '/api/v1/intelligence/tools/get_market_summary', ask);
    expect(theirs.body).toMatchObject({ data_through: null, figures: [] });
  });

  it('name the field that is wrong', async () => {
    const viewer = await api.as('viewer');
    const path = '/api/v1/intelligence/tools/get_market_summary';
    expect(await viewer('POST', path, { body: { market: '' } })).toMatchObject({
      status: 400,
      body: { field: 'market' },
    });
  });

  it('forecast price, days on market and sales, tested on the past against naive ways', async () => {
    await api.database.query(
      `insert into mart.market_metrics (tenant_id, market, week, median_sale_price, days_on_market)
       select $1, 'Trend, TX', '2026-03-02'::date - 7 * w, 500000 - 1000 * w, 30 from generate_series(0, 150) w`,
      [api.database.tenantId],
    );
    const viewer = await api.as('viewer');
    const path = '/api/v1/intelligence/forecasts';
    const { status, body } = await viewer('GET', `${path}?market=Trend%2C%20TX&horizon=4`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ market: 'Trend, TX', grain: 'week', horizon: 4, data_through: '2026-03-08' });
    const [price, days, sales] = (body as { forecasts: Array<Record<string, never>> }).forecasts;
    expect(price).toMatchObject({ figure: 'price', available: true, method: 'damped_trend' });
    const mae = price!['mae'] as unknown as Record<string, number>;
    expect(mae['damped_trend']).toBeLessThan(mae['naive']!);
    expect(mae['naive']).toBeLessThan(mae['seasonal_naive']!);
    const rows = price!['forecast'] as unknown as Array<Record<string, number>>;
    expect(rows.map(({ period }) => period)).toEqual(['2026-03-09', '2026-03-16', '2026-03-23', '2026-03-30']);
    expect(rows.every(({ value, low, high }) => low! <= value! && value! <= high! && value! > 500_000)).toBe(true);
    expect(days).toMatchObject({ figure: 'days_on_market', available: true });
    expect(sales).toMatchObject({ figure: 'sales', available: false, forecast: [] });
    const nowhere = await viewer('GET', `${path}?market=Nowhere`);
    expect(nowhere.body).toMatchObject({
      forecasts: [],
      confidence: { value: 0 },
      notes: [/no prices/].map((words) => expect.stringMatching(words)),
    });
    expect((await viewer('GET', `${path}?market=A&horizon=99`)).status).toBe(400);
  });
});
