import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMarketFile } from '../../../src/activities/market/load.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { NO_WEIGHTS } from '../../../src/domain/market/calibration.ts';
import { runTool } from '../../../src/intelligence/registry.ts';
import { postgresWarehouse } from '../../../src/intelligence/warehouses/postgres.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

// From the file to the answer: what people do with a file that they downloaded.
const shared = resolve(process.cwd(), '../shared/data/market');
const folder = mkdtempSync(join(tmpdir(), 'reos published '));
let database: TestDatabase;
afterAll(() => rmSync(folder, { recursive: true }));

const load = (path: string) =>
  loadMarketFile(
    { db: database.db, clock: () => new Date('2026-03-10T12:00:00Z') },
    { tenantId: database.tenantId, path, name: path.split('/').at(-1)! },
  );
const ask = <T = Record<string, unknown>>(name: string, input: object, day: string) =>
  withTenant(database.db, database.tenantId, (trx) =>
    runTool({ warehouse: postgresWarehouse(trx), now: new Date(`${day}T12:00:00Z`), weights: NO_WEIGHTS }, name, input),
  ) as Promise<T>;
interface Ranking {
  level: string;
  grain: string;
  total: number;
  notes: string[];
  markets: Array<{ market: string; latest: Record<string, number | null> }>;
  too_little_data: unknown[];
  too_little_data_total: number;
}
interface Trend {
  grain: string;
  series: Array<{ period: string; value: number | null }>;
  year_over_year: number | { value: number } | null;
}

