import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTenant } from '../../../src/db/tenant.ts';
import { NO_WEIGHTS } from '../../../src/domain/market/calibration.ts';
import { yearChanges } from '../../../src/domain/market/trend.ts';
import { runTool } from '../../../src/intelligence/registry.ts';
import { openFileWarehouse } from '../../../src/intelligence/warehouses/duckdb.ts';
import { postgresWarehouse } from '../../../src/intelligence/warehouses/postgres.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const shared = resolve('../shared/data/market');
const NOW = new Date('2023-05-15T12:00:00Z');
const COLUMNS = [
  'median_sale_price',
  'days_on_market',
  'homes_sold',
  'inventory_count',
  'list_to_sale_ratio',
  'offer_price_avg',
  'market_estimated_value_avg',
] as const;
type Figures = Partial<Record<(typeof COLUMNS)[number], number | null>>;
interface Row extends Figures {
  market: string;
  segment: string;
  grain: 'week' | 'month';
  week: string;
}
interface Component {
  figure: string;
  value: number | null;
  points: number | null;
}
interface Ranked {
  total: number;
  notes: string[];
  markets: Array<{ rank: number; market: string; score: number; data_through: string; components: Component[] }>;
  too_little_data: Array<{ market: string; reason: string; periods: number }>;
}

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  // MORTGAGE30US.csv, lines 2706 and 2719: the newest by 91 days before 30 April 2023, and by that day.
  await database.query(
    `insert into raw.macro (tenant_id, series, date, value) values
     ($1, 'mortgage_rate_30y', '2023-01-26', 6.13), ($1, 'mortgage_rate_30y', '2023-04-27', 6.43)`,
    [database.tenantId],
  );
});
afterAll(() => database.close());

async function store(rows: readonly Row[]): Promise<void> {
  const columns = ['market', 'segment', 'grain', 'week', ...COLUMNS];
  await database.query(
    `insert into mart.market_metrics (tenant_id, ${columns}) select $1::uuid, ${columns}
     from jsonb_populate_recordset(null::mart.market_metrics, $2::jsonb)`,
    [database.tenantId, JSON.stringify(rows)],
  );
}

const ask = <T>(name: string, input: object, now = NOW) =>
  withTenant(database.db, database.tenantId, (trx) =>
    runTool({ warehouse: postgresWarehouse(trx), now, weights: NO_WEIGHTS }, name, input),
  ) as Promise<T>;

const figureOf = (components: Component[], figure: string) => components.find((one) => one.figure === figure)!;

/** `$276K`, `1.30%`, `371,041` as numbers. */
function numberOf(text: string): number {
  const plain = Number(text.replace(/[$,%K]/g, ''));
  if (text.endsWith('K')) return plain * 1000;
  return text.endsWith('%') ? plain / 100 : plain;
}

interface Published extends Row {
  published: { price: number; sold: number; inventory: number; days: number; ratio: number };
}

/** The crosstab of six metropolitan areas and the nation, read plainly. */
function crosstab(): Published[] {
  const text = readFileSync(join(shared, 'redfin_metro_monthly_2019_2023.csv'), 'utf8');
  const [, ...rows] = parse(text, { bom: true }) as string[][];
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  return rows.map((cells) => {
    const [month = '', year = ''] = cells[1]!.split('-');
    const at = (index: number) => numberOf(cells[index]!);
    return {
      market: cells[0]!.trim(),
      segment: 'all',
      grain: 'month',
      week: `20${year}-${String(months.indexOf(month) + 1).padStart(2, '0')}-01`,
      median_sale_price: at(2),
      homes_sold: at(5),
      inventory_count: at(11),
      days_on_market: at(14),
      list_to_sale_ratio: at(17),
      published: { price: at(4), sold: at(7), inventory: at(13), days: at(16), ratio: at(19) },
    };
  });
}

const middle = (values: number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(half)]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

