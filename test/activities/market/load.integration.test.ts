import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMarketFile, type MarketLoadRequest } from '../../../src/activities/market/load.ts';
import { loadDropFolder } from '../../../src/activities/market/load-drop.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const shared = resolve(process.cwd(), '../shared/data/market');
const folder = mkdtempSync(join(tmpdir(), 'reos market load '));
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const deps = () => ({ db: database.db, clock: () => new Date('2026-03-10T12:00:00Z') });
const load = (path: string, more: Partial<MarketLoadRequest> = {}) =>
  loadMarketFile(deps(), { tenantId: database.tenantId, path, name: path.split('/').at(-1)!, ...more });
const written = (name: string, bytes: string | Buffer) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const figure = (market: string, grain: string, period: string, metric: string, segment = 'all') =>
  database.query<{ publisher: string; value: number; row_reference: string }>(
    `select publisher, value, row_reference from raw.published_metrics
     where market = $1 and grain = $2 and period = $3 and metric = $4 and segment = $5 order by publisher`,
    [market, grain, period, metric, segment],
  );

describe('own samples', () => {
  it('loads the sample of each feed; the renovation tracker adds to the pipeline', async () => {
    const names = readdirSync('config/samples/market').sort();
    expect(names).toHaveLength(8);
    for (const name of names) {
      const result = await load(join('config/samples/market', name));
      expect(result).toMatchObject({ status: 'success', feed: name.split('.')[0], rows_rejected: 0 });
    }
    const homes = await database.query(
      `select reno_condition, reno_cost_actual, acquisition_price, as_of::text from raw.inventory_status where home_ref = 'h-1'`,
    );
    expect(homes).toEqual([
      { reno_condition: 'full_gut', reno_cost_actual: 48200, acquisition_price: 371000, as_of: '2026-02-09' },
    ]);
    expect(await load('config/samples/market/resales.csv')).toMatchObject({ status: 'repeated', inserted: 0 });
  });

  it('reads a UTF-16 download packed with gzip, and fills the mart once', async () => {
    const rows = [
      'Region\tMonth of Period End\tMedian Sale Price\tAverage Sale To List ',
      ' Fairhaven\tFeb-19\t$276K\t97.80%',
      '',
    ];
    const path = written('crosstab.csv.gz', gzipSync(Buffer.from(`\ufeff${rows.join('\r\n')}`, 'utf16le')));
    expect(await load(path)).toMatchObject({ layout: 'redfin_crosstab', values: 2, mart_rows: 1 });
    expect(await figure('Fairhaven', 'month', '2019-02-01', 'median_sale_price')).toEqual([
      { publisher: 'redfin_rounded', value: 276000, row_reference: 'crosstab.csv.gz:2' },
    ]);
    const mart = await database.query(
      `select median_sale_price, list_to_sale_ratio, sources from mart.market_metrics where market = 'Fairhaven' and week = '2019-02-01'`,
    );
    expect(mart).toEqual([{ median_sale_price: 276000, list_to_sale_ratio: 0.978, sources: ['redfin_rounded'] }]);
  });

  it('refuses a file whose rows are bad, keeps why, and loads nothing; a dry run keeps nothing', async () => {
    const bad = written('bad.csv', 'series,date,value\nx,2026-01-01,1\nx,someday,2\nx,2027-01-01,3\n');
    const result = await load(bad);
    expect(result).toMatchObject({ status: 'failed', inserted: 0, rows_rejected: 2 });
    expect(result.message).toMatch(/2 of 3 rows refused/);
    expect(result.problems.map(({ row }) => row)).toEqual(['bad.csv:3', 'bad.csv:4']);
    const kept = await database.query(`select reasons from raw.rejected_rows where load_id = $1 order by id`, [
      result.load_id,
    ]);
    expect(kept).toHaveLength(2);
    const good = written('good.csv', 'series,date,value\nx,2026-01-01,1\n');
    expect(await load(good, { isDryRun: true })).toMatchObject({ status: 'dry_run', inserted: 1 });
    expect(await database.query(`select from raw.macro where series = 'x'`)).toHaveLength(0);
  });

  it('keeps kinds of home apart; single-family homes stand for all where nobody speaks of all', async () => {
    const header = 'RegionID,SizeRank,RegionName,RegionType,StateName,2024-01-31,2024-02-29,2024-03-31';
    const mart = () =>
      database.query(
        `select week::text, home_value_index as value, sources from mart.market_metrics
         where market = 'Tallgrass, KS' and segment = 'all' and grain = 'month' order by week`,
      );
    const sfr = written(
      'Metro_zhvi_uc_sfr_tier_0.33_0.67_sm_sa_month.csv',
      `${header}\n1,1,"Tallgrass, KS",msa,KS,200000,201000,202000\n`,
    );
    expect(await load(sfr)).toMatchObject({
      status: 'success',
      inserted: 3,
      notes: [expect.any(String), expect.stringMatching(/single-family homes stands/)],
    });
    expect(await mart()).toMatchObject([{ value: 200000, sources: ['zillow_sfr'] }, {}, {}]);
    const all = written(
      'Metro_zhvi_uc_sfrcondo_tier_0.33_0.67_sm_sa_month.csv',
      `${header}\n1,1,"Tallgrass, KS",msa,KS,,181000,182000\n`,
    );
    await load(all);
    // Never one figure continued with the other.
    expect(await mart()).toEqual([
      { week: '2024-01-01', value: null, sources: [] },
      { week: '2024-02-01', value: 181000, sources: ['zillow'] },
      { week: '2024-03-01', value: 182000, sources: ['zillow'] },
    ]);
  });

  it('refuses rows that give one place two values', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, at) => `${at + 9},${at + 9},Lake ${at},city,MN,Lake County,${150_000 + at}`,
    );
    const path = written(
      'City_zhvi_uc_sfrcondo_tier_0.33_0.67_sm_sa_month.csv',
      [
        'RegionID,SizeRank,RegionName,RegionType,State,CountyName,2024-01-31',
        ...rows,
        '1,1,Twin,city,MN,Lake County,200000',
        '2,2,Twin,city,MN,Lake County,300000',
        '',
      ].join('\n'),
    );
    const result = await load(path, { limits: { maxRejectedShare: 0.1 } });
    expect(result).toMatchObject({ status: 'success', inserted: 40, rows_rejected: 2 });
    expect(result.problems[0]).toMatchObject({
      reasons: [expect.stringMatching(/another value for Twin, Lake County, MN \(city\)/)],
    });
    expect(await figure('Twin, Lake County, MN (city)', 'month', '2024-01-01', 'home_value_index')).toEqual([]);
  });

  it('leaves windows of several weeks out, and says how many', async () => {
    const header = 'REGION_NAME\tREGION_TYPE\tPERIOD_BEGIN\tPERIOD_END\tDURATION\tMEDIAN_SALE_PRICE\tPENDING_SALES';
    const rows = ['2021-02-01\t2021-02-07\t1 weeks', '2021-02-01\t2021-02-28\t4 weeks'].map(
      (period) => `Bluewater, OR metro area\tmetro\t${period}\t410000\t12`,
    );
    const result = await load(written('weekly.tsv', [header, ...rows, ''].join('\n')));
    expect(result).toMatchObject({ status: 'success', inserted: 2, rows_rejected: 0 });
    expect(result.notes).toContainEqual(expect.stringMatching(/^1 rows were left out: windows of 4 weeks/));
    expect(result.notes).toContainEqual(expect.stringMatching(/no tool asks for them: pending_sales/));
    const mart = await database.query(`select grain from mart.market_metrics where market like 'Bluewater%'`);
    expect(mart).toEqual([{ grain: 'week' }]);
  });

  it('takes a drop folder: done, failed with the reason, still being written', async () => {
    const drop = mkdtempSync(join(folder, 'drop'));
    const old = new Date('2026-03-10T11:00:00Z');
    for (const [name, text] of [
      ['a.csv', 'DATE,ZZ9\n2026-01-02,.\n2026-01-09,4.5\n'],
      ['b.csv', 'colour,shape\nred,round\n'],
    ] as const) {
      writeFileSync(join(drop, name), text);
      utimesSync(join(drop, name), old, old);
    }
    writeFileSync(join(drop, 'c.csv'), 'half');
    utimesSync(join(drop, 'c.csv'), deps().clock(), deps().clock());
    expect(await loadDropFolder(deps(), database.tenantId, drop)).toEqual({ loaded: 1, failed: 1, waiting: 1 });
    expect(existsSync(join(drop, 'done/a.csv'))).toBe(true);
    expect(readFileSync(join(drop, 'failed/b.csv.reason.txt'), 'utf8')).toMatch(/no known layout/);
  });
});

