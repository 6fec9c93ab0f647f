import { describe, expect, it } from 'vitest';
import { alarmsOf } from '../../../../src/domain/market/world/alarms.ts';
import { marketMetricRows } from '../../../../src/domain/market/world/mart-rows.ts';
import { measureDetection } from '../../../../src/domain/market/world/measure.ts';
import { rawRows } from '../../../../src/domain/market/world/raw-rows.ts';
import { createWorld } from '../../../../src/domain/market/world/world.ts';
import { WATCHED } from '../../../../src/intelligence/tools/detect-anomalies.ts';

const lastWeek = '2026-11-09';

describe('detection on the seeded world', () => {
  it.each([7, 101])('is right and complete where the plain z-score is not, seed %i', (seed) => {
    const world = createWorld({ seed, lastWeek });
    const alarms = alarmsOf(marketMetricRows(world), WATCHED, 52);
    const robust = measureDetection(world.truth, alarms.robust);
    const plain = measureDetection(world.truth, alarms.plain);
    expect(robust.injected).toBeGreaterThanOrEqual(38);
    expect(robust.precision).toBeGreaterThanOrEqual(0.9);
    expect(robust.recall).toBeGreaterThanOrEqual(0.9);
    expect(plain.precision).toBeLessThan(0.5);
    // The surges alone.
    const truth = world.truth.filter(({ kind }) => kind === 'inventory_surge');
    const rises = alarms.robust.filter(({ metric, direction }) => metric === 'inventory_count' && direction === 1);
    const surges = measureDetection(truth, rises);
    expect(surges.recall).toBeGreaterThanOrEqual(0.9);
    expect(surges.precision).toBeGreaterThanOrEqual(0.85);
  });

  it('makes at most 0.15 alarms a market in a quiet year', () => {
    const world = createWorld({ seed: 11, lastWeek, isQuiet: true });
    const alarms = alarmsOf(marketMetricRows(world), WATCHED, 52);
    expect(world.truth).toEqual([]);
    expect(alarms.robust.length).toBeLessThanOrEqual(0.15 * 20);
    expect(alarms.plain.length).toBeGreaterThan(50);
  });
});

describe('the seeded world', () => {
  const small = createWorld({ seed: 5, lastWeek, markets: 2, weeks: 80 });

  it('is the same for the same seed, and a market stays as it is when others are added', () => {
    expect(createWorld({ seed: 5, lastWeek, markets: 2, weeks: 80 })).toEqual(small);
    const more = createWorld({ seed: 5, lastWeek, markets: 3, weeks: 80 });
    expect(more.weeks.slice(0, 160)).toEqual(small.weeks);
    expect(() => createWorld({ seed: 5, lastWeek: '2026-11-10' })).toThrow(/Monday/);
  });

  it('tells the same weeks as rows: sales, stock, prices, offers', () => {
    const rows = rawRows(small, 5);
    const week = small.weeks[70]!;
    const listings = rows['raw.mls_listings']!.filter(({ market }) => market === week.market);
    const end = new Date(Date.parse(week.week) + 6 * 86_400_000).toISOString().slice(0, 10);
    const closed = listings.filter(({ close_date: day }) => day !== null && day! >= week.week && day! <= end);
    expect(closed).toHaveLength(week.homesSold);
    const prices = closed.map(({ sale_price: price }) => Number(price)).sort((a, b) => a - b);
    const middle = (prices[(prices.length - 1) >> 1]! + prices[prices.length >> 1]!) / 2;
    expect(Math.abs(middle / week.medianSalePrice - 1)).toBeLessThan(0.02);
    const active = listings.filter(({ list_date: from, close_date: to }) => from! <= end && (to === null || to! > end));
    expect(active).toHaveLength(week.inventory);
    const offers = rows['raw.offer_events']!.filter(
      ({ market, offered_at: at }) =>
        market === week.market && String(at) >= week.week && String(at).slice(0, 10) <= end,
    );
    expect(offers).toHaveLength(week.hasOffers ? week.offers : 0);
    const ids = rows['raw.offer_events']!.map(({ event_id: id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
