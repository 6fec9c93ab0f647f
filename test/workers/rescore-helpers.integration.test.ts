import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRescoreActivities } from '../../src/activities/score/rescore.ts';
import { computeScore } from '../../src/activities/score/score.ts';
import { readProperty } from '../../src/db/queries/properties.ts';
import { latestScore } from '../../src/db/queries/scores.ts';
import { scoreDocuments } from '../../src/domain/scoring/documents.ts';
import { createRescoreHelpers } from '../../src/workers/rescore-helpers.ts';
import { benchDeps, runActivity } from '../activities/platform/bench.ts';
import { asTenant, ingest, KING, sale } from '../db/queries/records.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const HOUSES = 40;
let t: TestDatabase;
let helpers: ReturnType<typeof createRescoreHelpers>;
const home = mkdtempSync(join(tmpdir(), 'reos helpers '));

beforeAll(async () => {
  t = await createTestDatabase();
  const sold = Array.from({ length: HOUSES }, (_, n) =>
    sale(String(5_000_000_000 + n), `2026-0${1 + (n % 5)}-10`, 500_000 + n * 3_000, {
      Latitude: 47.6 + (n % 8) * 0.003,
      Longitude: -122.3 + Math.floor(n / 8) * 0.003,
      LivingArea: 1_500 + n * 10,
    }),
  );
  await ingest(t, sold);
  await t.query(`update properties set status = 'enriched'`);
  const settings = { home, env: process.env, s3: undefined, secretKey: undefined, logLevel: 'silent' };
  helpers = createRescoreHelpers({ ...settings, databaseUrl: t.url }, { processes: 2 });
});
afterAll(async () => {
  await helpers?.close();
  await t?.close();
  rmSync(home, { recursive: true, force: true });
});

const connections = async () =>
  (
    await t.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where application_name = 'reos rescore' and datname = current_database()`,
    )
  )[0]?.n;

describe('processes that score again beside this one', () => {
  test('give each property the score that it would get alone, and write it once', async () => {
    const deps = { ...benchDeps(t), rescoreHelpers: helpers };
    const run = { tenantId: t.tenantId, dagId: 'score_master', dagRunId: 'helped', mode: 'all' as const };
    const slice = { ...run, countyFips: KING, after: null, limit: 5_000, total: 2_000, done: 0 };
    const { rescoreSlice } = createRescoreActivities(deps);
    expect(await runActivity(rescoreSlice, slice)).toMatchObject({ scored: HOUSES, changed: HOUSES, isLast: true });
    expect(await connections()).toBeGreaterThan(0);
    const rows = await t.query<{ property_id: string }>('select property_id from property_scores');
    expect(rows).toHaveLength(HOUSES);
    for (const { property_id: id } of rows) {
      const alone = await asTenant(t, async (trx) => computeScore(deps, trx, await readProperty(trx, id)));
      const { components, reasons } = scoreDocuments(alone.result, alone.comparables);
      expect(await asTenant(t, (trx) => latestScore(trx, id))).toMatchObject({
        inputsHash: alone.inputsHash,
        birdDogScore: alone.result.birdDogScore,
        scoreComponents: JSON.parse(components),
        reasons: JSON.parse(reasons),
      });
    }
    expect(await runActivity(rescoreSlice, slice)).toMatchObject({ scored: HOUSES, changed: 0 });
    expect(await t.query(`select 1 from event_log where event_type = 'property.scored'`)).toHaveLength(HOUSES);
  });

  test('carry an error over with its code and words', async () => {
    const batch = { tenantId: t.tenantId, dagRunId: 'x', countyFips: '99999', asOf: '2026-07-01', ids: [] };
    await expect(helpers.run(benchDeps(t), batch)).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('99999'),
    });
  });

  test('end when they are closed, and are started anew when there is work', async () => {
    await helpers.close();
    await expect.poll(connections).toBe(0);
    const [house] = await t.query<{ id: string }>('select id from properties limit 1');
    const batch = {
      tenantId: t.tenantId,
      dagRunId: 'y',
      countyFips: KING,
      asOf: '2026-07-01',
      ids: [house!.id],
    };
    expect(await helpers.run(benchDeps(t), batch)).toBeGreaterThanOrEqual(0);
    expect(await connections()).toBeGreaterThan(0);
  });
});
