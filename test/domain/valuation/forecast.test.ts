import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecastSeries } from '../../../src/domain/valuation/forecast.ts';
import { forecastMarket, type IndexedSale } from '../../../src/domain/valuation/market-forecast.ts';
import { createRandom } from '../../../src/domain/valuation/random.ts';

const noise = (seed: number, size: number) => {
  const { unit } = createRandom(seed);
  return () => (unit() + unit() + unit() - 1.5) * size;
};
const series = (months: number, at: (t: number) => number) => Array.from({ length: months }, (_, t) => at(t));

/** Sales of houses of all sizes at a level that grows each month. */
function market(months: number, perMonth: number, growth: number, seed = 3): IndexedSale[] {
  const { unit } = createRandom(seed);
  return Array.from({ length: months * perMonth }, (_, at) => {
    const month = Math.floor(at / perMonth);
    const sqft = 900 + unit() * 2_500;
    return {
      closeDate: `${2023 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-${String(1 + (at % 28)).padStart(2, '0')}`,
      price: 20_000 * sqft ** 0.45 * Math.exp(month * growth + (unit() - 0.5) * 0.3),
      sqft,
    };
  });
}

describe('a series ahead', () => {
  it('carries a steady growth on, damped, and a flat one not at all', () => {
    const rising = forecastSeries(
      series(36, (t) => 12 + t * 0.01),
      12,
    );
    expect(rising.ahead[0]!.change).toBeCloseTo(0.01, 2);
    expect(rising.ahead[11]!.change).toBeGreaterThan(0.05);
    expect(rising.ahead[11]!.change).toBeLessThan(0.14);
    for (const { change } of forecastSeries(
      series(36, () => 12),
      12,
    ).ahead)
      expect(change).toBeCloseTo(0, 6);
  });

  it('knows a season after two years', () => {
    const yearly = (t: number) => Math.sin((t / 12) * 2 * Math.PI) * 0.05;
    const result = forecastSeries(series(60, yearly), 12);
    expect(result.isSeasonal).toBe(true);
    expect(result.ahead[2]!.change - result.ahead[8]!.change).toBeGreaterThan(0.06);
    expect(forecastSeries(series(20, yearly), 3).isSeasonal).toBe(false);
  });

  it('holds about 80% of what comes, on random walks', () => {
    let held = 0;
    const runs = 120;
    for (let seed = 0; seed < runs; seed += 1) {
      const step = noise(seed + 1, 0.03);
      let level = 0;
      const all = series(45, () => {
        level += 0.003 + step();
        return level;
      });
      const past = all.slice(0, 42);
      const { ahead } = forecastSeries(past, 3);
      const truth = Math.exp(all[44]! - past.at(-1)!) - 1;
      if (truth >= ahead[2]!.low - 0.01 && truth <= ahead[2]!.high + 0.01) held += 1;
    }
    expect(held / runs).toBeGreaterThan(0.68);
    expect(held / runs).toBeLessThan(0.95);
  });

  it('gives ordered finite intervals that never narrow, the same each time, for any series', () => {
    const steps = fc.array(fc.double({ min: -0.3, max: 0.3, noNaN: true }), { minLength: 6, maxLength: 40 });
    fc.assert(
      fc.property(steps, (moves) => {
        let level = 12;
        const values = moves.map((move) => {
          level += move;
          return level;
        });
        const result = forecastSeries(values, 6);
        expect(forecastSeries(values, 6)).toEqual(result);
        let width = 0;
        for (const { low, change, high } of result.ahead) {
          if (!(low <= change && change <= high && Number.isFinite(high) && low > -1)) return false;
          const now = Math.log1p(high) - Math.log1p(low);
          if (now < width - 1e-9) return false;
          width = now;
        }
        return true;
      }),
      { numRuns: 25 },
    );
  });

  it('does not depend on the level of the series', () => {
    const values = series(30, (t) => 10 + t * 0.004 + Math.sin(t) * 0.01);
    const shifted = forecastSeries(
      values.map((value) => value + 3),
      6,
    ).ahead;
    for (const [at, { change }] of forecastSeries(values, 6).ahead.entries())
      expect(shifted[at]!.change).toBeCloseTo(change, 9);
  });
});

describe('a market ahead', () => {
  it('is refused below 100 sales or 6 months, with what is missing', () => {
    expect(forecastMarket(market(12, 8, 0), 6)).toMatchObject({ available: false, sales: 96, months: 12 });
    expect(forecastMarket(market(5, 50, 0), 6)).toMatchObject({ available: false, sales: 250, months: 5 });
    expect(forecastMarket([], 6)).toMatchObject({ available: false, statement: expect.stringContaining('0 sales') });
    expect(
      forecastMarket(
        market(12, 50, 0).map((sale) => ({ ...sale, sqft: null })),
        6,
      ),
    ).toMatchObject({ available: false });
  });

  it('follows growth of prices and not of houses', () => {
    const grown = forecastMarket(market(18, 120, 0.01), 6);
    if (!grown.available) throw new Error(grown.statement);
    expect(grown.history).toHaveLength(18);
    expect(Math.log(grown.history[0]!.index)).toBeCloseTo(-0.17, 1);
    expect(grown.forecast[5]!.change).toBeGreaterThan(0.02);
    const larger = market(18, 120, 0).map((sale, at) => {
      const more = 1 + at / 2_160;
      return { ...sale, sqft: sale.sqft! * more, price: sale.price * more ** 0.45 };
    });
    const steady = forecastMarket(larger, 6);
    if (!steady.available) throw new Error(steady.statement);
    expect(Math.abs(Math.log(steady.history[0]!.index))).toBeLessThan(0.08);
  });

  it('starts after a long gap and bridges a short one', () => {
    const sales = market(24, 40, 0.002);
    const without = (months: string[]) =>
      forecastMarket(
        sales.filter(({ closeDate }) => !months.includes(closeDate.slice(0, 7))),
        3,
      );
    const bridged = without(['2023-10', '2023-11']);
    const cut = without(['2023-10', '2023-11', '2023-12']);
    expect(bridged.available && bridged.history.length).toBe(24);
    expect(cut.available && cut.history[0]?.month).toBe('2024-01');
  });
});

const zillow = resolve(process.cwd(), '../shared/data/market/zillow_County_zhvi_2022-03.csv');
describe.skipIf(!existsSync(zillow))('on Zillow’s county series (needs ../shared/data/market)', () => {
  it('holds about 80% of what came, over quiet and hot years', () => {
    const [, ...lines] = readFileSync(zillow, 'utf8').split(/\r?\n/);
    let held = 0;
    let count = 0;
    for (const yearsBack of [0, 2, 4, 7, 10]) {
      for (const line of lines.filter((_, at) => at % 120 === 0)) {
        const values = line
          .split(',')
          .slice(-12 * (7 + yearsBack))
          .map(Number)
          .slice(0, 84);
        if (values.length < 84 || values.some((value) => !(value > 0))) continue;
        const logs = values.map(Math.log);
        const { low, high } = forecastSeries(logs.slice(0, 72), 12).ahead[11]!;
        const truth = Math.exp(logs[83]! - logs[71]!) - 1;
        if (truth >= low && truth <= high) held += 1;
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(50);
    expect(held / count).toBeGreaterThan(0.7);
    expect(held / count).toBeLessThan(0.92);
  });
});
