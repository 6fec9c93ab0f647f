import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkStandard } from '../../../src/domain/valuation/ratio-standard.ts';
import {
  ratioStatistics,
  ratioStatisticsInOrder,
  ratioStudy,
  ratioStudyTrimmed,
} from '../../../src/domain/valuation/ratio-study.ts';

/** Ratios 0.5, 1, 1.5, 1 on prices 100, 200, 100, 400. */
const VALUES = [50, 200, 150, 400];
const PRICES = [100, 200, 100, 400];

const sale = fc.record({
  price: fc.double({ min: 1e4, max: 1e7, noNaN: true }),
  ratio: fc.double({ min: 0.3, max: 3, noNaN: true }),
});
const sales = fc.array(sale, { minLength: 8, maxLength: 60 });
const columns = (rows: ReadonlyArray<{ price: number; ratio: number }>) => ({
  values: rows.map(({ price, ratio }) => price * ratio),
  prices: rows.map(({ price }) => price),
});

describe('ratioStatistics', () => {
  it('agrees with a calculation by hand', () => {
    const found = ratioStatistics(VALUES, PRICES);
    expect(found.count).toBe(4);
    expect(found.median_ratio).toBe(1);
    expect(found.mean_ratio).toBe(1);
    // 800 / 800
    expect(found.weighted_mean).toBe(1);
    // Distances 0.5, 0, 0.5, 0.
    expect(found.cod).toBe(25);
    expect(found.prd).toBe(1);
    // x = log2 of 75, 200, 125, 400; y = −0.5, 0, 0.5, 0: slope by hand.
    const x = [75, 200, 125, 400].map(Math.log2);
    const mean = x.reduce((a, b) => a + b) / 4;
    const spread = x.reduce((sum, one) => sum + (one - mean) ** 2, 0);
    expect(found.prb).toBeCloseTo((0.5 * (x[2]! - x[0]!)) / spread, 12);
  });

  it('shows regressive values in PRD above 1 and PRB below 0', () => {
    const prices = Array.from({ length: 20 }, (_, i) => 100_000 * (i + 1));
    const found = ratioStatistics(
      prices.map((price) => price ** 0.8 * 15),
      prices,
    );
    expect(found.prd).toBeGreaterThan(1.03);
    expect(found.prb).toBeLessThan(-0.05);
  });

  it('is the same in any order of the rows and any currency', () => {
    fc.assert(
      fc.property(sales, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), fc.nat(), (rows, factor, turn) => {
        const { values, prices } = columns(rows);
        const found = ratioStatistics(values, prices);
        const at = turn % rows.length;
        const turned = columns([...rows.slice(at), ...rows.slice(0, at)].reverse());
        expect(ratioStatistics(turned.values, turned.prices)).toEqual(found);
        const unsorted = ratioStatisticsInOrder(turned.values, turned.prices);
        for (const name of ['median_ratio', 'mean_ratio', 'weighted_mean', 'cod', 'prd'] as const)
          expect(unsorted[name]).toBeCloseTo(found[name], 10);
        const scaled = ratioStatistics(
          values.map((v) => v * factor),
          prices.map((p) => p * factor),
        );
        for (const name of ['median_ratio', 'mean_ratio', 'weighted_mean', 'cod', 'prd'] as const)
          expect(scaled[name]).toBeCloseTo(found[name], 8);
        if (!Number.isNaN(found.prb)) expect(scaled.prb).toBeCloseTo(found.prb, 5);
      }),
      { numRuns: 60 },
    );
  });

  it('scales the level alone when values alone are scaled', () => {
    fc.assert(
      fc.property(sales, (rows) => {
        const { values, prices } = columns(rows);
        const found = ratioStatistics(values, prices);
        const doubled = ratioStatistics(
          values.map((v) => 2 * v),
          prices,
        );
        expect(doubled.median_ratio).toBeCloseTo(2 * found.median_ratio, 10);
        expect(doubled.cod).toBeCloseTo(found.cod, 8);
        expect(doubled.prd).toBeCloseTo(found.prd, 10);
      }),
      { numRuns: 60 },
    );
  });

  it('says that PRB is unknown when all houses are worth the same', () => {
    expect(ratioStatistics([100, 100], [100, 100]).prb).toBeNaN();
    expect(ratioStatistics([90], [100])).toMatchObject({ count: 1, median_ratio: 0.9, cod: 0, prd: 1 });
  });

  it.each([
    [[], []],
    [[1], [1, 2]],
    [[1], [0]],
    [[1], [-5]],
    [[Number.NaN], [1]],
    [[1], [Number.POSITIVE_INFINITY]],
    [
      [0, 0, 5],
      [1, 1, 1],
    ],
  ])('refuses values %j with prices %j', (values, prices) => {
    expect(() => ratioStatistics(values, prices)).toThrow(/ratio/i);
  });
});

