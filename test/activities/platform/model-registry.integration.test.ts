import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decideOnModel } from '../../../src/activities/platform/model-decision.ts';
import { measureDrift, recordDrift } from '../../../src/activities/platform/model-drift.ts';
import { loadArtifact, saveTrainedModel } from '../../../src/activities/platform/model-store.ts';
import { salesOfCounty } from '../../../src/activities/platform/sales-of-county.ts';
import { createTrainingActivities } from '../../../src/activities/platform/train-model.ts';
import { retireModel, rollBackChampion, setShadow } from '../../../src/db/queries/model-stages.ts';
import { findModel, listModels, servingModels } from '../../../src/db/queries/models.ts';
import { ReosError } from '../../../src/domain/errors.ts';
import type { SaleRecord } from '../../../src/domain/valuation/sale-record.ts';
import { asTenant, ingest, KING, newTenant, sale } from '../../db/queries/records.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { type PlainModel, plainRoom, plainTraining } from '../../support/fake-avm.ts';
import { benchDeps, runActivity } from './bench.ts';

let home: TestDatabase;
let t: TestDatabase;
beforeAll(async () => {
  home = await createTestDatabase();
});
afterAll(() => home.close());
beforeEach(async () => {
  t = await newTenant(home);
});

const model = (version: string, more: Partial<PlainModel> = {}): PlainModel => ({
  version,
  market: 'king-wa',
  perSqft: 300,
  newestSale: '2025-06-30',
  ...more,
});
const decision = { statement: 'a test says so', source: 'test' };

/** Sales after the models' newest one, of houses worth 300 dollars a square foot, give or take 1%. */
const laterSales = (n = 150): SaleRecord[] =>
  Array.from({ length: n }, (_, at) => ({
    row: at + 1,
    closeDate: `2025-07-${String(1 + (at % 28)).padStart(2, '0')}`,
    closePrice: (1_000 + at * 10) * 300 * (1 + ((at % 3) - 1) / 100),
    parcel: null,
    facts: { sqft: 1_000 + at * 10 } as SaleRecord['facts'],
    extras: {},
  }));

function registry(database: TestDatabase) {
  const deps = { ...benchDeps(database), avm: plainRoom() };
  const save = async (plain: PlainModel, more: Parameters<typeof plainTraining>[1] = {}) =>
    (await saveTrainedModel(deps, database.tenantId, plainTraining(plain, more))).row;
  const decide = (id: string, more: Partial<Parameters<typeof decideOnModel>[3]> = {}) =>
    decideOnModel(deps, database.tenantId, id, { source: 'test', ...more });
  const stages = async () =>
    Object.fromEntries(
      (await asTenant(database, (trx) => listModels(trx))).map(({ version, stage }) => [version, stage]),
    );
  return { deps, save, decide, stages };
}

