import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDiscoverActivities } from '../../src/activities/discover/discover.ts';
import { createEnrichActivities } from '../../src/activities/enrich/enrich.ts';
import { createScoreActivities } from '../../src/activities/score/score.ts';
import { chooseRows } from '../../src/demo/choose-rows.ts';
import { generateSample } from '../../src/demo/sample.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator/server.ts';
import { benchDeps, recipes, runActivity } from '../activities/platform/bench.ts';
import { properties } from '../db/queries/records.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let t: TestDatabase;
let simulator: Simulator;
beforeAll(async () => {
  t = await createTestDatabase();
  simulator = await startSimulator();
});
afterAll(async () => {
  await simulator.stop();
  await t.close();
});

describe('the bundled sample', () => {
  it('takes at least 20 of 300 honestly scored houses to a memo and 10 to an investor', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sample-'));
    const file = join(folder, 'sales.csv');
    writeFileSync(file, generateSample());
    const { path } = await chooseRows({ file, count: 300, seed: 7, folder, countyFips: '53033', recipes });
    const deps = benchDeps(t, { providerBaseUrls: simulator.baseUrls });
    const { tenantId } = t;
    const selection = { kind: 'csv_file' as const, path, displayName: 'sales.csv' };
    const input = { tenantId, county: 'king-wa', selection, dagId: 'demo', dagRunId: '1' };
    await runActivity(createDiscoverActivities(deps).discoverSource, input);
    const ids = (await properties(t)).map(({ id }) => id);
    expect(ids).toHaveLength(300);
    for (let at = 0; at < ids.length; at += 8) {
      await Promise.all(
        ids.slice(at, at + 8).map(async (propertyId) => {
          await runActivity(createEnrichActivities(deps).enrichProperty, { tenantId, propertyId });
          await runActivity(createScoreActivities(deps).scoreProperty, { tenantId, propertyId });
        }),
      );
    }
    const scored = await properties(t);
    const above = (limit: number) => scored.filter((row) => Number(row.bird_dog_score) >= limit).length;
    process.stderr.write(`sample: ${above(50)} of 300 score 50 or more, ${above(60)} score 60 or more\n`);
    expect(above(50)).toBeGreaterThanOrEqual(20);
    expect(above(60)).toBeGreaterThanOrEqual(10);
    // Honest: a sample in which everything is a bargain would prove nothing.
    expect(above(50)).toBeLessThan(200);
  });
});