describe('ratioStudy', () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({ price: 1e5 + 3e3 * i, ratio: 0.8 + ((i * 37) % 100) / 250 }));
  const { values, prices } = columns(rows);

  it('gives intervals that hold the estimate, the same for a seed', () => {
    const study = ratioStudy(values, prices, { resamples: 300 });
    for (const [name, { low, high }] of Object.entries(study.intervals)) {
      const value = study[name as 'cod'];
      expect(low, name).toBeLessThanOrEqual(value);
      expect(high, name).toBeGreaterThanOrEqual(value);
      expect(high, name).toBeGreaterThan(low);
    }
    expect(ratioStudy(values, prices, { resamples: 300 })).toEqual(study);
    expect(ratioStudy([...values].reverse(), [...prices].reverse(), { resamples: 300 })).toEqual(study);
    expect(ratioStudy(values, prices, { resamples: 300, seed: 8 }).intervals).not.toEqual(study.intervals);
  });

  it('widens with the confidence that is asked for', () => {
    const narrow = ratioStudy(values, prices, { resamples: 300, confidence: 0.8 }).intervals.cod;
    const wide = ratioStudy(values, prices, { resamples: 300, confidence: 0.99 }).intervals.cod;
    expect(wide.low).toBeLessThan(narrow.low);
    expect(wide.high).toBeGreaterThan(narrow.high);
  });

  it('trims ratios beyond three times the distance of the quartiles, and counts them', () => {
    const study = ratioStudyTrimmed([...values, 2e6, 45e3], [...prices, 1e5, 1e5], { resamples: 50 });
    expect(study.trimmed).toBe(1);
    expect(study.count).toBe(201);
    expect(
      ratioStudyTrimmed([...values, 2e6, 45e3], [...prices, 1e5, 1e5], { resamples: 50, iqrFactor: 1.5 }).trimmed,
    ).toBe(2);
    expect(ratioStudyTrimmed(values, prices, { resamples: 50 }).trimmed).toBe(0);
  });

  it('is held against the standard', () => {
    const checks = checkStandard(ratioStudy(values, prices, { resamples: 100 }));
    expect(checks.map(({ measure, met }) => [measure, met])).toEqual([
      ['median_ratio', true],
      ['cod', true],
      ['prd', true],
      ['prb', true],
    ]);
    const low = checkStandard(
      ratioStudy(
        values.map((v) => v / 2),
        prices,
        { resamples: 100 },
      ),
    );
    expect(low[0]).toMatchObject({ met: false, surelyMissed: true, meaning: 'values lie below prices' });
    const same = checkStandard(ratioStudy([100, 100], [100, 100], { resamples: 10 }));
    expect(same.find(({ measure }) => measure === 'prb')).toMatchObject({
      met: false,
      meaning: 'it cannot be measured here',
    });
  });
});

const folder = resolve(process.cwd(), '../shared/data/cook-county');

describe.skipIf(!existsSync(folder))(
  'against figures published for Cook County (needs ../shared/data/cook-county)',
  () => {
    const read = (name: string, value: number, price: number) => {
      const lines = readFileSync(resolve(folder, name), 'utf8').trim().split(/\r?\n/).slice(1);
      const rows = lines.map((line) => line.split(','));
      return {
        values: rows.map((row) => Number(row[value])),
        prices: rows.map((row) => Number(row[price])),
      };
    };

    it('the sample of the assessr package: COD 17.81457, PRD 1.048419, PRB 0.0024757', () => {
      const { values, prices } = read('assessr_ratios_sample.csv', 0, 1);
      const found = ratioStatistics(values, prices);
      expect(found.cod).toBeCloseTo(17.81457, 5);
      expect(found.prd).toBeCloseTo(1.048419, 6);
      expect(found.prb).toBeCloseTo(0.0024757, 6);
      const { intervals } = ratioStudy(values, prices, { resamples: 400 });
      // The package's own documentation shows 16.58 to 19.44 from 100 unseeded resamples.
      expect(intervals.cod.low).toBeCloseTo(16.5, 0);
      expect(intervals.cod.high).toBeCloseTo(19.3, 0);
    });
  },
);
