import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { makeHome, type RunningCli, startCli, until } from '../support/cli.ts';
import { type GeneratedSale, generateSales } from '../support/generated-sales.ts';

const ROWS = 700;
/** Nothing in these headers or values says which column is the price: a person must. */
const HEADER = 'Parcel No,Sold On,Betrag,Heated Sq Ft,Lot Size (ac),Beds,Baths,Yr Built,Bldg Grade,Lat,Long,Zip Code';
const MAP = ['--map', 'Betrag=ClosePrice'];

let home: Awaited<ReturnType<typeof makeHome>>;
let up: RunningCli | undefined;
let file: string;
let houses: GeneratedSale[];

interface Answer {
  code: number;
  stderr: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shapes are what the tests look at
  json: any;
}

/** Runs a verb with --json in this process. */
async function reos(...args: string[]): Promise<Answer> {
  let stdout = '';
  let stderr = '';
  const streams = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  };
  const env = { ...process.env, REOS_HOME: home.path, REOS_LOG_LEVEL: 'silent' };
  const code = await main([...args, '--json'], streams, env);
  return { code, stderr, json: JSON.parse(stdout) };
}

/** The same; it must succeed. */
async function answer(...args: string[]): Promise<Answer['json']> {
  const { code, json, stderr } = await reos(...args);
  expect({ code, error: json.error, stderr: code === 0 ? '' : stderr }).toEqual({
    code: 0,
    error: undefined,
    stderr: '',
  });
  return json;
}

const csv = (rows: readonly GeneratedSale[]) =>
  [
    HEADER,
    ...rows.map((h) =>
      [
        h.parcel,
        h.day,
        h.price,
        h.sqft,
        (h.lotSqft / 43_560).toFixed(3),
        h.bedrooms,
        h.bathrooms,
        h.yearBuilt,
        h.grade,
        h.latitude,
        h.longitude,
        h.zip,
      ].join(','),
    ),
  ].join('\r\n');

/** Fractions of one, whatever the sales were. */
const fraction = (value: unknown) => expect(Number(value) >= 0 && Number(value) <= 1, String(value)).toBe(true);

