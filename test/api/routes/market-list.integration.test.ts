import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Caller, createTestApi, type TestApi } from '../../support/api.ts';

let api: TestApi;
let send: Caller;
beforeAll(async () => {
  api = await createTestApi();
  send = await api.as('admin');
});
afterAll(() => api.close());

it('markets are listed by segment and length of a period, with their span', async () => {
  expect((await send('GET', '/api/v1/market/markets')).body).toEqual({ items: [] });
  const [tenant] = await api.database.query('select id from tenants limit 1');
  for (const [market, segment, grain, week] of [
    ['Boise, ID', 'all', 'week', '2026-03-02'],
    ['Boise, ID', 'all', 'week', '2026-03-09'],
    ['Boise, ID', 'condo', 'month', '2026-03-01'],
  ]) {
    await api.database.query(
      'insert into mart.market_metrics (tenant_id, market, segment, grain, week, homes_sold) values ($1, $2, $3, $4, $5, 4)',
      [tenant?.id, market, segment, grain, week],
    );
  }
  expect((await send('GET', '/api/v1/market/markets')).body).toEqual({
    items: [
      { market: 'Boise, ID', segment: 'all', grain: 'week', periods: 2, from: '2026-03-02', to: '2026-03-09' },
      { market: 'Boise, ID', segment: 'condo', grain: 'month', periods: 1, from: '2026-03-01', to: '2026-03-01' },
    ],
  });
});