describe('a sample of our own', () => {
  const month = (at: number) => `${2022 + Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
  const lastDay = (at: number) => new Date(Date.UTC(2022, at + 1, 0)).toISOString().slice(0, 10);
  beforeAll(async () => {
    database = await createTestDatabase();
    const header =
      'PERIOD_BEGIN PERIOD_END PERIOD_DURATION REGION_TYPE REGION PROPERTY_TYPE MEDIAN_SALE_PRICE HOMES_SOLD INVENTORY MEDIAN_DOM AVG_SALE_TO_LIST';
    const places: Array<[string, string, (at: number) => number[]]> = [
      ['metro', 'Rising, OR metro area', (at) => [400_000 + 1_000 * at, 200, 400, 30, 1.01]],
      ['metro', 'Sinking, OR metro area', (at) => [400_000 - 4_000 * at, 100, 400 + 40 * at, 30 + 2 * at, 0.95]],
      ['state', 'Oregon', (at) => [390_000 + 500 * at, 900, 2_000, 33, 0.99]],
      ['county', 'Gold County, OR', (at) => [380_000 + 500 * at, 90, 200, 33, 0.99]],
    ];
    const rows = places.flatMap(([level, region, figures]) =>
      Array.from({ length: 26 }, (_, at) =>
        [`${month(at)}-01`, lastDay(at), '30', level, region, 'All Residential', ...figures(at)].join('\t'),
      ),
    );
    // A county that was published three times: no figure of it can be relied on.
    const few = [23, 24, 25].map((at) =>
      [
        `${month(at)}-01`,
        lastDay(at),
        '30',
        'metro',
        'Sparse, OR metro area',
        'All Residential',
        300_000,
        3,
        9,
        40,
        1,
      ].join('\t'),
    );
    const path = join(folder, 'market_tracker.tsv');
    writeFileSync(path, [header.replaceAll(' ', '\t'), ...rows, ...few, ''].join('\n'));
    expect(await load(path)).toMatchObject({ status: 'success', rows_read: 107, rows_rejected: 0, mart_rows: 107 });
  });
  afterAll(() => database.close());

  it('is ranked within one kind of place, by month', async () => {
    const ranking = await ask<Ranking>('rank_all_markets', {}, '2024-03-05');
    expect(ranking).toMatchObject({ level: 'metro', grain: 'month', total: 2, too_little_data_total: 1 });
    expect(ranking.markets.map(({ market }) => market)).toEqual(['Sinking, OR metro area', 'Rising, OR metro area']);
    // February 2024 is the 26th row: 400,000 − 25 × 4,000.
    expect(ranking.markets[0]?.latest).toMatchObject({ median_sale_price: 300_000, inventory_count: 1_400 });
    expect(ranking.notes).toContainEqual(expect.stringMatching(/also 1 of level state, 1 of level county/));
    const counties = await ask<Ranking>('rank_all_markets', { level: 'county' }, '2024-03-05');
    expect(counties.markets.map(({ market }) => market)).toEqual(['Gold County, OR']);
    expect((await ask<Ranking>('rank_all_markets', { level: 'all' }, '2024-03-05')).total).toBe(4);
  });

  it('has its trend, and answers of the shortest period without being told it', async () => {
    const trend = await ask<Trend>(
      'get_market_trend',
      { market: 'Rising, OR metro area', metric: 'median_sale_price' },
      '2024-03-05',
    );
    expect(trend.grain).toBe('month');
    expect(trend.series.at(-1)).toMatchObject({ period: '2024-02-01', value: 425_000 });
    const summary = await ask<{
      grain: string;
      figures: Array<{ metric: string; change_year: number; confidence: { value: number } }>;
    }>('get_market_summary', { market: 'Rising, OR metro area' }, '2024-03-05');
    expect(summary.grain).toBe('month');
    const price = summary.figures.find(({ metric }) => metric === 'median_sale_price');
    // 425,000 against 413,000 of February 2023.
    expect(price?.change_year).toBeCloseTo(425 / 413 - 1, 12);
    expect(price?.confidence.value).toBeGreaterThan(0.9);
    const sparse = await ask<typeof summary>('get_market_summary', { market: 'Sparse, OR metro area' }, '2024-03-05');
    expect(sparse.figures.map(({ confidence }) => confidence.value)).toEqual(sparse.figures.map(() => 0));
    for (const tool of ['detect_anomalies', 'detect_inventory_surges']) {
      expect(await ask(tool, {}, '2024-03-05')).toMatchObject({
        grain: 'month',
        markets: 5,
        data_through: '2024-02-01',
      });
    }
  });
});

describe.skipIf(!existsSync(shared))(
  'published files in ../shared/data/market (skipped where the folder is missing)',
  () => {
    beforeAll(async () => {
      database = await createTestDatabase();
      for (const file of ['redfin_metro_monthly_2019_2023.csv', 'zillow_State_zhvi_sfr.csv', 'MORTGAGE30US.csv']) {
        await load(join(shared, file));
      }
    });
    afterAll(() => database.close());

    it('go from the file to the ranking and the trend', async () => {
      const ranking = await ask<Ranking>('rank_all_markets', { grain: 'month' }, '2023-05-10');
      expect(ranking).toMatchObject({ level: 'metro', grain: 'month', total: 6 });
      const seattle = ranking.markets.find(({ market }) => market === 'Seattle, WA metro area');
      // redfin_metro_monthly_2019_2023.csv, line 307: Apr-23, $770K.
      expect(seattle?.latest.median_sale_price).toBe(770_000);
      const question = { market: 'Seattle, WA metro area', metric: 'median_sale_price' };
      const trend = await ask<Trend>('get_market_trend', question, '2023-05-10');
      expect(trend.series.at(-1)).toMatchObject({ period: '2023-04-01', value: 770_000 });
      // zillow_State_zhvi_sfr.csv, line 2: California in January 2000, of single-family homes; nobody speaks of all.
      const mart = await database.query<{ value: number; sources: string[] }>(
        `select home_value_index as value, sources from mart.market_metrics
       where market = 'California' and segment = 'all' and week = '2000-01-01'`,
      );
      expect(mart).toEqual([{ value: 192095.28082318782, sources: ['zillow_sfr'] }]);
    });
  },
);
