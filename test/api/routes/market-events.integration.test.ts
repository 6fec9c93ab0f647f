import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refreshDeals } from '../../../src/db/queries/market-deals.ts';
import { refreshWeeks } from '../../../src/db/queries/market-refresh.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { type Caller, createTestApi, type TestApi } from '../../support/api.ts';

let api: TestApi;
let send: Caller;
beforeAll(async () => {
  api = await createTestApi();
  send = await api.as('admin');
});
afterAll(() => api.close());

const offer = (id: string, more: object = {}) => ({
  event_id: id,
  property_ref: `home ${id}`,
  market: 'Boise, ID',
  segment: 'house',
  offer_price: 300_000,
  market_estimated_value: 320_000,
  offered_at: '2026-03-04T12:00:00Z',
  ...more,
});
const post = async (body: unknown, path = 'offers') => {
  const { status, body: answer } = await send('POST', `/api/v1/market/${path}`, { body });
  return { status, ...(answer as object) } as Record<string, unknown>;
};
const events = (...list: unknown[]) => ({ events: list });
const stored = (id: string) =>
  api.database.query('select * from raw.offer_events where event_id = $1', [id]).then(([row]) => row);

describe('offers over HTTP', () => {
  it('keeps a single one once, and a later answer', async () => {
    expect(await post(offer('a'))).toMatchObject({ status: 200, accepted: 1, repeated: 0, updated: 0, rejected: [] });
    expect(await post(offer('a'))).toMatchObject({ accepted: 0, repeated: 1, updated: 0 });
    expect(await post(offer('a', { seller_accepted_offer: true, days_to_accept: 3 }))).toMatchObject({ updated: 1 });
    // The first message comes late, once more: the answer stays.
    expect(await post(offer('a'))).toMatchObject({ repeated: 1, updated: 0 });
    expect(await stored('a')).toMatchObject({ seller_accepted_offer: true, days_to_accept: 3 });
  });

  it('refuses another offer under a known id, alone with 400, among others by its place', async () => {
    await post(offer('b'));
    expect(await post(offer('b', { offer_price: 1 }))).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/event_id: b is an offer with another offer_price/),
    });
    expect(await post(events(offer('b', { market: 'Reno, NV' }), offer('c')))).toMatchObject({
      status: 200,
      accepted: 1,
      rejected: [{ index: 0, id: 'b', reasons: [expect.stringMatching(/another market/)] }],
    });
    expect(await stored('b')).toMatchObject({ market: 'Boise, ID', offer_price: 300_000 });
  });

  it('tells every reason of every bad row, keeps the good ones, and keeps the bad ones aside', async () => {
    const soon = new Date(Date.now() + 4 * 60_000).toISOString();
    const later = new Date(Date.now() + 6 * 60_000).toISOString();
    const answer = await post(
      events(
        offer('d'),
        offer('e', { offer_price: -1, offered_at: 'yesterday' }),
        'no object',
        offer('f', { offered_at: later }),
        offer('g', { offered_at: soon }),
        offer('h', { market: 'with \u0000', days_to_accept: '3' }),
        offer('i', { offered_at: '2026-02-30T10:00:00Z' }),
        offer('j', { seller_accepted_offer: 'yes', market_estimated_value: 0 }),
      ),
    );
    expect(answer).toMatchObject({ accepted: 2, repeated: 0, updated: 0 });
    expect(
      (answer.rejected as { index: number; reasons: string[] }[]).map(({ index, reasons }) => [index, reasons]),
    ).toEqual([
      [1, ['offer_price: must be more than 0', expect.stringMatching(/^offered_at: must be a time/)]],
      [2, ['must be an object']],
      [3, [`offered_at: ${later} is in the future`]],
      [5, ['market: must be text without NUL', 'days_to_accept: must be a number']],
      [6, [expect.stringMatching(/^offered_at: must be a time/)]],
      [7, ['market_estimated_value: must be more than 0', 'seller_accepted_offer: must be true, false or null']],
    ]);
    const kept = await api.database.query<{ reasons: string[] }>(
      'select reasons from raw.rejected_rows where reasons[1] = $1',
      ['must be an object'],
    );
    expect(kept).toHaveLength(1);
  });

  it('takes an id that is twice in one batch for one', async () => {
    const answer = await post(
      events(offer('k'), offer('k'), offer('k', { seller_accepted_offer: false }), offer('k', { segment: 'condo' })),
    );
    expect(answer).toMatchObject({ accepted: 1, repeated: 1, updated: 1, rejected: [{ index: 3 }] });
    expect(await stored('k')).toMatchObject({ seller_accepted_offer: false });
  });

  it('refuses an empty list, more than 500, a body that is none, and a person who may only look', async () => {
    expect(await post(events())).toMatchObject({ status: 400 });
    expect(await post(events(...Array.from({ length: 501 }, (_, n) => offer(`x${n}`))))).toMatchObject({ status: 400 });
    expect(await post({})).toMatchObject({ status: 400 });
    const viewer = await api.as('viewer');
    expect((await viewer('POST', '/api/v1/market/offers', { body: offer('z') })).status).toBe(403);
  });

  it('loses and doubles nothing when batches with the same ids come at once', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => `p${n}`);
    const batches = [ids, [...ids].reverse(), ids, [...ids].reverse()].map((list) =>
      events(...list.map((id) => offer(id))),
    );
    const answers = await Promise.all(batches.map((batch) => post(batch)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const sum = (name: string) => answers.reduce((total, answer) => total + (answer[name] as number), 0);
    expect([sum('accepted'), sum('repeated')]).toEqual([100, 300]);
  });

  it('has them in the mart after a refresh, late ones as well', async () => {
    await post(offer('m1', { market: 'Salem, OR', seller_accepted_offer: true }));
    await withTenant(api.database.db, api.database.tenantId, (trx) => refreshWeeks(trx));
    await post(
      offer('m2', { market: 'Salem, OR', segment: 'condo', offer_price: 200_000, seller_accepted_offer: false }),
    );
    await post(offer('m0', { market: 'Salem, OR', offered_at: '2026-02-23T00:00:00Z', seller_accepted_offer: true }));
    await withTenant(api.database.db, api.database.tenantId, (trx) => refreshWeeks(trx));
    const rows = await api.database.query(
      `select week::text, segment, offer_count, offer_price_avg, acceptance_rate, acceptance_rate_change
       from mart.market_metrics where market = 'Salem, OR' and segment = 'all' order by week`,
    );
    expect(rows).toEqual([
      {
        week: '2026-02-23',
        segment: 'all',
        offer_count: 1,
        offer_price_avg: 300_000,
        acceptance_rate: 1,
        acceptance_rate_change: null,
      },
      {
        week: '2026-03-02',
        segment: 'all',
        offer_count: 2,
        offer_price_avg: 250_000,
        acceptance_rate: 0.5,
        acceptance_rate_change: -0.5,
      },
    ]);
  });
});