describe('valuation on the command line', () => {
  beforeAll(async () => {
    home = await makeHome();
    houses = generateSales(ROWS, { seed: 11, from: '2024-01-01', days: 900 });
    file = join(home.path, 'Odd Sales.csv');
    await writeFile(file, csv(houses));
  });
  afterAll(async () => {
    await reos('down');
    await up?.done;
    await home.remove();
  });

  it('stops for a price that no column is taken for, with exit code 2 and the way out', async () => {
    const { code, json } = await reos('train', '--sales', file, '--no-save');
    expect(code).toBe(2);
    expect(json.error.code).toBe('validation');
    expect(json.error.message).toMatch(/Odd Sales\.csv.*"Betrag".*--map "[^"]*=ClosePrice"/s);
  });

  it('trains on a file without a database, and reports fractions beside the baselines', async () => {
    const small = join(home.path, 'small.csv');
    await writeFile(small, csv(houses.slice(0, 400)));
    const trained = await answer('train', '--sales', small, ...MAP, '--trials', '1', '--no-save');
    const { market, model, metrics, baselines, split, mapping, counts, notes, trials } = trained;
    // Nobody named a county: the coordinates do.
    expect(market).toBe('king-wa');
    expect(notes).toContain('The model is filed under king-wa: its coordinates lie in King County.');
    expect(model).toMatchObject({ id: null, stage: null, market: 'king-wa', data_rows: 400, seed: 7 });
    expect(trials.length).toBeGreaterThan(1);
    for (const { part, loss } of trials) expect([part, loss]).toEqual([expect.any(String), expect.any(Number)]);
    for (const name of ['mdape', 'within_10', 'within_20', 'coverage_80', 'r2']) fraction(metrics[name]);
    expect(metrics.mdape).toBeLessThan(0.15);
    expect(metrics.within_10).toBeLessThanOrEqual(metrics.within_20);
    expect(metrics.rows).toBe(split.testRows);
    expect(Object.keys(baselines).sort()).toEqual(['boosting', 'lightgbm_l1', 'lightgbm_l2']);
    for (const { mdape, mdape_difference: difference } of Object.values<Answer['json']>(baselines)) {
      fraction(mdape);
      expect(difference.value).toBeCloseTo(metrics.mdape - mdape, 9);
    }
    expect(counts).toEqual({ rows: 400, kept: 400, leftOut: {} });
    expect(mapping).toContainEqual({ column: 'Betrag', field: 'ClosePrice', unit: null, reason: 'approved' });
    expect(mapping).toContainEqual(
      expect.objectContaining({ column: 'Lot Size (ac)', field: 'LotSizeSquareFeet', unit: 'acres' }),
    );
  });

  it('shows what it would train on and makes nothing', async () => {
    const told = await answer('train', '--sales', file, ...MAP, '--dry-run');
    expect(told).toMatchObject({
      file: 'Odd Sales.csv',
      market: 'king-wa',
      needs_approval: false,
      counts: { rows: ROWS, kept: ROWS },
    });
    const price = told.mapping.find(({ column }: { column: string }) => column === 'Betrag');
    expect(price).toMatchObject({ field: 'ClosePrice', reason: 'approved' });
    expect(price.examples).toHaveLength(3);
    expect(await reos('train', '--county', 'king-wa', '--dry-run')).toMatchObject({ code: 2 });
  });

  it('imports the file under the columns a person approves', async () => {
    up = startCli(home.path, ['up']);
    await until(async () => (await reos('status')).json.api_url, 60_000, 'reos up');
    const { sources, mapping } = await answer('import', file, ...MAP, '--yes', '--no-start');
    expect(sources).toMatchObject([{ scraped: ROWS, failed: 0 }]);
    expect(mapping).toContainEqual(expect.objectContaining({ column: 'Betrag', field: 'ClosePrice' }));
  });

  let first: { id: string; version: string };
  let second: { id: string; version: string };

  it('trains on the stored sales, and keeps the model with its decision', async () => {
    const { model, metrics, baselines, mapping } = await answer('train', '--county', 'king-wa', '--trials', '1');
    expect(mapping).toEqual([]);
    expect(model).toMatchObject({ market: 'king-wa', data_rows: ROWS, data_to: houses.at(-1)!.day });
    expect(model.id).toMatch(/^[0-9a-f-]{36}$/);
    const isBest = Object.values<Answer['json']>(baselines).every(({ mdape }) => metrics.mdape < mdape);
    const isHonest = metrics.coverage_80 >= 0.75 && metrics.coverage_80 <= 0.85;
    expect(model.stage).toBe(isBest && isHonest ? 'champion' : 'candidate');
    expect(model.decision).toMatch(isBest && isHonest ? /^Promoted: first model/ : /^Not promoted: /);
    first = model;
    const { models } = await answer('models', 'list', '--market', 'king-wa');
    const kept = { id: model.id, stage: model.stage, metrics, data_rows: ROWS, seed: 7 };
    expect(models).toMatchObject([{ ...kept, artifact_path: expect.stringContaining('/') }]);
    const shown = await answer('models', 'show', model.id.slice(0, 8));
    expect(shown.model).toMatchObject({ ...kept, baselines });
  });

  it('reads a file by the columns that were approved for its layout, and files the model under its county', async () => {
    const { model, mapping } = await answer('train', '--sales', file, '--trials', '1');
    expect(model.market).toBe('king-wa');
    expect(mapping).toContainEqual({ column: 'Betrag', field: 'ClosePrice', unit: null, reason: 'approved' });
    expect(model.id).not.toBe(first.id);
    second = model;
  });

  it('remembers the columns that a training approves, also when nothing can be learned', async () => {
    const other = join(home.path, 'other layout.csv');
    await writeFile(other, csv(houses.slice(0, 50)).replace('Betrag', 'Erloes'));
    expect(await reos('train', '--sales', other, '--dry-run')).toMatchObject({ code: 2 });
    const early = ['--yes', '--as-of', '1990-01-01'];
    expect(await reos('train', '--sales', other, '--map', 'Erloes=ClosePrice', ...early)).toMatchObject({ code: 2 });
    const { mapping, needs_approval: asks } = await answer('train', '--sales', other, '--dry-run');
    expect(asks).toBe(false);
    expect(mapping).toContainEqual(
      expect.objectContaining({ column: 'Erloes', field: 'ClosePrice', reason: 'approved' }),
    );
  });

  it('promotes by force with a reason, and not without one', async () => {
    const stageOf = async (id: string) =>
      (await answer('models', 'list')).models.find((row: { id: string }) => row.id === id).stage as string;
    for (const { id, version } of [first, second]) {
      if ((await stageOf(id)) === 'champion') continue;
      expect(await reos('models', 'promote', id, '--force')).toMatchObject({ code: 2 });
      expect(await answer('models', 'promote', id, '--force', '--reason', 'looked at by hand')).toMatchObject({
        model_id: id,
        version,
        promoted: true,
        decision: 'Promoted by force: looked at by hand',
      });
    }
    const { models } = await answer('models', 'list', '--market', 'king-wa');
    const byId = new Map(models.map((row: { id: string }) => [row.id, row]));
    expect(byId.get(second.id)).toMatchObject({ stage: 'champion', previous_champion_id: first.id });
    expect(byId.get(first.id)).toMatchObject({ stage: 'retired' });
    const again = await reos('models', 'promote', second.id);
    expect(again).toMatchObject({ code: 1, json: { error: { code: 'conflict' } } });
  });

  it('rolls back to the champion before', async () => {
    // There is one champion: its market need not be named.
    expect(await answer('models', 'rollback', '--reason', 'values too high')).toEqual({
      market: 'king-wa',
      model_id: first.id,
      version: first.version,
      replaced: second.version,
    });
    expect(await reos('models', 'rollback', '--market', 'cook-il')).toMatchObject({
      code: 4,
      json: { error: { message: expect.stringContaining('no champion of cook-il') } },
    });
  });

  let id: string;

  it('values a property: intervals in order, contributions that sum to the log of the value', async () => {
    const { lifecycles } = await answer('lifecycle', 'list', '--limit', '1');
    id = lifecycles[0].property_id;
    const value = await answer('value', '--property', id, '--as-of', '2026-07-01');
    expect(value).toMatchObject({
      property_id: id,
      market: 'king-wa',
      model_version: first.version,
      as_of: '2026-07-01',
    });
    const { 50: half, 80: most, 90: nearly } = value.intervals;
    const order = [nearly.low, most.low, half.low, value.predicted_price, half.high, most.high, nearly.high];
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(value.interval).toEqual(most);
    const parts = value.contributions as Array<{ feature: string; contribution: number }>;
    const sum = parts.reduce((total, { contribution }) => total + contribution, value.base);
    expect(Math.abs(sum - value.raw_log)).toBeLessThan(1e-6);
    expect(Math.exp(value.raw_log)).toBeCloseTo(value.predicted_price, 0);
    const larger = async (sqft: number) =>
      (
        await answer(
          'value',
          '--facts',
          `sqft=${sqft},bedrooms=3,grade=7,latitude=47.6,longitude=-122.3,year_built=1970,zip_code=98118`,
          '--county',
          'king-wa',
          '--as-of',
          '2026-07-01',
        )
      ).predicted_price as number;
    expect(await larger(2_600)).toBeGreaterThan(await larger(1_300));
    expect(await reos('value', '--property', id, '--file', file)).toMatchObject({ code: 2 });
  });

  it('scores by the model’s value, says what would lift the score, and works the deal out', async () => {
    const shown = await answer('score', id);
    expect(shown).toMatchObject({
      property_id: id,
      value_source: 'avm',
      model_version: first.version,
      score: shown.bird_dog_score,
    });
    expect(shown.reasons.length).toBeGreaterThan(0);
    expect(shown.score).toBeLessThan(80);
    const lift = await answer('score', id, '--why-not', '80');
    expect(lift).toMatchObject({ target: 80, already: false, score: shown.score });
    expect(lift.searched.length).toBeGreaterThan(0);
    // What is named holds when it is applied.
    const named = lift.reached ? lift.changes[0] : lift.highest;
    const changes = named.inputs.flatMap(({ input, to }: { input: string; to: unknown }) => [
      '--with',
      `${input}=${to}`,
    ]);
    expect((await answer('score', id, ...changes)).score).toBe(named.score);
    expect(named.score >= 80).toBe(lift.reached);
    expect(named.score).toBeGreaterThan(shown.score);
    const deal = await answer('deal', id, '--price', '200000');
    expect(deal).toMatchObject({
      property_id: id,
      price: 200_000,
      price_kind: 'given',
      value: shown.estimated_value,
      model_version: first.version,
    });
    expect(deal.deal.max_offer).toBeGreaterThan(0);
  });

  it('shows comparables with reasons, and the properties most like it', async () => {
    const comps = await answer('comps', id);
    expect(comps.property_id).toBe(id);
    expect(comps.included.length).toBeGreaterThan(0);
    for (const { reasons, leaf_similarity: likeness } of comps.included) {
      // The champion has its say: by the leaves that both houses fall into.
      expect(likeness).toBeGreaterThan(0);
      expect(likeness).toBeLessThanOrEqual(1);
      const said = reasons.find(({ code }: { code: string }) => code === 'model_likeness');
      expect(said.message).toContain(`in ${Math.round(likeness * 100)}% of its trees`);
    }
    expect(comps.included.reduce((sum: number, { weight }: { weight: number }) => sum + weight, 0)).toBeCloseTo(1, 6);
    expect(comps.value_low).toBeLessThanOrEqual(comps.value);
    expect(comps.value).toBeLessThanOrEqual(comps.value_high);
    const { compared, similar } = await answer('similar', id, '--limit', '5');
    expect(compared).toBe(ROWS - 1);
    expect(similar).toHaveLength(5);
    const likeness = similar.map(({ similarity }: { similarity: number }) => similarity);
    expect(likeness).toEqual([...likeness].sort((a, b) => b - a));
    expect(similar.some(({ property_id: other }: { property_id: string }) => other === id)).toBe(false);
  });

  it('scores everything again by the champion; the scoreboard waits for sales', async () => {
    expect(await answer('rescore', '--wait')).toMatchObject({ total: ROWS, scored: ROWS, changed: ROWS });
    expect((await answer('rescore', '--wait', '--outdated')).total).toBe(0);
    const { stored, bird_dog_score: score } = await answer('score', id);
    expect(stored).toMatchObject({ bird_dog_score: score, model_version: first.version });
    expect(await answer('scoreboard', '--county', 'king-wa')).toMatchObject({
      entries: [],
      outcomes: 0,
      valuations: ROWS,
      valued_properties: ROWS,
    });
  });

  it('holds a valuation against the sale that followed it, read by the columns that were approved', async () => {
    const [house] = houses;
    const price = 400_000;
    const later = join(home.path, 'later.csv');
    await writeFile(later, csv([{ ...house!, day: new Date().toISOString().slice(0, 10), price }]));
    const { sources } = await answer('import', later, '--no-start');
    expect(sources).toMatchObject([{ scraped: 1, failed: 0 }]);
    const { entries, outcomes, statement } = await answer('scoreboard');
    expect(outcomes).toBe(1);
    expect(entries).toMatchObject([{ county: 'king-wa', model_id: first.id, is_shadow: false, count: 1 }]);
    expect(entries[0].median_error).toBeCloseTo(Math.abs(entries[0].median_ratio - 1), 9);
    expect(statement).toMatch(/^Only 1 valuation/);
    const { models } = await answer('models', 'drift');
    expect(models).toMatchObject([{ id: first.id, outcomes: { count: 1 } }]);
    // A batch keeps the feature rows of one property in 32.
    expect(models[0].rows).toBeGreaterThan(0);
    expect(models[0].rows).toBeLessThan(ROWS / 4);
  });
});
