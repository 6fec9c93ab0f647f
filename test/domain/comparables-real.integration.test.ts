import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluate, nearestSales, readSales } from '../../bench/comparables.ts';
import { scoreSample } from '../../bench/score-distribution.ts';

const path = resolve('../shared/data/king-county/king-county-sales.csv');
const absent = existsSync(path) ? '' : ' (skipped: ../shared/data/king-county is not here)';

describe.skipIf(absent !== '')(`real King County sales${absent}`, () => {
  it('values later sales from earlier ones within 12% at the median, and knows when it is unsure', () => {
    const sales = readSales(path).filter((sale) => sale.sqft > 0 && sale.closePriceCents > 0);
    const nearest = nearestSales(sales.filter((sale) => sale.closeDate < '2015-02-01'));
    const subjects = sales.filter((sale) => sale.closeDate >= '2015-02-01').filter((_, i) => i % 15 === 0);
    const cases = subjects.map((subject) => ({ subject, near: nearest(subject) }));
    const result = evaluate(cases, (sale) => sale.closeDate, 0.05);
    expect(result.none).toBe(0);
    expect(result.medianError).toBeLessThan(0.12);
    expect(result.within20).toBeGreaterThan(0.75);
    expect(result.covered).toBeGreaterThan(0.7);
    expect(result.errorByConfidenceThird[0]).toBeGreaterThan(result.errorByConfidenceThird[2]!);
  });

  it('takes some off-market parcels past the thresholds and leaves most below', () => {
    const scores = scoreSample(path, 7, 200, true).map((result) => result.birdDogScore);
    const share = (from: number) => scores.filter((score) => score >= from).length / scores.length;
    expect(share(50)).toBeGreaterThan(0.1);
    expect(share(50)).toBeLessThan(0.32);
    expect(share(60)).toBeGreaterThan(0.03);
    expect(share(60)).toBeLessThan(0.18);
  });
});
