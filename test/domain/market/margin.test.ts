import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exitChances, exitHazard, OLDEST_WEEK } from '../../../src/domain/market/exits.ts';
import { groupedBy } from '../../../src/domain/market/grouped.ts';
import { forecastMargin, groupOfHome, type HeldGroup } from '../../../src/domain/market/margin.ts';
import { createRandom } from '../../../src/domain/valuation/random.ts';

const ages = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 150 }), fc.integer({ min: 0, max: 40 })), { maxLength: 20 })
  .map((entries) => new Map(entries));

describe('the chance of a sale by age', () => {
  it('is a life table: sold over at risk, homes still held counting as long as they were', () => {
    // 100 sold in week 0, 300 in week 1, 200 still held at two weeks.
    const hazard = exitHazard(
      {
        sold: new Map([
          [0, 100],
          [1, 300],
        ]),
        held: new Map([[2, 200]]),
      },
      null,
    );
    const mean = 401 / (600 + 500 + 152 / 7);
    expect(hazard[0]).toBeCloseTo((100 + 20 * mean) / 620, 12);
    expect(hazard[1]).toBeCloseTo((300 + 20 * mean) / 520, 12);
    expect(hazard[2]).toBeCloseTo(mean, 12);
  });

  it('is a probability at every age; chances and what stays unsold sum to 1', () => {
    fc.assert(
      fc.property(
        ages,
        ages,
        fc.integer({ min: 0, max: 120 }),
        fc.integer({ min: 1, max: 52 }),
        (sold, held, age, weeks) => {
          const hazard = exitHazard({ sold, held }, null);
          expect(hazard).toHaveLength(OLDEST_WEEK + 1);
          expect(hazard.every((one) => one >= 0 && one <= 1)).toBe(true);
          const chances = exitChances(hazard, age, weeks);
          const sold0 = chances.reduce((sum, one) => sum + one, 0);
          const unsold = chances.reduce((left, _, step) => left * (1 - hazard[Math.min(OLDEST_WEEK, age + step)]!), 1);
          expect(sold0 + unsold).toBeCloseTo(1, 10);
        },
      ),
    );
  });

  it('of a market without sales is that of all markets', () => {
    const prior = exitHazard({ sold: new Map([[3, 50]]), held: new Map() }, null);
    const own = exitHazard({ sold: new Map(), held: new Map() }, prior);
    expect(own.map((one) => one.toFixed(12))).toEqual(prior.map((one) => one.toFixed(12)));
  });
});

const home = fc
  .tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: -90_000, max: 200_000 }), fc.integer({ min: 0, max: 120 }))
  .map(([age, margin, day]) => groupOfHome(age, margin, day, 300_000));
const FLAT = new Array<number>(OLDEST_WEEK + 1).fill(0.1);

describe('the margin to come', () => {
  it('does not depend on order or grouping, and lies in its interval', () => {
    fc.assert(
      fc.property(fc.array(home, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 30 }), (homes, weeks) => {
        const one = forecastMargin(homes, FLAT, weeks, 50);
        const reversed = forecastMargin([...homes].reverse(), FLAT, weeks, 50);
        expect(reversed.margin.value).toBeCloseTo(one.margin.value, 4);
        const grouped = forecastMargin([...groupedBy(homes, (h) => h.ageWeek).values()].map(sumOf), FLAT, weeks, 50);
        expect(grouped.margin.value).toBeCloseTo(one.margin.value, 4);
        expect(grouped.margin.high).toBeCloseTo(one.margin.high, 3);
        expect(one.margin.low <= one.margin.value && one.margin.value <= one.margin.high).toBe(true);
        expect(one.exits).toBeLessThanOrEqual(homes.length + 1e-9);
        const dearer = homes.map((h) => groupOfHome(h.ageWeek, h.m - 1_000, h.d, h.v));
        expect(forecastMargin(dearer, FLAT, weeks, 50).margin.value).toBeLessThanOrEqual(one.margin.value);
      }),
    );
  });

  it('agrees with a simulation in mean and in the spread of homes', () => {
    const homes = [groupOfHome(2, 40_000, 50, 0), groupOfHome(9, 10_000, 80, 0), groupOfHome(20, -20_000, 30, 0)];
    const { margin, sigma } = forecastMargin(homes, FLAT, 13, 10_000);
    const random = createRandom(7);
    const runs = Array.from({ length: 20_000 }, () =>
      homes.reduce((total, { m, d }) => {
        for (let week = 0; week < 13; week += 1) if (random.unit() < 0.1) return total + m - d * 7 * (week + 0.5);
        return total;
      }, 0),
    );
    const mean = runs.reduce((sum, run) => sum + run, 0) / runs.length;
    const spread = Math.sqrt(runs.reduce((sum, run) => sum + (run - mean) ** 2, 0) / runs.length);
    expect(Math.abs(mean - margin.value)).toBeLessThan(600);
    expect(Math.abs(spread / sigma.homes - 1)).toBeLessThan(0.03);
  });
});

function sumOf(groups: HeldGroup[]): HeldGroup {
  const total = (of: keyof HeldGroup) => groups.reduce((sum, group) => sum + group[of], 0);
  const sums = { m: total('m'), d: total('d'), v: total('v'), mm: total('mm'), md: total('md') };
  return { ageWeek: groups[0]!.ageWeek, homes: total('homes'), ...sums, dd: total('dd'), vv: total('vv') };
}