describe('the registry', () => {
  it('keeps a model with its bytes, once, and never loses one whose version is taken', async () => {
    const { deps, save } = registry(t);
    const row = await save(model('v1'));
    expect(row).toMatchObject({ stage: 'candidate', version: 'v1', market: 'king-wa', dataRows: 1_000 });
    expect(await loadArtifact(deps.storage, row)).toEqual(plainTraining(model('v1')).artifact);
    expect((await saveTrainedModel(deps, t.tenantId, plainTraining(model('v1')))).isNew).toBe(false);
    const other = await save(model('v1', { perSqft: 301 }));
    expect(other.version).toMatch(/^v1-[0-9a-f]{8}$/);
    const detail = await asTenant(t, (trx) => findModel(trx, row.id.slice(0, 13)));
    expect(detail).toMatchObject({ featureNames: ['sqft', 'year_built'], trials: [{ chosen: true }] });
    await expect(asTenant(t, (trx) => findModel(trx, 'nothing'))).rejects.toThrow('There is no model');
  });

  it('is a tenant’s own', async () => {
    await registry(t).save(model('v1'));
    expect(await asTenant(await newTenant(home), (trx) => listModels(trx))).toEqual([]);
  });

  it('promotes the first model that beats its baselines, and only such a one', async () => {
    const { save, decide, stages } = registry(t);
    const weak = await save(model('weak'), { baseline: 0.07 });
    expect(await decide(weak.id)).toMatchObject({ promote: false });
    const good = await save(model('good', { perSqft: 310 }));
    expect(await decide(good.id)).toMatchObject({ promote: true });
    expect(await stages()).toEqual({ weak: 'candidate', good: 'champion' });
    const [row] = await asTenant(t, (trx) => listModels(trx, { stage: 'candidate' }));
    expect(row?.decision).toContain('Not promoted: its median error');
    const events = await t.query<{ payload: { what: string } }>(
      `select payload from event_log where tenant_id = $1 order by position`,
      [t.tenantId],
    );
    expect(events.map(({ payload }) => payload.what)).toEqual(['model_decision', 'model_promoted']);
  });

  it('lets a challenger take over only when it wins on sales that neither knew, and rolls back in one step', async () => {
    const { save, decide, stages } = registry(t);
    const first = await save(model('first', { perSqft: 330 }));
    await decide(first.id);
    const same = await save(model('same', { perSqft: 331 }));
    expect(await decide(same.id, { sales: laterSales() })).toMatchObject({ promote: false });
    const few = await save(model('few', { perSqft: 301 }));
    expect((await decide(few.id, { sales: laterSales(60) })).statement).toContain('60 held-out sales are fewer');
    const unknown = await save(model('unknown', { perSqft: 302 }));
    expect((await decide(unknown.id)).statement).toContain('0 held-out sales');
    const better = await save(model('better'));
    const won = await decide(better.id, { sales: laterSales() });
    expect(won.promote).toBe(true);
    expect(won.difference!.high).toBeLessThan(0);
    expect(await stages()).toMatchObject({ first: 'retired', better: 'champion' });
    const back = await asTenant(t, (trx) => rollBackChampion(trx, { kind: 'avm', market: 'king-wa' }, decision));
    expect(back).toMatchObject({ version: 'first', replaced: 'better' });
    expect(await stages()).toMatchObject({ first: 'champion', better: 'retired' });
    await expect(
      asTenant(t, (trx) => rollBackChampion(trx, { kind: 'avm', market: 'king-wa' }, decision)),
    ).rejects.toThrow('there is none to return to');
  });

  it('never counts sales that the champion had learned from', async () => {
    const { save, decide } = registry(t);
    const first = await save(model('first', { perSqft: 330, newestSale: '2025-07-31' }));
    await decide(first.id);
    const better = await save(model('better'));
    const heldOut = laterSales().map(({ row, closePrice }) => ({ row, price: closePrice, value: closePrice }));
    expect((await decide(better.id, { sales: laterSales(), heldOut })).statement).toContain('0 held-out sales');
  });

  it('replaces a champion that cannot be opened any more, but not for want of the library', async () => {
    const { deps, save, decide } = registry(t);
    await decide((await save(model('old'))).id);
    const next = await save(model('next', { perSqft: 310 }));
    const open = (error: Error) =>
      decideOnModel({ ...deps, avm: { open: () => Promise.reject(error) } }, t.tenantId, next.id, {
        source: 'test',
        sales: laterSales(),
        heldOut: [],
      });
    await expect(open(new ReosError('missing_part', 'no library'))).rejects.toThrow('no library');
    const decided = await open(new ReosError('validation', 'written by older code'));
    expect(decided).toMatchObject({ promote: true });
    expect(decided.statement).toContain('the champion old cannot be opened any more');
  });

  it('obeys a person who forces it, and keeps the reason', async () => {
    const { save, decide } = registry(t);
    await decide((await save(model('first'))).id);
    const second = await save(model('second', { perSqft: 900 }));
    expect(await decide(second.id, { forceReason: 'a test of the field' })).toMatchObject({ promote: true });
    const [champion] = await asTenant(t, (trx) => listModels(trx, { stage: 'champion' }));
    expect(champion).toMatchObject({ version: 'second' });
    expect(champion?.decision).toContain('by force: a test of the field');
    await asTenant(t, (trx) => retireModel(trx, second.id, decision));
    expect(await asTenant(t, (trx) => servingModels(trx, 'avm', 'king-wa'))).toEqual([]);
  });

  it('holds one champion and one shadow a market, also when two are promoted at once', async () => {
    const { save, decide, stages } = registry(t);
    const rows = await Promise.all(['a', 'b', 'c'].map((name, at) => save(model(name, { perSqft: 300 + at }))));
    await Promise.all(rows.map(({ id }) => decide(id, { forceReason: 'race' })));
    expect(Object.values(await stages()).sort()).toEqual(['champion', 'retired', 'retired']);
    const [champion] = await asTenant(t, (trx) => listModels(trx, { stage: 'champion' }));
    const [one, two] = rows.filter(({ id }) => id !== champion!.id);
    await asTenant(t, (trx) => setShadow(trx, one!.id, true, decision));
    await asTenant(t, (trx) => setShadow(trx, two!.id, true, decision));
    const serving = await asTenant(t, (trx) => servingModels(trx, 'avm', 'king-wa'));
    expect(serving.map(({ id, isShadow }) => [id, isShadow])).toEqual([
      [champion!.id, false],
      [two!.id, true],
    ]);
    await expect(asTenant(t, (trx) => setShadow(trx, champion!.id, true, decision))).rejects.toThrow('no shadow');
  });
});

