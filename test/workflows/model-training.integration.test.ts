import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decideOnModel } from '../../src/activities/platform/model-decision.ts';
import { salesOfCounty } from '../../src/activities/platform/sales-of-county.ts';
import { ingestRecords } from '../../src/db/queries/ingest.ts';
import { findModel, listModels } from '../../src/db/queries/models.ts';
import { withTenant } from '../../src/db/tenant.ts';
import { ReosError } from '../../src/domain/errors.ts';
import { TASK_QUEUES } from '../../src/domain/task-queues.ts';
import { decidePromotion } from '../../src/domain/valuation/promotion.ts';
import { createAvmRoom } from '../../src/workers/avm.ts';
import type { modelTraining } from '../../src/workflows/model-training.ts';
import { JOB, KING, sale } from '../db/queries/records.ts';
import { generateSales } from '../support/generated-sales.ts';
import { keepWorkflowHistory } from '../support/histories.ts';
import { createWorld, type World } from '../support/lifecycle-world.ts';

let world: World;
/** Trains in a child process, as a worker does, with the library that all integration tests share. */
const room = createAvmRoom(
  { home: process.env.REOS_TEST_HOME ?? join(homedir(), '.reos'), env: process.env },
  { isolated: true },
);

beforeAll(async () => {
  world = await createWorld();
  await addSales({ count: 1_010, seed: 11, from: '2024-01-01', days: 900, firstParcel: 4_000_000_000 });
});
afterAll(() => world?.close());

async function addSales(how: { count: number; seed: number; from: string; days: number; firstParcel: number }) {
  const records = generateSales(how.count, how).map((house) =>
    sale(house.parcel, house.day, house.price, {
      Latitude: house.latitude,
      Longitude: house.longitude,
      PostalCode: house.zip,
      LivingArea: house.sqft,
      LotSizeSquareFeet: house.lotSqft,
      BedroomsTotal: house.bedrooms,
      BathroomsTotalDecimal: house.bathrooms,
      YearBuilt: house.yearBuilt,
      ConstructionGrade: String(house.grade),
    }),
  );
  await withTenant(world.db, world.tenantId, (trx) => ingestRecords(trx, KING, JOB, records));
}

/** Workers take their parts when they are made. */
async function workWith(avm: typeof room) {
  await world.stopWorkers();
  world.deps.avm = avm;
  await world.startWorkers();
}

const start = (workflowId: string) =>
  world.temporal.client.workflow.start<typeof modelTraining>('modelTraining', {
    workflowId,
    taskQueue: TASK_QUEUES.core,
    args: [{ dagId: 'model_training', trials: 1 }],
  });
const models = () => withTenant(world.db, world.tenantId, (trx) => listModels(trx, { market: 'king-wa' }));
const runs = () =>
  world.query<{ status: string; tasks_total: number; detail: string | null }>(
    `select status, tasks_total, detail from pipeline_runs where dag_id = 'model_training' order by execution_date`,
  );

describe('monthly training', () => {
  test('says why a market could not be trained, and enters nothing', async () => {
    const refuse = async () => {
      throw new ReosError('missing_part', 'There is no model library here.');
    };
    await workWith({ open: refuse, train: refuse });
    const handle = await start('model-training/refused');
    await expect(handle.result()).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/^king-wa: .*There is no model library here\./), type: 'TrainingFailed' },
    });
    expect(await models()).toEqual([]);
    expect(await runs()).toMatchObject([
      { status: 'failed', tasks_total: 1, detail: expect.stringContaining('king-wa') },
    ]);
  });

  test('trains in a process of its own, again when that process dies, and decides by the rule', async () => {
    let attempts = 0;
    await workWith({
      open: room.open,
      train: async (data, options) => {
        attempts += 1;
        return attempts === 1 ? whereTrainingDies(() => room.train(data, options)) : room.train(data, options);
      },
    });
    const handle = await start('model-training/first');
    const { trained } = await handle.result();
    expect(attempts).toBe(2);
    const { events } = await handle.fetchHistory();
    const again = events?.find(({ activityTaskStartedEventAttributes: started }) => started?.attempt === 2);
    expect(again?.activityTaskStartedEventAttributes?.lastFailure?.message).toMatch(
      /process ended early \(exit code 3\)/,
    );
    await keepWorkflowHistory(world, 'model-training/first', 'model-training');

    const [row] = await models();
    const model = await withTenant(world.db, world.tenantId, (trx) => findModel(trx, row!.id));
    const { promote, statement } = decidePromotion(
      { kind: 'first', metrics: model.metrics, baselines: model.baselines },
      { seed: model.seed },
    );
    expect(trained).toEqual([
      { market: 'king-wa', version: model.version, stage: promote ? 'champion' : 'candidate', statement },
    ]);
    expect(model).toMatchObject({ stage: trained[0]!.stage, dataRows: 1_010 });
    expect(Object.keys(model.baselines)).toHaveLength(3);
    expect(model.metrics.mdape).toBeLessThan(0.08);
    expect((await world.deps.storage.get(model.artifactPath))?.byteLength).toBe(model.artifactBytes);
    expect(await runs()).toMatchObject([{ status: 'failed' }, { status: 'success', tasks_total: 1 }]);
    if (!promote) {
      const deps = { db: world.db, storage: world.deps.storage, avm: room };
      await decideOnModel(deps, world.tenantId, model.id, { source: 'test', forceReason: 'The next test needs one.' });
    }
  });

  test('finds nothing to do without new sales; later ones make a challenger', async () => {
    await workWith(room);
    expect(await (await start('model-training/idle')).result()).toEqual({ trained: [] });

    await addSales({ count: 250, seed: 12, from: '2026-06-25', days: 100, firstParcel: 5_000_000_000 });
    const { trained } = await (await start('model-training/second')).result();
    const [champion] = await withTenant(world.db, world.tenantId, (trx) => listModels(trx, { stage: 'champion' }));
    const challenger = (await models()).find(({ version }) => version === trained[0]!.version)!;
    expect(await models()).toHaveLength(2);
    expect(challenger.dataRows).toBe(1_260);
    expect(challenger.dataTo! > '2026-06-25').toBe(true);
    // Only sales that the champion had not seen decide.
    expect(trained[0]!.statement).toMatch(/on 1[0-9]{2} sales/);
    expect(challenger.decision).toContain(trained[0]!.statement);
    const { stage } = trained[0]!;
    expect(['champion', 'shadow', 'candidate']).toContain(stage);
    expect(challenger).toMatchObject(
      stage === 'shadow' ? { stage: 'candidate', isShadow: true } : { stage, isShadow: false },
    );
    expect(champion!.id === challenger.id).toBe(stage === 'champion');
    const { sales } = await withTenant(world.db, world.tenantId, (trx) => salesOfCounty(trx, { fips: KING }));
    expect(sales).toHaveLength(1_260);
  });
});

/** Runs the training where every process of its kind ends at once with exit code 3. */
async function whereTrainingDies<T>(train: () => Promise<T>): Promise<T> {
  const before = process.env.NODE_OPTIONS;
  const death = "if (process.argv[1]?.includes('train-process')) process.exit(3)";
  process.env.NODE_OPTIONS = `${before ?? ''} --import=data:text/javascript,${encodeURIComponent(death)}`;
  try {
    return await train();
  } finally {
    if (before === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = before;
  }
}
