import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { measureDrift } from '../../../src/activities/platform/model-drift.ts';
import { saveTrainedModel } from '../../../src/activities/platform/model-store.ts';
import { createValuers } from '../../../src/activities/score/value.ts';
import { createModelCache } from '../../../src/activities/score/value-models.ts';
import { predictPrices } from '../../../src/activities/score/value-predict.ts';
import { promoteModel, setShadow } from '../../../src/db/queries/model-stages.ts';
import { findModel } from '../../../src/db/queries/models.ts';
import { readProperty } from '../../../src/db/queries/properties.ts';
import { countValuations, outcomePairs, readOutcomes } from '../../../src/db/queries/valuations.ts';
import { ReosError } from '../../../src/domain/errors.ts';
import { readStatedFacts } from '../../../src/domain/valuation/stated-facts.ts';
import { asTenant, ingest, listing, newTenant, properties, sale } from '../../db/queries/records.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { plainRoom, plainTraining } from '../../support/fake-avm.ts';
import { benchDeps } from '../platform/bench.ts';

let home: TestDatabase;
let t: TestDatabase;
beforeAll(async () => {
  home = await createTestDatabase();
});
afterAll(() => home.close());
beforeEach(async () => {
  t = await newTenant(home);
});

const silent = pino({ level: 'silent' });
const decision = { statement: 'a test says so', source: 'test' };
const AS_OF = '2026-01-15';

function valuing(database: TestDatabase, avm = plainRoom()) {
  const deps = benchDeps(database);
  const models = createModelCache({ storage: deps.storage, avm, logger: silent });
  const valuers = createValuers({ models, counties: deps.counties, logger: silent });
  const enter = async (version: string, perSqft: number, stage: 'champion' | 'shadow') => {
    const training = plainTraining({ version, market: 'king-wa', perSqft, newestSale: '2025-12-31' });
    const { row } = await saveTrainedModel(deps, database.tenantId, training);
    await asTenant(database, (trx) =>
      stage === 'champion' ? promoteModel(trx, row.id, decision) : setShadow(trx, row.id, true, decision),
    );
    return row.id;
  };
  const value = async (id: string, asOf = AS_OF) =>
    asTenant(database, async (trx) => valuers.valueProperty(trx, await readProperty(trx, id), asOf));
  return { avm, deps, models, valuers, enter, value };
}

/** A house that is offered, under a parcel number so that a later sale finds it. */
async function house(more: Record<string, unknown> = {}): Promise<string> {
  await ingest(t, [listing('one', { ParcelNumber: '4000000001', LivingArea: 2_000, ...more })]);
  return (await properties(t))[0]!.id;
}