describe('training on stored sales', () => {
  const stored = (from: number, n: number, month: string, perSqft = 300) =>
    Array.from({ length: n }, (_, at) =>
      sale(
        String(4_000_000_000 + from + at),
        `2025-${month}-${String(1 + (at % 28)).padStart(2, '0')}`,
        (1_000 + at) * perSqft,
        {
          LivingArea: 1_000 + at,
          SubdivisionName: 'Ravenna',
          AboveGradeFinishedArea: 900 + at,
          extras: { sqft_living15: '1900', owner_race: 'x' },
        },
      ),
    );

  it('reads the sales with facts and extras, without what no model may learn from', async () => {
    await ingest(t, stored(0, 20, '03'));
    const data = await asTenant(t, (trx) => salesOfCounty(trx, { fips: KING }));
    expect(data.counts).toMatchObject({ rows: 20, kept: 20 });
    expect(data.sales[0]).toMatchObject({
      row: 1,
      closeDate: '2025-03-01',
      closePrice: 300_000,
      facts: { sqft: 1_000, subdivision: 'Ravenna' },
      extras: { sqft_living15: '1900', AboveGradeFinishedArea: 900 },
    });
    expect(data.sales[0]?.extras).not.toHaveProperty('owner_race');
    expect((await asTenant(t, (trx) => salesOfCounty(trx, { fips: KING }, '2025-03-11'))).counts.rows).toBe(10);
  });

  it('trains what is due, promotes the first, puts a later one in the shadow, and measures drift', async () => {
    const deps = { ...benchDeps(t), avm: plainRoom() };
    const activities = createTrainingActivities(deps);
    const ids = { tenantId: t.tenantId };
    await ingest(t, stored(0, 900, '03'));
    expect(await runActivity(activities.planTraining, ids)).toEqual([]);
    await ingest(t, stored(900, 100, '04'));
    expect(await runActivity(activities.planTraining, ids)).toEqual(['king-wa']);
    const first = await runActivity(activities.trainModel, { ...ids, county: 'king-wa' });
    expect(first).toMatchObject({ market: 'king-wa', stage: 'champion' });
    expect(await runActivity(activities.trainModel, { ...ids, county: 'king-wa' })).toMatchObject({
      stage: 'unchanged',
    });
    expect(await runActivity(activities.planTraining, ids)).toEqual([]);
    await ingest(t, stored(1_000, 120, '06', 330));
    expect(await runActivity(activities.planTraining, ids)).toEqual(['king-wa']);
    const second = await runActivity(activities.trainModel, { ...ids, county: 'king-wa' });
    expect(second).toMatchObject({ stage: 'shadow' });
    expect(second.statement).toContain('Not promoted');
    expect(await runActivity(activities.measureModelDrift, ids)).toBe(0);
  });

  it('names the features that have moved', async () => {
    const { deps, save, decide } = registry(t);
    const row = await save(model('v1'));
    await decide(row.id);
    await ingest(t, stored(0, 200, '03'));
    await home.query(
      `insert into feature_rows (tenant_id, property_id, model_id, as_of, values)
       select tenant_id, id, $2, '2025-07-01', array[5000, 'NaN'::float8] from properties where tenant_id = $1`,
      [t.tenantId, row.id],
    );
    const detail = await asTenant(t, (trx) => findModel(trx, row.id));
    const drift = await asTenant(t, async (trx) => {
      const measured = await measureDrift(trx, detail, new Date('2026-01-15'));
      await recordDrift(trx, detail, measured);
      return measured;
    });
    expect(drift.features.map(({ level }) => level)).toEqual(['large', 'large']);
    expect(drift.statements[0]).toContain('Moved far on 200 properties');
    const kept = await home.query(
      `select metric_name, is_passing from data_quality_metrics where tenant_id = $1 and metric_type = 'model_drift' order by 1`,
      [t.tenantId],
    );
    expect(kept).toEqual([
      { metric_name: 'psi:sqft', is_passing: false },
      { metric_name: 'psi:year_built', is_passing: false },
    ]);
    expect(deps.avm.opened).toBe(0);
  });
});
