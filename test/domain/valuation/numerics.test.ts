import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOfDay, dayNumber } from '../../../src/domain/valuation/days.ts';
import { factorise, solveLower, solveUpper } from '../../../src/domain/valuation/linear-algebra.ts';
import { medianOf, quantileOf, quantileOfSorted } from '../../../src/domain/valuation/quantile.ts';
import { moments } from '../../../src/domain/valuation/statistics.ts';
import { randomOf } from './market.ts';

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('quantiles', () => {
  it('of 1, 2, 3, 4 are those of R and numpy', () => {
    expect([0, 0.25, 0.5, 0.9, 1].map((p) => quantileOf([4, 2, 1, 3], p))).toEqual([1, 1.75, 2.5, 3.7, 4]);
  });

  it('leave missing numbers out, the input as it is, and are NaN of none', () => {
    const values = [Number.NaN, 3, Number.NaN, 1];
    expect(medianOf(values)).toBe(2);
    expect(values).toEqual([Number.NaN, 3, Number.NaN, 1]);
    expect([medianOf([]), medianOf([Number.NaN]), quantileOfSorted([], 0.5)]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  });

  it('lie among the values and rise with the share', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (values, p) => {
        const value = quantileOf(values, p);
        expect(value).toBeGreaterThanOrEqual(Math.min(...values));
        expect(value).toBeLessThanOrEqual(Math.max(...values));
        expect(quantileOf(values, p / 2)).toBeLessThanOrEqual(value);
      }),
    );
  });
});

describe('mean and deviation', () => {
  it('are those of two passes, without the missing', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
        const found = moments([Number.NaN, ...values]);
        expect(Math.abs(found.mean - mean)).toBeLessThan(1e-6);
        expect(Math.abs(found.deviation - Math.sqrt(variance))).toBeLessThan(1e-3);
      }),
    );
    expect(moments([Number.NaN])).toEqual({ mean: 0, deviation: 0 });
  });
});

describe('the factor of a positive definite matrix', () => {
  it('solves what was asked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 1, max: 12 }), (seed, size) => {
        const random = randomOf(seed);
        const root = Array.from({ length: size }, () => Array.from({ length: size }, () => random() - 0.5));
        const of = (i: number, j: number) => {
          const product = root[i]!.reduce((sum, value, k) => sum + value * root[j]![k]!, 0);
          return product + (i === j ? 0.5 : 0);
        };
        const factor = Float64Array.from({ length: size * size }, (_, at) => of(Math.floor(at / size), at % size));
        const wanted = Float64Array.from({ length: size }, () => random());
        const right = wanted.map((_, i) => wanted.reduce((sum, value, j) => sum + of(i, j) * value, 0));
        expect(factorise(factor, size)).toBe(true);
        solveLower(factor, size, right);
        solveUpper(factor, size, right);
        right.forEach((value, i) => {
          expect(value).toBeCloseTo(wanted[i]!, 9);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('is refused for a matrix that is none', () => {
    expect(factorise(Float64Array.from([1, 2, 2, 1]), 2)).toBe(false);
    expect(factorise(Float64Array.from([Number.NaN]), 1)).toBe(false);
  });
});

describe('days', () => {
  it('are whole, and come back as their date', () => {
    expect([dayNumber('1970-01-01'), dayNumber('2015-02-01'), dayNumber('2015-02-01T23:59:59Z')]).toEqual([
      0, 16_467, 16_467,
    ]);
    expect([dayNumber(null), dateOfDay(Number.NaN)]).toEqual([Number.NaN, null]);
    fc.assert(
      fc.property(fc.integer({ min: -30_000, max: 60_000 }), (day) => {
        expect(dayNumber(dateOfDay(day))).toBe(day);
      }),
    );
  });
});