describe.skipIf(!existsSync(shared))(`published figures, in ${shared}`, () => {
  let rows: Published[];
  beforeAll(async () => {
    rows = crosstab();
    await store(rows.map(({ published: _, ...row }) => row));
  });

  it('rank as worked out by hand from redfin_metro_monthly_2019_2023.csv', async () => {
    const metros = await ask<Ranked & { level: string; notes: string[] }>('rank_all_markets', {});
    expect(metros).toMatchObject({ total: 6, level: 'metro' });
    expect(metros.notes).toContainEqual(expect.stringMatching(/also 1 of level nation: ask with level/));
    const ranking = await ask<Ranked>('rank_all_markets', { level: 'all' });
    expect(ranking.total).toBe(7);
    const names = (answer: Ranked) => answer.markets.map(({ market }) => market);
    expect(names(metros)).toEqual(names(ranking).filter((name) => name !== 'National'));
    expect(ranking.too_little_data).toEqual([]);
    const clamp = (share: number) => Math.max(0, Math.min(1, share));
    const expected = ranking.markets.map(({ market, score, data_through, components }) => {
      expect(data_through).toBe('2023-04-30');
      const own = rows.filter((row) => row.market === market);
      const on = (week: string) => own.find((row) => row.week === week)!;
      const [now, before] = [on('2023-04-01'), on('2022-04-01')];
      const logs = own
        .filter((row) => row.week >= '2022-03-01' && row.week < '2023-04-01')
        .sort((a, b) => (a.week < b.week ? -1 : 1))
        .map((row) => Math.log(row.median_sale_price!));
      const steps = logs.slice(1).map((log, index) => log - logs[index]!);
      const volatility = 1.482602218505602 * middle(steps.map((step) => Math.abs(step - middle(steps))));
      const price = now.median_sale_price! / before.median_sale_price! - 1;
      const stock = now.inventory_count! / before.inventory_count! - 1;
      const supply = now.inventory_count! / now.homes_sold!;
      const points =
        25 * clamp((0.05 - price) / 0.15) +
        15 * clamp((now.days_on_market! - before.days_on_market!) / 30) +
        15 * clamp(stock / 0.5) +
        10 * clamp((1 - now.list_to_sale_ratio!) / 0.05) +
        15 * clamp((supply - 2) / 4) +
        10 * clamp((volatility - 0.01) / 0.04) +
        10 * clamp((6.43 - 6.13) / 1.5);
      expect(score).toBeCloseTo(points, 9);
      expect(figureOf(components, 'price_change_year').value).toBeCloseTo(price, 12);
      expect(figureOf(components, 'price_volatility').value).toBeCloseTo(volatility, 12);
      return { market, points };
    });
    expect(expected.map(({ points }) => points)).toEqual(expected.map(({ points }) => points).sort((a, b) => b - a));

    // Line 307 (Apr-23: $770K, 2,683 sold, 3,093 for sale, 7 days, 100.90%) against line 295 (Apr-22: $850K, 3,184, 5 days).
    const seattle = ranking.markets.find(({ market }) => market.startsWith('Seattle'))!.components;
    expect(figureOf(seattle, 'price_change_year')).toMatchObject({
      value: 770 / 850 - 1,
      now: 770_000,
      before: 850_000,
    });
    expect(figureOf(seattle, 'price_change_year').points).toBeCloseTo(24.019_607_843, 8);
    expect(figureOf(seattle, 'days_on_market_change_year')).toMatchObject({ value: 2, points: 1 });
    expect(figureOf(seattle, 'inventory_change_year').value).toBeCloseTo(-0.028_580_402, 8);
    expect(figureOf(seattle, 'months_of_supply').value).toBeCloseTo(1.152_814_014, 8);
    expect(figureOf(seattle, 'mortgage_rate_change').points).toBeCloseTo(2, 9);
    // Line 52 against line 40, the nation: 36 − 18 days, 861,034 / 800,376 homes.
    const nation = ranking.markets.find(({ market }) => market === 'National')!.components;
    expect(figureOf(nation, 'days_on_market_change_year')).toMatchObject({ value: 18, points: 9 });
    expect(figureOf(nation, 'inventory_change_year').value).toBeCloseTo(0.075_786_88, 8);
    expect(figureOf(nation, 'sale_to_list').points).toBeCloseTo(1, 9);
  });

  it('are scored alone as in the ranking, and leave the running month out', async () => {
    const { markets } = await ask<Ranked>('rank_all_markets', { limit: 3, offset: 1 });
    expect(markets.map(({ rank }) => rank)).toEqual([2, 3, 4]);
    const alone = await ask<{ score: number; components: unknown }>('score_market_risk', {
      market: markets[0]!.market,
    });
    expect(alone).toMatchObject({ score: markets[0]!.score, components: markets[0]!.components });
    const earlier = await ask<{ data_through: string; notes: string[] }>('score_market_risk', {
      market: 'National',
      as_of: '2023-04-15',
    });
    expect(earlier.data_through).toBe('2023-03-31');
    expect(earlier.notes.join(' ')).toContain('Periods up to 2023-04-01 are left out');
  });

  it('change within a year as the publisher says, to its rounding, in every market', async () => {
    const newest = rows.filter(({ week }) => week === '2023-04-01');
    expect(newest).toHaveLength(7);
    for (const { market, published } of newest) {
      const yearOf = async (metric: string) => {
        const trend = await ask<{ year_over_year: { difference: number; relative: number; from: { value: number } } }>(
          'get_market_trend',
          { market, metric, horizon: 0 },
        );
        return trend.year_over_year;
      };
      const price = await yearOf('median_sale_price');
      // Prices are rounded to $1,000, and changes to a tenth of a percent.
      const rounding = (500 * (2 + price.relative)) / price.from.value + 0.0005;
      expect(Math.abs(price.relative - published.price)).toBeLessThanOrEqual(rounding);
      expect(Math.abs((await yearOf('inventory_count')).relative - published.inventory)).toBeLessThanOrEqual(0.000_501);
      expect(Math.abs((await yearOf('homes_sold')).relative - published.sold)).toBeLessThanOrEqual(0.000_501);
      expect(Math.abs((await yearOf('days_on_market')).difference - published.days)).toBeLessThanOrEqual(1);
      expect(Math.abs((await yearOf('list_to_sale_ratio')).difference - published.ratio)).toBeLessThanOrEqual(
        0.001_501,
      );
    }
  });

  it('tell the trend of the nation as redfin_us_national_market_tracker.tsv has it', async () => {
    const text = readFileSync(join(shared, 'redfin_us_national_market_tracker.tsv'), 'utf8');
    const all = parse(text, { columns: true, delimiter: '\t', quote: '"' }) as Array<Record<string, string>>;
    const own = all
      .filter((row) => row.property_type === 'All Residential' && row.is_seasonally_adjusted === 'f')
      .sort((a, b) => (a.period_begin! < b.period_begin! ? -1 : 1));
    const changes = yearChanges(
      own.map((row) => Number(row.median_sale_price)),
      12,
      true,
    );
    let compared = 0;
    for (const [at, change] of changes.entries()) {
      if (change === null) continue;
      // Prices are published in whole dollars.
      const rounding = (0.5 * (2 + change)) / Number(own[at - 12]!.median_sale_price) + 1e-9;
      expect(Math.abs(change - Number(own[at]!.median_sale_price_yoy))).toBeLessThanOrEqual(rounding);
      compared += 1;
    }
    expect(compared).toBe(own.length - 12);
    await store(
      own.map((row) => ({
        market: 'U.S.',
        segment: 'tracker',
        grain: 'month',
        week: row.period_begin!,
        median_sale_price: Number(row.median_sale_price),
        days_on_market: Number(row.median_dom),
        homes_sold: Number(row.homes_sold),
        inventory_count: Number(row.inventory),
        list_to_sale_ratio: Number(row.avg_sale_to_list),
      })),
    );
    const trend = await ask<Record<string, unknown> & { forecast: Array<Record<string, unknown>> }>(
      'get_market_trend',
      { market: 'U.S.', segment: 'tracker', as_of: '2024-02-10' },
    );
    // Line 1314, January 2024: 402,039 dollars; line 701, January 2023: 382,811.
    expect(trend).toMatchObject({
      grain: 'month',
      data_through: '2024-01-31',
      missing_periods: [],
      direction: 'rising',
      direction_method: 'year_over_year',
      year_over_year: {
        from: { period: '2023-01-01', value: 382_811 },
        to: { period: '2024-01-01', value: 402_039 },
        difference: 19_228,
      },
    });
    const { relative } = trend.year_over_year as { relative: number };
    expect(relative).toBe(402_039 / 382_811 - 1);
    // The file says 0.0502289348, of dollars that it does not round.
    expect(relative).toBeCloseTo(0.050_228_934_8, 5);
    expect(trend.forecast.map(({ figure, available }) => [figure, available])).toEqual([
      ['price', true],
      ['days_on_market', true],
      ['sales', true],
    ]);
    for (const one of trend.forecast) {
      const mae = one.mae as Record<string, number>;
      expect(mae[String(one.method)]).toBe(Math.min(...Object.values(mae)));
      expect((one.forecast as Array<{ period: string }>)[0]!.period).toBe('2024-02-01');
    }
  });
});

