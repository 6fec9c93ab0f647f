import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { writeWorldRows } from '../../../src/db/queries/market-world.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { NO_WEIGHTS } from '../../../src/domain/market/calibration.ts';
import { marketMetricRows } from '../../../src/domain/market/world/mart-rows.ts';
import { rawRows } from '../../../src/domain/market/world/raw-rows.ts';
import { createWorld } from '../../../src/domain/market/world/world.ts';
import { runTool } from '../../../src/intelligence/registry.ts';
import { WAREHOUSE_TABLES } from '../../../src/intelligence/tables.ts';
import { type FileWarehouse, openFileWarehouse } from '../../../src/intelligence/warehouses/duckdb.ts';
import { postgresWarehouse } from '../../../src/intelligence/warehouses/postgres.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'reos world '));
const world = createWorld({ seed: 7, lastWeek: '2026-11-09', markets: 6 });
const now = new Date('2026-11-17T12:00:00Z');
let database: TestDatabase;
let files: FileWarehouse;

beforeAll(async () => {
  database = await createTestDatabase();
  const words: string[] = [];
  const stream = { write: (text: string) => words.push(text) };
  const options = ['--seed', '7', '--markets', '6', '--until', '2026-11-16', '--out', folder, '--json'];
  expect(await main(['market', 'world', ...options], { stdout: stream, stderr: stream })).toBe(0);
  expect(JSON.parse(words.join(''))).toMatchObject({ last_week: '2026-11-09', anomalies: world.truth, loaded: false });
  files = await openFileWarehouse(folder);
  await withTenant(database.db, database.tenantId, async (trx) => {
    const tables = { ...rawRows(world, 7), 'mart.market_metrics': marketMetricRows(world) };
    for (const [table, rows] of Object.entries(tables)) {
      // Twice: the same rows again are the same rows.
      const some = table === 'mart.market_metrics' ? rows : rows.slice(0, 300);
      await writeWorldRows(trx, table, WAREHOUSE_TABLES[table]!, some);
      expect(await writeWorldRows(trx, table, WAREHOUSE_TABLES[table]!, some)).toBe(some.length);
    }
  });
});
afterAll(async () => {
  files.close();
  rmSync(folder, { recursive: true });
  await database.close();
});

type Answer = Record<string, Array<Record<string, unknown>>> & { notes: string[] };
const ofFiles = (name: string, input: object) =>
  runTool({ warehouse: files, now, weights: NO_WEIGHTS }, name, input) as Promise<Answer>;
const ofPostgres = (name: string, input: object) =>
  withTenant(database.db, database.tenantId, (trx) =>
    runTool({ warehouse: postgresWarehouse(trx), now, weights: NO_WEIGHTS }, name, input),
  ) as Promise<Answer>;

describe('detection over warehouses', () => {
  it('finds what was put in, the same in files and in Postgres', async () => {
    for (const [name, input] of [
      ['detect_anomalies', { lookback: 50 }],
      ['detect_inventory_surges', { lookback: 50 }],
      ['detect_anomalies', { market: 'Phoenix, AZ', metrics: ['inventory_count'], as_of: '2026-03-01' }],
    ] as const) {
      expect(await ofPostgres(name, input)).toEqual(await ofFiles(name, input));
    }
    const { surges } = await ofFiles('detect_inventory_surges', { lookback: 50 });
    const truth = world.truth.filter(({ kind }) => kind === 'inventory_surge').map(({ market }) => market);
    expect(new Set(surges!.map(({ market }) => market))).toEqual(new Set(truth));
    const { gaps } = await ofFiles('detect_anomalies', { lookback: 50 });
    const missing = world.truth.filter(({ kind }) => kind === 'data_gap');
    expect(gaps!.map(({ market, from, to }) => ({ market, from, to }))).toEqual(
      missing.map(({ market, from, to }) => ({ market, from, to })),
    );
  });

  it('sees a surge while it goes on, and nothing newer than as_of', async () => {
    const surge = world.truth.find(({ kind }) => kind === 'inventory_surge')!;
    const { surges } = await ofFiles('detect_inventory_surges', { market: surge.market, as_of: '2026-03-01' });
    expect(surges![0]).toMatchObject({
      market: surge.market,
      rank: 1,
      started: surge.from,
      ended: null,
      period: '2026-02-23',
    });
    expect(Number(surges![0]!.excess_homes)).toBeGreaterThan(50);
    expect(Number(surges![0]!.robust_z)).toBeGreaterThan(6);
    const before = await ofFiles('detect_inventory_surges', { market: surge.market, as_of: surge.from });
    expect(before.surges).toEqual([]);
  });

  it('states what it cannot judge: few rows, a feed that stopped, rows of the future', async () => {
    await withTenant(database.db, database.tenantId, (trx) => {
      const row = (market: string, week: string, inventory: number) => ({
        market,
        segment: 'all',
        grain: 'week',
        week,
        inventory_count: inventory,
      });
      const rows = [
        ...['2026-10-26', '2026-11-02', '2026-11-09'].map((week, at) => row('Tiny, TX', week, 10 * 9 ** at)),
        row('Tiny, TX', '2027-03-01', 5),
        ...marketMetricRows(world)
          .filter(({ market, week }) => market === 'Houston, TX' && String(week) < '2026-10-19')
          .map((one) => row('Stopped, TX', String(one.week), Number(one.inventory_count))),
      ];
      return writeWorldRows(trx, 'mart.market_metrics', WAREHOUSE_TABLES['mart.market_metrics']!, rows);
    });
    const tiny = await ofPostgres('detect_anomalies', { market: 'Tiny, TX' });
    expect(tiny.anomalies).toEqual([]);
    expect(tiny.not_judged).toHaveLength(1);
    expect(tiny.not_judged![0]!.reason).toMatch(/^3 weeks are known, at least 22/);
    expect(tiny.notes.join(' ')).toMatch(/1 rows lie after 2026-11-17/);
    const { surges, notes } = await ofPostgres('detect_inventory_surges', {});
    expect(surges!.map(({ market }) => market)).not.toContain('Tiny, TX');
    expect(notes.join(' ')).toMatch(/Too little history.*Tiny, TX \(3 weeks\)/);
    expect(notes.join(' ')).toMatch(/Stopped, TX since 2026-10-19/);
    const nowhere = await ofPostgres('detect_anomalies', { market: 'Nowhere' });
    expect(nowhere).toMatchObject({ anomalies: [], data_through: null, markets: 0 });
    expect(nowhere.notes.join(' ')).toMatch(/no complete week of Nowhere/);
  });
});
