import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildPriceIndex,
  chooseBandwidth,
  countBefore,
  priceLevel,
} from '../../../src/domain/valuation/price-index.ts';

const sales = fc
  .array(fc.record({ day: fc.integer({ min: 0, max: 800 }), residual: fc.double({ min: -1, max: 1, noNaN: true }) }), {
    maxLength: 80,
  })
  .map((list) => list.sort((a, b) => a.day - b.day));
const bandwidths = fc.integer({ min: 7, max: 365 });

const indexOf = (list: ReadonlyArray<{ day: number; residual: number }>, bandwidth: number) =>
  buildPriceIndex(
    Float64Array.from(list, ({ day }) => day),
    Float64Array.from(list, ({ residual }) => residual),
    bandwidth,
  );

/** The exponentially weighted mean as of the last day with sales before the day, with three sales at 0 beside them. */
function naiveLevel(list: ReadonlyArray<{ day: number; residual: number }>, bandwidth: number, day: number): number {
  const before = list.filter((sale) => sale.day < day);
  const last = Math.max(...before.map((sale) => sale.day));
  const weights = before.map((sale) => Math.exp(-(last - sale.day) / bandwidth));
  const sum = before.reduce((total, { residual }, i) => total + residual * weights[i]!, 0);
  return before.length === 0 ? 0 : sum / (weights.reduce((total, weight) => total + weight, 0) + 3);
}

describe('the level of prices', () => {
  it('is the weighted mean of what the sales before the day say', () => {
    fc.assert(
      fc.property(sales, bandwidths, fc.integer({ min: -10, max: 900 }), (list, bandwidth, day) => {
        expect(priceLevel(indexOf(list, bandwidth), day)).toBeCloseTo(naiveLevel(list, bandwidth, day), 10);
      }),
      { numRuns: 100 },
    );
  });

  it('a sale of the day itself has no say in it, one of the day before has', () => {
    const list = [{ day: 100, residual: 0.4 }];
    expect(priceLevel(indexOf(list, 30), 100)).toBe(0);
    expect(priceLevel(indexOf(list, 30), 101)).toBeCloseTo(0.1, 12);
  });

  it('stays where it was in a quiet time, however long', () => {
    const index = indexOf(
      [1, 2, 3].map((day) => ({ day, residual: 0.2 })),
      7,
    );
    expect(priceLevel(index, 4000)).toBeCloseTo(priceLevel(index, 4), 12);
  });

  it('without dates it is 0, and sales without one have no say', () => {
    const index = buildPriceIndex(Float64Array.from([Number.NaN, Number.NaN]), Float64Array.from([0.5, 0.7]), 30);
    expect([priceLevel(index, 10), priceLevel(index, Number.NaN)]).toEqual([0, 0]);
    expect(priceLevel(indexOf([{ day: 1, residual: 0.3 }], 30), Number.NaN)).toBe(0);
  });
});

describe('how many lie before', () => {
  it('counts as one by one would', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 })), fc.integer({ min: -1, max: 51 }), (values, limit) => {
        const ascending = Float64Array.from(values).sort();
        expect(countBefore(ascending, limit)).toBe(values.filter((value) => value < limit).length);
      }),
      { numRuns: 60 },
    );
    expect(countBefore(Float64Array.from([1, 2]), Number.NaN)).toBe(0);
  });
});

describe('the bandwidth', () => {
  const daily = (perDay: number, days: number) =>
    Float64Array.from({ length: perDay * days }, (_, i) => Math.floor(i / perDay));

  it('lies between a week and a year for any market', () => {
    fc.assert(
      fc.property(sales, fc.double({ min: 0, max: 10, noNaN: true }), (list, scale) => {
        const bandwidth = chooseBandwidth(
          Float64Array.from(list, ({ day }) => day),
          scale,
        );
        expect(bandwidth).toBeGreaterThanOrEqual(7);
        expect(bandwidth).toBeLessThanOrEqual(365);
      }),
      { numRuns: 60 },
    );
  });

  it('is shorter the more sales there are, and longer the wider they scatter', () => {
    expect(chooseBandwidth(daily(20, 200), 0.2)).toBe(40);
    expect(chooseBandwidth(daily(40, 200), 0.2)).toBe(20);
    expect(chooseBandwidth(daily(40, 200), 0.4)).toBe(80);
  });

  it('is a year without dates, with one sale, or when all sold on one day', () => {
    expect(chooseBandwidth(Float64Array.from([Number.NaN, Number.NaN]), 0.2)).toBe(365);
    expect(chooseBandwidth(Float64Array.from([5]), 0.2)).toBe(365);
    expect(chooseBandwidth(new Float64Array(50).fill(5), 0.2)).toBe(365);
  });
});
