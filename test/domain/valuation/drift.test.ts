import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driftReport, histogramOf, PSI_BOUNDS, psi, sharesOf } from '../../../src/domain/valuation/drift.ts';
import { createRandom } from '../../../src/domain/valuation/random.ts';

const values = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -100, max: 100 })), {
  minLength: 1,
  maxLength: 200,
});
const sum = (shares: readonly number[]) => shares.reduce((a, b) => a + b, 0);

describe('histogramOf', () => {
  it('cuts a spread-out feature into bins of equal count', () => {
    const { edges, shares } = histogramOf(Array.from({ length: 100 }, (_, i) => i + 1));
    expect(edges).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90]);
    expect(shares).toEqual([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0]);
  });

  it('rises in its edges, counts every value once, and survives JSON', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 2, max: 20 }), (list, bins) => {
        const histogram = histogramOf(list, bins);
        expect(histogram.shares).toHaveLength(histogram.edges.length + 2);
        expect(sum(histogram.shares)).toBeCloseTo(1, 9);
        histogram.edges.slice(1).forEach((edge, i) => {
          expect(edge).toBeGreaterThan(histogram.edges[i]!);
        });
        expect(histogram.shares.at(-1)).toBe(list.filter(Number.isNaN).length / list.length);
        const stored = JSON.parse(JSON.stringify(histogram)) as typeof histogram;
        expect(sharesOf(stored.edges, list)).toEqual(histogram.shares);
      }),
    );
  });

  it('gives a constant and a yes-no feature bins in which a change shows', () => {
    const constant = histogramOf(new Array<number>(50).fill(7));
    expect(psi(constant.shares, sharesOf(constant.edges, [6, 6]))).toBeGreaterThan(1);
    expect(psi(constant.shares, sharesOf(constant.edges, [8, 8]))).toBeGreaterThan(1);
    expect(psi(constant.shares, sharesOf(constant.edges, [7, 7]))).toBe(0);
    const rare = histogramOf([...new Array<number>(97).fill(1), 0, 0, 0]);
    expect(psi(rare.shares, sharesOf(rare.edges, [0, 0, 1, 1]))).toBeGreaterThan(PSI_BOUNDS.large);
    const zeros = histogramOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(psi(zeros.shares, sharesOf(zeros.edges, [1, 1]))).toBeGreaterThan(PSI_BOUNDS.large);
  });

  it('holds a feature that is always missing', () => {
    const none = histogramOf([Number.NaN, Number.NaN]);
    expect(none).toEqual({ edges: [], shares: [0, 1] });
    expect(psi(none.shares, sharesOf(none.edges, [1]))).toBeGreaterThan(PSI_BOUNDS.large);
    expect(() => histogramOf([])).toThrow(/at least one value/);
  });
});

describe('psi', () => {
  const shares = fc
    .array(fc.integer({ min: 1, max: 1000 }), { minLength: 5, maxLength: 5 })
    .map((counts) => counts.map((count) => count / sum(counts)));

  it('is 0 for equal shares and above 0 for any others', () => {
    fc.assert(
      fc.property(shares, shares, (a, b) => {
        expect(psi(a, a)).toBe(0);
        const differs = a.some(
          (share, i) => Math.max(share, PSI_BOUNDS.shareFloor) !== Math.max(b[i]!, PSI_BOUNDS.shareFloor),
        );
        if (differs) expect(psi(a, b)).toBeGreaterThan(0);
        expect(psi(a, b)).toBeCloseTo(psi(b, a), 12);
      }),
    );
  });

  it('agrees with a calculation by hand and stays finite for empty bins', () => {
    expect(psi([0.5, 0.5], [0.25, 0.75])).toBeCloseTo(0.25 * Math.log(2) + 0.25 * Math.log(1.5), 12);
    expect(Number.isFinite(psi([1, 0], [0, 1]))).toBe(true);
    expect(() => psi([1], [0.5, 0.5])).toThrow(/1 and 2 bins/);
  });
});

describe('driftReport', () => {
  const random = createRandom(4);
  const column = (n: number, draw: () => number) => Float64Array.from({ length: n }, draw);
  const histograms = {
    sqft: histogramOf(column(5000, () => 1000 + 2000 * random.unit())),
    age: histogramOf(column(5000, () => 50 * random.unit())),
    beds: histogramOf(column(5000, () => 2 + random.below(4))),
  };
  const names = ['sqft', 'age', 'beds'];
  const rows = (n: number, shift: number, slight = 0) =>
    Array.from({ length: n }, () => [
      1000 + 2000 * random.unit() + shift,
      50 * random.unit() + slight,
      2 + random.below(4),
    ]);

  it('finds what has moved, the largest first', () => {
    const report = driftReport(histograms, names, rows(3000, 700, 8));
    expect(report.map(({ feature, level }) => [feature, level])).toEqual([
      ['sqft', 'large'],
      ['age', 'large'],
      ['beds', 'stable'],
    ]);
    expect(driftReport(histograms, names, rows(3000, 0, 3.5)).find(({ feature }) => feature === 'age')?.level).toBe(
      'moderate',
    );
  });

  it('does not take the scatter of few rows for drift, but sees a jump in them', () => {
    let alarms = 0;
    for (let k = 0; k < 40; k += 1)
      alarms += driftReport(histograms, names, rows(30, 0)).filter(({ level }) => level !== 'stable').length;
    // One in twenty of 120, and some for bins that stay empty.
    expect(alarms).toBeLessThan(30);
    expect(driftReport(histograms, names, rows(30, 1500))[0]).toMatchObject({ feature: 'sqft', level: 'large' });
  });

  it('refuses no rows, and a feature the training did not count', () => {
    expect(() => driftReport(histograms, names, [])).toThrow(/none yet/);
    expect(() => driftReport(histograms, ['baths'], [[1]])).toThrow(/"baths"/);
  });
});
