import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countedMedian, pairedBootstrap, percentileInterval } from '../../../src/domain/valuation/bootstrap.ts';
import { medianOf, quantileOfSorted } from '../../../src/domain/valuation/quantile.ts';
import { createRandom } from '../../../src/domain/valuation/random.ts';

const error = fc.double({ min: -2, max: 2, noNaN: true });
const pairs = fc.array(fc.tuple(error, error), { minLength: 10, maxLength: 80 });

describe('quantiles', () => {
  it('interpolate between neighbours as R and numpy do', () => {
    expect(quantileOfSorted([1, 2, 3, 4], 0.25)).toBe(1.75);
    expect(quantileOfSorted([1, 2, 3, 4], 1)).toBe(4);
    expect(quantileOfSorted([7], 0.9)).toBe(7);
    expect(quantileOfSorted([], 0.5)).toBeNaN();
    expect(medianOf([3, 1, 2])).toBe(2);
    expect(medianOf([4, 1, 2, 3])).toBe(2.5);
  });

  it('counted: the median of values each taken so often', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.nat(3)), { minLength: 1, maxLength: 30 }),
        (rows) => {
          const many = rows.flatMap(([value, times]) => new Array<number>(times).fill(value));
          fc.pre(many.length === rows.length);
          const sorted = [...rows].sort((a, b) => a[0] - b[0]);
          const found = countedMedian(
            Float64Array.from(sorted, ([value]) => value),
            Uint32Array.from(sorted, ([, times]) => times),
          );
          expect(found).toBe(medianOf(many));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('percentile interval: quantiles of the estimates, unknown ones left out', () => {
    const estimates = Float64Array.from({ length: 101 }, (_, i) => 100 - i);
    expect(percentileInterval(estimates, 0.9).low).toBeCloseTo(5, 12);
    expect(percentileInterval(estimates, 0.9).high).toBeCloseTo(95, 12);
    expect(percentileInterval(Float64Array.of(Number.NaN, 3), 0.95)).toEqual({ low: 3, high: 3 });
    expect(percentileInterval(Float64Array.of(Number.NaN)).low).toBeNaN();
  });
});

describe('pairedBootstrap', () => {
  it('is the difference of the median absolute errors, inside its interval, and the same for a seed', () => {
    fc.assert(
      fc.property(pairs, fc.integer(), (rows, seed) => {
        const a = rows.map(([one]) => one);
        const b = rows.map(([, other]) => other);
        const found = pairedBootstrap(a, b, { resamples: 200, seed });
        expect(found.value).toBe(medianOf(a.map(Math.abs)) - medianOf(b.map(Math.abs)));
        expect(found.low).toBeLessThanOrEqual(found.value);
        expect(found.high).toBeGreaterThanOrEqual(found.value);
        expect(pairedBootstrap(a, b, { resamples: 200, seed })).toEqual(found);
        expect(pairedBootstrap([...a].reverse(), [...b].reverse(), { resamples: 200, seed })).toEqual(found);
      }),
      { numRuns: 50 },
    );
  });

  it('compares a model with itself as 0 to 0: rows are drawn for both at once', () => {
    const errors = Array.from({ length: 50 }, (_, i) => i / 50);
    expect(pairedBootstrap(errors, errors)).toEqual({ value: 0, low: 0, high: 0 });
  });

  it('tells a better model from one that is as good', () => {
    const random = createRandom(11);
    const a = Array.from({ length: 800 }, () => random.unit() * 0.2);
    const noise = a.map((one) => one + (random.unit() - 0.5) * 0.02);
    const worse = a.map((one) => one + 0.02 + random.unit() * 0.02);
    expect(pairedBootstrap(a, worse).high).toBeLessThan(0);
    const even = pairedBootstrap(a, noise);
    expect(even.low).toBeLessThan(0.001);
    expect(even.high).toBeGreaterThan(-0.001);
  });

  it('agrees with resampling done the plain way', () => {
    const random = createRandom(5);
    const a = Array.from({ length: 60 }, () => random.unit());
    const b = Array.from({ length: 60 }, (_, i) => a[i]! * 0.8 + 0.3 * random.unit());
    const plain = Float64Array.from({ length: 3000 }, () => {
      const rows = Array.from({ length: 60 }, () => random.below(60));
      return medianOf(rows.map((i) => a[i]!)) - medianOf(rows.map((i) => b[i]!));
    });
    const expected = percentileInterval(plain);
    const found = pairedBootstrap(a, b, { resamples: 3000 });
    expect(Math.abs(found.low - expected.low)).toBeLessThan(0.03);
    expect(Math.abs(found.high - expected.high)).toBeLessThan(0.03);
  });

  it('refuses errors that are not of the same rows', () => {
    expect(() => pairedBootstrap([], [])).toThrow(/same rows/);
    expect(() => pairedBootstrap([1], [1, 2])).toThrow(/1 and 2 errors/);
    expect(() => pairedBootstrap([1, Number.NaN], [1, 2])).toThrow(/Row 1/);
  });
});