describe.skipIf(!existsSync(shared))(
  'published files in ../shared/data/market (skipped where the folder is missing)',
  () => {
    it.each([
      ['redfin_us_national_market_tracker.tsv', 'National', 'month', '2023-02-01', 'median_sale_price', 387214, 94],
      [
        'redfin_metro_monthly_2019_2023.csv',
        'Seattle, WA metro area',
        'month',
        '2023-04-01',
        'median_sale_price',
        770000,
        307,
      ],
      ['zillow_State_zhvi_sfr.csv', 'California', 'month', '2000-01-01', 'home_value_index', 192095.28082318782, 2],
      ['zillow_Metro_zori.csv', 'Chicago, IL', 'month', '2015-01-01', 'rent_index', 1376.8901426916104, 5],
      ['fhfa_HPI_AT_metro.csv', 'Albuquerque, NM', 'quarter', '1985-10-01', 'home_value_index', 70.19, 1000],
      ['case_shiller_cities-month-SA.csv', 'AZ-Phoenix', 'month', '1987-01-01', 'home_value_index', 74.678, 2],
      ['case_shiller_national-month.csv', 'National-US', 'month', '2024-07-01', 'home_value_index', 321.556, 596],
    ] as const)('%s: %s %s %s %s', async (file, market, grain, period, metric, value, line) => {
      expect(await load(join(shared, file))).toMatchObject({ status: 'success', rows_rejected: 0 });
      const segment = file.includes('_sfr') ? 'sfr' : 'all';
      const [first] = (await figure(market, grain, period, metric, segment)).filter((one) =>
        one.row_reference.startsWith(file),
      );
      expect(first).toMatchObject({ value, row_reference: `${file}:${line}` });
    });

    it('MORTGAGE30US.csv: row 2813 is 6.87', async () => {
      await load(join(shared, 'MORTGAGE30US.csv'));
      const rows = await database.query(
        `select value from raw.macro where series = 'mortgage_rate_30y' and date = '2025-02-13'`,
      );
      expect(rows).toEqual([{ value: 6.87 }]);
    });
  },
);
