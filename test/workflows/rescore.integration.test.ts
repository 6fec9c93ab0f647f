import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { computeScore } from '../../src/activities/score/score.ts';
import { startRescore } from '../../src/client/rescore.ts';
import { ingestRecords } from '../../src/db/queries/ingest.ts';
import { changeOwnWeights, restoreOwnWeights } from '../../src/db/queries/own-weights.ts';
import { readProperty } from '../../src/db/queries/properties.ts';
import { readPropertyDetail } from '../../src/db/queries/property-detail.ts';
import { salesOfScore } from '../../src/db/queries/score-explanation.ts';
import { latestScore } from '../../src/db/queries/scores.ts';
import { findScore } from '../../src/db/queries/stats-scores.ts';
import { listTopScores } from '../../src/db/queries/top-scores.ts';
import { type TenantTrx, withTenant } from '../../src/db/tenant.ts';
import { scoreDocuments } from '../../src/domain/scoring/documents.ts';
import type { RescoreProgress } from '../../src/workflows/rescore.ts';
import { JOB, KING, listing, sale } from '../db/queries/records.ts';
import { keepWorkflowHistory } from '../support/histories.ts';
import { createWorld, type World } from '../support/lifecycle-world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  const sold = Array.from({ length: 60 }, (_, n) =>
    sale(String(4_000_000_000 + n), `2026-0${1 + (n % 9)}-10`, 500_000 + n * 3_000, {
      Latitude: 47.6 + (n % 8) * 0.003,
      Longitude: -122.3 + Math.floor(n / 8) * 0.003,
      LivingArea: 1_500 + n * 10,
      YearBuilt: 1950 + n,
      PostalCode: '98115',
    }),
  );
  const offer = listing('offer', {
    UnparsedAddress: '7 Fir St',
    PostalCode: '98115',
    Latitude: 47.61,
    Longitude: -122.29,
    LivingArea: 1_820,
    ListPrice: 420_000,
  });
  await withTenant(world.db, world.tenantId, (trx) => ingestRecords(trx, KING, JOB, [...sold, offer]));
  await world.query(`update properties set status = 'enriched'`);
});
afterAll(() => world?.close());

const rescore = async (mode: 'all' | 'outdated' = 'all') => {
  const seen: RescoreProgress[] = [];
  const input = { tenantId: world.tenantId, mode, dagId: 'score_master' };
  const started = await startRescore(world.temporal.client, input);
  return { ...started, seen, end: await started.wait((now) => seen.push(now)) };
};
const rows = () =>
  world.query<{
    property_id: string;
    bird_dog_score: number;
    inputs_hash: string;
    weights_version: string;
    inputs: Buffer | null;
  }>('select distinct on (property_id) * from property_scores order by property_id, scored_at desc');
const count = async (from: string) =>
  (await world.query<{ n: number }>(`select count(*)::int as n from ${from}`))[0]!.n;

