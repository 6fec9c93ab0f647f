import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ratioStudy, ratioStudyTrimmed } from '../../../src/domain/valuation/ratio-study.ts';

const path = resolve(process.cwd(), '../shared/data/cook-county/cook_sales_assessments_2019.csv');

describe.skipIf(!existsSync(path))('sales of Cook County in 2019 (needs ../shared/data/cook-county)', () => {
  const rows = () =>
    readFileSync(path, 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(','));

  it('have a median ratio of 0.93, COD 40.43, PRD 1.214 and PRB −0.210, as numpy computes them', () => {
    const sold = rows().filter((row) => Number(row[3]) > 0);
    const values = sold.map((row) => Number(row[3]));
    const prices = sold.map((row) => Number(row[2]));
    const start = performance.now();
    const study = ratioStudy(values, prices, { resamples: 200 });
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(study.count).toBe(68_473);
    expect(study.median_ratio).toBe(0.9260625);
    expect(study.cod).toBeCloseTo(40.42803243, 7);
    expect(study.prd).toBeCloseTo(1.21444169, 7);
    expect(study.prb).toBeCloseTo(-0.21039079, 7);
    const trimmed = ratioStudyTrimmed(values, prices, { resamples: 20 });
    expect(trimmed.cod).toBeLessThan(study.cod);
    expect(trimmed.trimmed + trimmed.count).toBe(study.count);
  });
});