describe('valuations over HTTP', () => {
  it('counts the same moment once, and brings the newest into the home’s account', async () => {
    const value = (day: string, dollars: number) => ({
      property_ref: 'H1',
      market: 'Boise, ID',
      estimated_value: dollars,
      confidence: 0.8,
      valued_at: `2026-03-${day}T00:00:00Z`,
    });
    expect(await post(events(value('02', 400_000), value('01', 380_000)), 'avm-values')).toMatchObject({ accepted: 2 });
    expect(await post(value('02', 400_000), 'avm-values')).toMatchObject({ repeated: 1 });
    expect(await post(value('02', 410_000), 'avm-values')).toMatchObject({ updated: 1 });
    await api.database.query(
      `insert into raw.inventory_status (tenant_id, home_ref, market, acquisition_date, acquisition_price, reno_cost_actual,
         estimated_hold_cost, as_of) values ($1, 'H1', 'Boise, ID', '2026-01-01', 300000, 20000, 5000, '2026-03-01')`,
      [api.database.tenantId],
    );
    await withTenant(api.database.db, api.database.tenantId, (trx) => refreshDeals(trx));
    const home = () => api.database.query('select * from mart.deal_pl').then(([row]) => row);
    expect(await home()).toMatchObject({ status: 'held', arv: 410_000, days_held: 59, valuation_confidence: 0.8 });
    expect((await home())?.net_margin).toBeCloseTo(410_000 * 0.93 - 325_000, 6);
    await api.database.query(
      `insert into raw.resales (tenant_id, home_ref, market, close_date, resale_price) values ($1, 'H1', 'Boise, ID', '2026-04-01', 420000)`,
      [api.database.tenantId],
    );
    await withTenant(api.database.db, api.database.tenantId, (trx) => refreshDeals(trx));
    expect(await home()).toMatchObject({ status: 'sold', arv: 420_000, days_held: 90, valuation_confidence: null });
  });
});

describe('how the feeds are', () => {
  it('says what stopped, what waits, and from which loads a figure was computed', async () => {
    await post(offer('q1', { market: 'Provo, UT', offered_at: new Date().toISOString() }));
    const before = (await send('GET', '/api/v1/market/feeds')).body as {
      waiting: { changes: number };
      feeds: { feed: string; status: string; rows: number; note: string | null }[];
      last_loads: { feed: string; rows_rejected: number }[];
    };
    const of = (name: string) => before.feeds.find(({ feed }) => feed === name);
    expect(before.waiting.changes).toBeGreaterThan(0);
    expect(of('offer_events')).toMatchObject({ status: 'fresh', note: null });
    expect(of('avm_values')).toMatchObject({
      status: 'stopped',
      rows: 2,
      note: expect.stringMatching(/newer than 2026-03-02/),
    });
    expect(of('macro')).toMatchObject({ status: 'empty', rows: 0 });
    expect(before.last_loads.find(({ feed }) => feed === 'offer_events')?.rows_rejected).toBeGreaterThan(3);
    const query = (market: string) =>
      send('GET', `/api/v1/market/lineage?week=2026-03-02&market=${encodeURIComponent(market)}`);
    expect((await query('Salem, OR')).body).toMatchObject({
      sources: ['raw.offer_events'],
      loads: [
        { table: 'raw.offer_events', rows: 2, load: { feed: 'offer_events', origin: 'http', status: 'success' } },
      ],
    });
    expect((await query('Nowhere')).status).toBe(404);
  });
});