describe('scoring everything again', () => {
  test('gives each property the score that it would get alone, with row, event and status', async () => {
    const { end, seen, workflowId } = await rescore();
    expect(end).toEqual({ total: 61, done: 61, changed: 61, countyFips: null });
    expect(seen.at(-1)).toEqual(end);
    await keepWorkflowHistory(world, workflowId, 'rescore-all');
    for (const row of await rows()) {
      const alone = await withTenant(world.db, world.tenantId, async (trx) =>
        computeScore(world.deps, trx, await readProperty(trx, row.property_id)),
      );
      expect(row.inputs_hash).toBe(alone.inputsHash);
      expect(row.bird_dog_score).toBe(alone.result.birdDogScore);
    }
    expect(await count(`event_log where event_type = 'property.scored'`)).toBe(61);
    expect(await count(`properties where status = 'scored' and bird_dog_score is not null`)).toBe(61);
    expect(await count(`pipeline_runs where dag_id = 'score_master' and status = 'success' and tasks_total = 61`)).toBe(
      1,
    );
    expect(await count('scoring_weights')).toBe(1);
  });

  test('explains each score as it would be alone, worked out when somebody asks, whatever has changed since', async () => {
    const scored = await rows();
    const { memo } = world.deps.scoring.thresholds;
    const isGood = ({ bird_dog_score: score }: (typeof scored)[number]) => score >= memo;
    expect(new Set(scored.map(isGood))).toEqual(new Set([true, false]));
    expect(scored.every(({ inputs }) => inputs !== null)).toBe(true);
    await withTenant(world.db, world.tenantId, async (trx) => {
      for (const { property_id: id } of scored) {
        const alone = await computeScore(world.deps, trx, await readProperty(trx, id));
        await sql`savepoint before`.execute(trx.db);
        await sql`update properties set list_price_cents = 1, owner_name = 'x' where id = ${id}::uuid`.execute(trx.db);
        const told = await latestScore(trx, id);
        const written = scoreDocuments(alone.result, alone.comparables);
        expect(told).not.toHaveProperty('inputs');
        expect(told!.scoreComponents).toEqual(JSON.parse(written.components));
        expect(told!.reasons).toEqual(JSON.parse(written.reasons));
        expect(told!.featuresUsed).toEqual(JSON.parse(written.features));
        expect(await salesOfScore(trx, told!.id)).toEqual(JSON.parse(written.comparables));
        const { score } = (await readPropertyDetail(trx, id))!;
        expect(score).toEqual(
          Object.fromEntries(Object.keys(score!).map((key) => [key, told![key as keyof typeof told]])),
        );
        expect(await findScore(trx, told!.id)).toMatchObject({
          reasons: told!.reasons,
          scoreComponents: told!.scoreComponents,
        });
        await sql`rollback to before`.execute(trx.db);
      }
      for (const { propertyId, components } of await listTopScores(trx, { countyFips: undefined, limit: 61 })) {
        expect(components).toEqual((await latestScore(trx, propertyId))!.scoreComponents);
      }
    });
  });

  test('writes nothing new for the same inputs, and finds nothing outdated', async () => {
    expect((await rescore()).end).toMatchObject({ done: 61, changed: 0 });
    expect((await rescore('outdated')).end).toMatchObject({ total: 0, done: 0 });
    expect(await count('property_scores')).toBe(61);
  });

  test('finds what is outdated: other weights, new facts; a status never goes back', async () => {
    const before = world.deps.scoring;
    await world.query(`update properties set status = 'contacted' where list_price_cents is not null`);
    await world.query(`update properties set rescore_requested_at = now() where list_price_cents is not null`);
    expect((await rescore('outdated')).end).toMatchObject({ total: 1, done: 1 });
    world.deps.scoring = { ...before, version: '2030.1.1' };
    await world.stopWorkers();
    await world.startWorkers();
    expect((await rescore('outdated')).end).toMatchObject({ total: 61, done: 61, changed: 61 });
    expect(new Set((await rows()).map((row) => row.weights_version))).toEqual(new Set(['2030.1.1']));
    expect(await count(`properties where status = 'contacted'`)).toBe(1);
  });

  test('scores by the weights that the tenant has set, in the run as alone, and by the configured ones again', async () => {
    const inTenant = <T>(work: (trx: TenantTrx) => Promise<T>) => withTenant(world.db, world.tenantId, work);
    const order = { basedOn: null, note: null, madeBy: 'test' };
    const { scoring } = world.deps;
    const own = await inTenant((trx) => changeOwnWeights(trx, scoring, { flip_roi: 0.6, flood_risk: 0 }, order));
    expect(own.version).toBe('2030.1.1-own.1');
    const before = await rows();
    expect((await rescore('outdated')).end).toMatchObject({ total: 61, done: 61, changed: 61 });
    const after = await rows();
    expect(new Set(after.map((row) => row.weights_version))).toEqual(new Set([own.version]));
    expect(after.map((row) => row.bird_dog_score)).not.toEqual(before.map((row) => row.bird_dog_score));
    for (const row of after.slice(0, 5)) {
      const alone = await inTenant(async (trx) =>
        computeScore(world.deps, trx, await readProperty(trx, row.property_id)),
      );
      expect(row.inputs_hash).toBe(alone.inputsHash);
    }
    expect((await rescore('outdated')).end).toMatchObject({ total: 0 });
    await inTenant((trx) => restoreOwnWeights(trx, scoring, 0, order));
    expect((await rescore('outdated')).end).toMatchObject({ total: 61, changed: 61 });
    expect((await rows()).map((row) => row.bird_dog_score)).toEqual(before.map((row) => row.bird_dog_score));
    expect(new Set((await rows()).map((row) => row.weights_version))).toEqual(new Set(['2030.1.1']));
  });

  test('refuses a version that was used with other content, and says what to do', async () => {
    world.deps.scoring = { ...world.deps.scoring, thresholds: { memo: 1, outreach: 2 } };
    await world.stopWorkers();
    await world.startWorkers();
    await expect(rescore()).rejects.toThrow(/2030\.1\.1 were used before with other content\. Raise 'version'/);
    expect(await count(`pipeline_runs where status = 'failed' and detail like '%Raise%'`)).toBe(1);
  });
});
