import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conformalQuantiles, coverage } from '../../../src/domain/valuation/conformal.ts';
import { percentageErrors, rSquared, valuationMetrics } from '../../../src/domain/valuation/metrics.ts';
import { createRandom } from '../../../src/domain/valuation/random.ts';
import { ratioStatistics } from '../../../src/domain/valuation/ratio-study.ts';

const sale = fc.record({
  price: fc.integer({ min: 10_000, max: 5_000_000 }),
  value: fc.integer({ min: 10_000, max: 5_000_000 }),
});
const sales = fc.array(sale, { minLength: 3, maxLength: 50 });
const columns = (rows: ReadonlyArray<{ price: number; value: number }>) =>
  [Float64Array.from(rows, (row) => row.value), Float64Array.from(rows, (row) => row.price)] as const;

describe('valuationMetrics', () => {
  it('agrees with a calculation by hand', () => {
    const found = valuationMetrics(Float64Array.of(110, 240, 270, 500), Float64Array.of(100, 200, 300, 400));
    // Errors 10%, 20%, 10%, 25%.
    expect(found.rows).toBe(4);
    expect(found.mdape).toBeCloseTo(0.15, 12);
    expect(found.within_10).toBe(0.5);
    expect(found.within_20).toBe(0.75);
    // SSE 100 + 1,600 + 900 + 10,000; SST 50,000.
    expect(found.r2).toBeCloseTo(1 - 12_600 / 50_000, 12);
    expect(found).toMatchObject({ coverage_50: null, coverage_80: null, coverage_90: null });
    expect(found.median_ratio).toBeCloseTo(1.15, 12);
  });

  it('is perfect for values that are the prices', () => {
    const prices = Float64Array.of(1e5, 2e5, 4e5);
    const found = valuationMetrics(prices, prices);
    expect(found).toMatchObject({ mdape: 0, within_10: 1, within_20: 1, r2: 1, median_ratio: 1, cod: 0, prd: 1 });
    expect(found.prb).toBeCloseTo(0, 12);
  });

  it('gives COD as a fraction, a hundredth of the ratio study’s', () => {
    fc.assert(
      fc.property(sales, (rows) => {
        const [values, prices] = columns(rows);
        const metrics = valuationMetrics(values, prices);
        const study = ratioStatistics(values, prices);
        expect(metrics.cod).toBe(study.cod / 100);
        expect(metrics.prd).toBe(study.prd);
        expect(metrics.within_10).toBeLessThanOrEqual(metrics.within_20);
        if (metrics.mdape < 0.1) expect(metrics.within_10).toBeGreaterThanOrEqual(0.5);
        if (!Number.isNaN(metrics.r2)) expect(metrics.r2).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the order of the rows nor on the unit of money', () => {
    fc.assert(
      fc.property(sales, (rows) => {
        const found = valuationMetrics(...columns(rows));
        const turned = valuationMetrics(...columns([...rows].reverse()));
        const doubled = valuationMetrics(
          ...columns(rows.map(({ price, value }) => ({ price: 4 * price, value: 4 * value }))),
        );
        for (const other of [turned, doubled]) {
          expect(other.mdape).toBe(found.mdape);
          expect(other.within_20).toBe(found.within_20);
          if (!Number.isNaN(found.r2)) expect(other.r2).toBeCloseTo(found.r2, 8);
          expect(other.cod).toBeCloseTo(found.cod, 10);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('measures coverage, which grows with the interval', () => {
    const random = createRandom(2);
    const prices = Float64Array.from({ length: 200 }, () => 1e5 + 1e6 * random.unit());
    const values = prices.map((price) => price * (0.7 + 0.6 * random.unit()));
    const at = (share: number) => [values.map((v) => v * (1 - share)), values.map((v) => v * (1 + share))] as const;
    const [low50, high50] = at(0.1);
    const [low80, high80] = at(0.2);
    const [low90, high90] = at(0.5);
    const found = valuationMetrics(values, prices, { low50, high50, low80, high80, low90, high90 });
    expect(found.coverage_50!).toBeGreaterThan(0.2);
    expect(found.coverage_50!).toBeLessThan(found.coverage_80!);
    expect(found.coverage_80!).toBeLessThan(found.coverage_90!);
  });

  it('says that R² is unknown when all prices are the same', () => {
    expect(rSquared([1, 2], [3, 3])).toBeNaN();
    expect([...percentageErrors([90, 110], [100, 100])]).toEqual([0.1, 0.1]);
  });

  it('refuses rows it cannot measure', () => {
    expect(() => valuationMetrics(new Float64Array(), new Float64Array())).toThrow(/at least one/);
    expect(() => valuationMetrics(Float64Array.of(1), Float64Array.of(0))).toThrow(/Row 0/);
    expect(() => valuationMetrics(Float64Array.of(Number.NaN), Float64Array.of(1))).toThrow(/Row 0/);
  });
});

describe('conformalQuantiles', () => {
  it('takes the score of rank ⌈(n + 1)·level⌉', () => {
    expect(conformalQuantiles([9, 1, 5, 7, 3, 8, 2, 6, 4], [0.5, 0.8, 0.9])).toEqual([5, 8, 9]);
  });

  it('promises nothing with too few scores', () => {
    expect(conformalQuantiles([1, 2, 3], [0.5, 0.9])).toEqual([2, Number.POSITIVE_INFINITY]);
    expect(conformalQuantiles([], [0.5])).toEqual([Number.POSITIVE_INFINITY]);
  });

  it('holds at least the share of the scores themselves and rises with the level', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 100 }), (scores) => {
        const levels = [0.1, 0.5, 0.8, 0.9, 0.99];
        const found = conformalQuantiles(scores, levels);
        found.forEach((limit, i) => {
          expect(scores.filter((score) => score <= limit).length / scores.length).toBeGreaterThanOrEqual(
            levels[i]! - 1e-9,
          );
          if (i > 0) expect(limit).toBeGreaterThanOrEqual(found[i - 1]!);
        });
      }),
    );
  });

  it('holds the promised share of new draws, on average', () => {
    const random = createRandom(9);
    let held = 0;
    for (let k = 0; k < 2000; k += 1) {
      const scores = Array.from({ length: 19 }, () => random.unit() ** 3);
      if (random.unit() ** 3 <= conformalQuantiles(scores, [0.8])[0]!) held += 1;
    }
    expect(Math.abs(held / 2000 - 0.8)).toBeLessThan(0.03);
  });

  it('refuses levels and scores that are none', () => {
    expect(() => conformalQuantiles([1], [80])).toThrow(/share between 0 and 1, not 80/);
    expect(() => conformalQuantiles([1, Number.NaN], [0.5])).toThrow(/not a number/);
    expect(coverage([1, 2, 3, 4], [1, 3, 0, 0], [1, 4, 3, 2])).toBe(0.5);
    expect(() => coverage([1], [], [1])).toThrow(/one interval per price/);
  });
});