describe('markets of one’s own making', () => {
  const weeks = Array.from({ length: 70 }, (_, at) =>
    new Date(Date.UTC(2022, 0, 3) + at * 604_800_000).toISOString().slice(0, 10),
  );
  const newest = weeks.filter((week) => week <= '2023-05-08').slice(-70);
  const made = (market: string, count: number, price: (at: number) => number): Row[] =>
    newest.slice(-count).map((week, at) => ({
      market,
      segment: 'made',
      grain: 'week',
      week,
      median_sale_price: price(at + newest.length - count),
      days_on_market: 20 + (at % 3),
      homes_sold: 40,
      inventory_count: 160,
      list_to_sale_ratio: 0.99,
    }));
  const rows = [
    ...made('Even B', 70, () => 300_000),
    ...made('Even A', 70, () => 300_000),
    ...made('Falling', 70, (at) => 400_000 * 0.998 ** at),
    ...made('Three rows', 3, () => 250_000),
    ...made('Stopped', 70, () => 250_000).filter(({ week }) => week < '2023-01-01'),
    { ...made('From the future', 1, () => 1)[0]!, market: 'Even A', week: '2024-01-01' },
  ];
  beforeAll(() => store(rows));

  it('are ordered by name when equal, and set apart with the reason when too little is known', async () => {
    const ranking = await ask<Ranked>('rank_all_markets', { segment: 'made' });
    expect(ranking.markets.map(({ market }) => market)).toEqual(['Falling', 'Even A', 'Even B']);
    expect(ranking.markets[1]!.score).toBe(ranking.markets[2]!.score);
    expect(ranking.too_little_data).toMatchObject([
      { market: 'Stopped', reason: expect.stringContaining('no price in the newest weeks') },
      { market: 'Three rows', reason: '3 weeks with a price, at least 5 are needed' },
    ]);
    expect(ranking.notes.join(' ')).toContain('Periods up to 2024-01-01 are left out');
    const best = await ask<Ranked>('rank_all_markets', { segment: 'made', by: 'opportunity' });
    expect(best.markets.at(-1)?.market).toBe('Falling');
  });

  it('get no confident figure out of three rows, and none out of nothing', async () => {
    const market = { market: 'Three rows', segment: 'made' };
    expect(await ask('score_market_risk', market)).toMatchObject({ score: null, band: null, confidence: { value: 0 } });
    const trend = await ask<{ forecast: Array<{ available: boolean; statement: string }> }>('get_market_trend', market);
    expect(trend).toMatchObject({ direction: 'unknown', confidence: { value: 0 }, year_over_year: null });
    expect(trend.forecast.map(({ available }) => available)).toEqual([false, false, false]);
    expect(trend.forecast[0]!.statement).toBe('No forecast: 3 weeks in a row, at least 26 are needed.');
    expect(await ask('get_market_trend', { market: 'Nowhere' })).toMatchObject({ data_through: null, series: [] });
    expect(await ask('score_market_risk', { market: 'Nowhere' })).toMatchObject({ score: null, grain: null });
    expect(await ask('rank_all_markets', { segment: 'none' })).toMatchObject({ total: 0, markets: [], grain: null });
  });

  it('get the same answers out of a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reos markets '));
    const columns = ['market', 'segment', 'grain', 'week', ...COLUMNS] as const;
    const lines = rows.map((row) => columns.map((column) => row[column] ?? '').join(','));
    writeFileSync(
      join(folder, 'macro.csv'),
      'series,date,value\nmortgage_rate_30y,2023-01-26,6.13\nmortgage_rate_30y,2023-04-27,6.43\n',
    );
    writeFileSync(join(folder, 'market_metrics.csv'), [columns.join(','), ...lines].join('\n'));
    const files = await openFileWarehouse(folder);
    for (const [name, input] of [
      ['rank_all_markets', { segment: 'made' }],
      ['score_market_risk', { market: 'Falling', segment: 'made' }],
      ['get_market_trend', { market: 'Falling', segment: 'made' }],
    ] as const) {
      const answer = await runTool({ warehouse: files, now: NOW, weights: NO_WEIGHTS }, name, input);
      expect(answer).toEqual(await ask(name, input));
    }
    files.close();
    rmSync(folder, { recursive: true });
  });
});