describe('valuing a property', () => {
  it('gives nothing without a champion, and opens no library', async () => {
    const { avm, value } = valuing(t);
    expect(await value(await house())).toBeNull();
    expect(avm.opened).toBe(0);
  });

  it('gives the champion’s value and keeps both words', async () => {
    const { enter, value } = valuing(t);
    const id = await house();
    const champion = await enter('champion', 300, 'champion');
    const shadow = await enter('shadow', 310, 'shadow');
    expect(await value(id)).toEqual({
      valueCents: 60_000_000,
      lowCents: 48_000_000,
      highCents: 72_000_000,
      confidence: 0.8,
      modelVersion: 'champion',
    });
    const kept = await home.query(
      'select model_id, is_shadow, value_cents::int as value, as_of::text from valuations where tenant_id = $1 order by 2',
      [t.tenantId],
    );
    expect(kept).toEqual([
      { model_id: champion, is_shadow: false, value: 60_000_000, as_of: AS_OF },
      { model_id: shadow, is_shadow: true, value: 62_000_000, as_of: AS_OF },
    ]);
    const rows = await home.query<{ values: number[] }>('select values from feature_rows where tenant_id = $1', [
      t.tenantId,
    ]);
    expect(rows.map(({ values }) => values[0])).toEqual([2_000, 2_000]);
    expect(rows[0]?.values[1]).toBeNaN();
  });

  it('gives nothing for a house of which too little is known, or whose size a simulator made up', async () => {
    const { enter, value } = valuing(t);
    await enter('champion', 300, 'champion');
    const id = await house();
    await home.query(
      `update properties set field_sources = jsonb_set(field_sources, '{sqft,simulated}', 'true') where id = $1`,
      [id],
    );
    expect(await value(id)).toBeNull();
    expect((await asTenant(t, (trx) => countValuations(trx))).valuations).toBe(0);
  });

  it('gives nothing where the library is missing, and says why once', async () => {
    const { deps, enter } = valuing(t);
    const id = await house();
    await enter('champion', 300, 'champion');
    const said: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line: string) => void said.push(line) });
    const open = () => Promise.reject(new ReosError('missing_part', 'LightGBM is not here. Install libgomp1.'));
    const models = createModelCache({ storage: deps.storage, avm: { open }, logger });
    const valuers = createValuers({ models, counties: deps.counties, logger });
    const value = await asTenant(t, async (trx) => valuers.valueProperty(trx, await readProperty(trx, id), AS_OF));
    expect(value).toBeNull();
    await asTenant(t, async (trx) => valuers.valueProperty(trx, await readProperty(trx, id), AS_OF));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('cannot be used, comparable sales are: LightGBM is not here. Install libgomp1.');
  });

  it('answers stated houses by the model of any market, and lists the markets that have one', async () => {
    const { deps, models } = valuing(t);
    const training = plainTraining({ version: 'ames', market: 'ames-sales', perSqft: 100, newestSale: '2010-07-01' });
    const { row } = await saveTrainedModel(deps, t.tenantId, training);
    await asTenant(t, (trx) => promoteModel(trx, row.id, decision));
    const predictDeps = { db: home.db, models, counties: deps.counties, clock: () => new Date('2026-01-15') };
    const subjects = [readStatedFacts({ sqft: 1_000 })];
    const ask = (place: { market?: string; county?: string }) =>
      predictPrices(predictDeps, t.tenantId, { ...place, subjects, isExplained: false });
    expect(await ask({ market: 'Ames-Sales' })).toMatchObject({
      market: 'ames-sales',
      predictions: [{ predicted_price: 100_000, model_version: 'ames' }],
    });
    const stated = [readStatedFacts({ sqft: 1_000, 'extras.view': 4, 'extras.pool': 'yes' })];
    const { predictions } = await predictPrices(predictDeps, t.tenantId, {
      market: 'ames-sales',
      subjects: stated,
      isExplained: true,
    });
    expect(predictions).toMatchObject([
      { notes: ['The model has no column "view", "pool": what is stated there changes nothing.'] },
    ]);
    await expect(ask({ market: 'king-wa' })).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('king-wa has no valuation model yet. Markets with one: ames-sales.'),
    });
    await expect(ask({ county: 'story-ia' })).rejects.toThrow(/"story-ia" is not known.*by market: ames-sales/);
    await expect(ask({})).rejects.toThrow(/county is needed.*ames-sales/);
    await expect(ask({ county: 'king-wa', market: 'ames-sales' })).rejects.toMatchObject({
      details: { field: 'market' },
    });
  });

  it('values a batch in few statements, each property by its own id', async () => {
    const { enter, valuers } = valuing(t);
    await enter('champion', 300, 'champion');
    await ingest(
      t,
      Array.from({ length: 120 }, (_, at) =>
        listing(`l${at}`, { ParcelNumber: String(4_100_000_000 + at), LivingArea: 1_000 + at }),
      ),
    );
    const values = await asTenant(t, async (trx) => {
      const all = await Promise.all((await properties(t)).map(({ id }) => readProperty(trx, id)));
      const found = await valuers.valueBatch(trx, all, AS_OF);
      return all.map((property) => [property.sqft! * 30_000, found.get(property.id)?.valueCents]);
    });
    expect(values).toHaveLength(120);
    for (const [expected, value] of values) expect(value).toBe(expected);
    const [rows] = await home.query<{ n: number }>('select count(*)::int as n from feature_rows where tenant_id = $1', [
      t.tenantId,
    ]);
    expect(rows!.n).toBeLessThan(30);
  });

  it('is held against the sale that follows, and keeps the word that was said before it', async () => {
    const { enter, value } = valuing(t);
    const id = await house();
    const champion = await enter('champion', 300, 'champion');
    const shadow = await enter('shadow', 310, 'shadow');
    await value(id);
    await ingest(t, [sale('4000000001', '2026-02-10', 650_000)]);
    await home.query('update properties set sqft = 3000 where id = $1', [id]);
    await value(id);
    const outcomes = await asTenant(t, (trx) => readOutcomes(trx));
    expect(outcomes.map(({ version, valueCents, priceCents }) => [version, valueCents, priceCents]).sort()).toEqual([
      ['champion', 60_000_000, 65_000_000],
      ['shadow', 62_000_000, 65_000_000],
    ]);
    expect(await asTenant(t, (trx) => readOutcomes(trx, { modelId: shadow, countyFips: '53033' }))).toHaveLength(1);
    expect(await asTenant(t, (trx) => readOutcomes(trx, { countyFips: '17031' }))).toEqual([]);
    expect(await asTenant(t, (trx) => outcomePairs(trx, shadow, champion))).toEqual([
      { price: 650_000, challenger: 620_000, champion: 600_000, inside80: true },
    ]);
    // Drift looks at newly closed sales alone.
    const drift = (day: string) =>
      asTenant(t, async (trx) => measureDrift(trx, await findModel(trx, champion), new Date(day)));
    expect((await drift('2026-03-01')).outcomes).toMatchObject({ count: 1 });
    const later = await drift('2026-12-01');
    expect(later.outcomes).toBeNull();
    expect(later.statements).toContain('None of the houses it valued has sold since, in the last 180 days.');
  });

  it('never shows one tenant another’s values', async () => {
    const { enter, value } = valuing(t);
    const id = await house();
    await enter('champion', 300, 'champion');
    await value(id);
    const other = await newTenant(home);
    expect(await asTenant(other, (trx) => countValuations(trx))).toEqual({ valuations: 0, properties: 0 });
  });
});
