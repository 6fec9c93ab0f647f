import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { discover } from '../../../src/activities/discover/registry.ts';
import { recipes, sharedData, testDeps } from './support.ts';

describe('real csv files as a whole', () => {
  it.skipIf(!existsSync(sharedData)).each([
    ['king-county/king-county-sales.csv', 18_736, 18_730],
    ['nyc/rollingsales_brooklyn.csv', 23_006, 22_900],
    ['ames/AmesHousing.csv', 2_930, 2_930],
  ])('reads every row of the real %s (needs ../shared/data)', async (file, rows, atLeast) => {
    let records = 0;
    let quarantined = 0;
    for await (const item of discover(testDeps(), 'csv_file', { path: join(sharedData, file), recipes })) {
      if (item.type === 'record') records += 1;
      if (item.type === 'quarantined') quarantined += 1;
    }
    expect(records + quarantined).toBe(rows);
    expect(records).toBeGreaterThanOrEqual(atLeast);
  });
});
