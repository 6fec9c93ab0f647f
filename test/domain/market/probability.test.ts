import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chanceBelowZero,
  compareShares,
  normalCdf,
  shareInterval,
  shrunk,
  twoSidedP,
} from '../../../src/domain/market/probability.ts';

describe('the normal distribution', () => {
  it('has its known values', () => {
    for (const [z, share] of [
      [0, 0.5],
      [1, 0.841_344_746],
      [1.959_964, 0.975],
      [-2.326_348, 0.01],
      [-5, 2.866_516e-7],
    ] as const) {
      expect(Math.abs(normalCdf(z) / share - 1)).toBeLessThan(5e-7);
    }
    expect(twoSidedP(1.959_964)).toBeCloseTo(0.05, 6);
  });
});

describe('the chance of being below zero', () => {
  it('is that of the interval: 5% where its low end is 0, a half at 0, never less for a lower value', () => {
    expect(chanceBelowZero({ value: 10, low: 0, high: 20 })).toBeCloseTo(0.05, 6);
    expect(chanceBelowZero({ value: 0, low: -5, high: 5 })).toBeCloseTo(0.5, 6);
    expect(chanceBelowZero({ value: -10, low: -20, high: 0 })).toBeCloseTo(0.95, 6);
    const number = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(
        number,
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (value, half, less) => {
          const of = (middle: number) => chanceBelowZero({ value: middle, low: middle - half, high: middle + half });
          expect(of(value)).toBeGreaterThanOrEqual(0);
          expect(of(value)).toBeLessThanOrEqual(1);
          expect(of(value - less)).toBeGreaterThanOrEqual(of(value) - 1e-6);
        },
      ),
    );
  });

  it('without a width is a plain yes or no', () => {
    expect(chanceBelowZero({ value: -1, low: -1, high: -1 })).toBe(1);
    expect(chanceBelowZero({ value: 0, low: 0, high: 0 })).toBe(0);
  });
});

describe('shares', () => {
  it('have Wilson’s interval', () => {
    const { value, low, high } = shareInterval(8, 10);
    expect([value, low, high].map((one) => Number(one.toFixed(4)))).toEqual([0.8, 0.4902, 0.9433]);
    expect(shareInterval(0, 0)).toMatchObject({ low: 0, high: 1 });
  });

  it('are compared as in Newcombe’s example, and by Yates’s test', () => {
    // 56 of 70 against 48 of 80: difference 0.2 (0.0524 to 0.3339).
    const { difference, pValue } = compareShares([48, 80], [56, 70]);
    expect(difference.value).toBeCloseTo(0.2, 9);
    expect(difference.low).toBeCloseTo(0.0524, 4);
    expect(difference.high).toBeCloseTo(0.3339, 4);
    expect(pValue).toBeGreaterThan(0.005);
    expect(pValue).toBeLessThan(0.02);
    expect(compareShares([0, 0], [1, 2]).pValue).toBe(1);
  });

  it('lie in their intervals; a difference turns round with its sides', () => {
    const counts = fc
      .integer({ min: 1, max: 5_000 })
      .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const { value, low, high } = shareInterval(...a);
        expect(low <= value && value <= high && low >= 0 && high <= 1).toBe(true);
        const there = compareShares(a, b);
        const back = compareShares(b, a);
        expect(there.difference.low).toBeLessThanOrEqual(there.difference.value);
        expect(there.difference.high).toBeGreaterThanOrEqual(there.difference.value);
        expect(there.difference.low).toBeCloseTo(-back.difference.high, 9);
        expect(there.pValue).toBeCloseTo(back.pValue, 9);
        expect(there.pValue >= 0 && there.pValue <= 1).toBe(true);
      }),
    );
  });

  it('of few rows lean on the whole', () => {
    expect(shrunk(10, 0, 4, 5)).toBe(4);
    expect(shrunk(Number.NaN, 3, 4, 5)).toBe(4);
    expect(shrunk(10, 5, 4, 5)).toBe(7);
  });
});
