import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NO_WEIGHTS } from '../../../src/domain/market/calibration.ts';
import { runTool } from '../../../src/intelligence/registry.ts';
import { type FileWarehouse, openFileWarehouse } from '../../../src/intelligence/warehouses/duckdb.ts';

const folder = mkdtempSync(join(tmpdir(), 'reos market '));
let warehouse: FileWarehouse;

beforeAll(async () => {
  writeFileSync(
    join(folder, 'market_metrics.csv'),
    [
      'market,week,median_sale_price,days_on_market,list_to_sale_ratio',
      '"Boise, ID",2026-02-23,400000,20,0.98',
      '"Boise, ID",2026-03-02,410000,,0.99',
      '"Reno, NV",2026-03-02,500000,31,1.01',
      '',
    ].join('\n'),
  );
  warehouse = await openFileWarehouse(folder);
});
afterAll(() => {
  warehouse.close();
  rmSync(folder, { recursive: true });
});

describe('a folder of files as the warehouse', () => {
  it('answers a tool; what a file lacks is unknown', async () => {
    const context = { warehouse, now: new Date('2026-03-10T12:00:00Z'), weights: NO_WEIGHTS };
    const answer = await runTool(context, 'get-market-summary', { market: 'Boise, ID' });
    expect(answer).toMatchObject({
      as_of: '2026-03-10',
      data_through: '2026-03-02',
      figures: [
        { metric: 'median_sale_price', value: 410_000, period: '2026-03-02', change_year: null },
        { metric: 'days_on_market', value: 20, period: '2026-02-23' },
        { metric: 'list_to_sale_ratio', value: 0.99 },
      ],
    });
    const [price] = (answer as { figures: Array<{ change_previous: number }> }).figures;
    expect(price?.change_previous).toBeCloseTo(0.025, 12);
    expect(warehouse.asked.at(-1)).toMatchObject({ reading: 'market_series', rows: 1 });
  });

  it('refuses a folder without tables, and names a file that is not its table', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'reos market '));
    await expect(openFileWarehouse(empty)).rejects.toThrow(/has no file of a table/);
    writeFileSync(join(empty, 'mart.market_metrics.csv'), 'market,week\nA,yesterday\n');
    await expect(openFileWarehouse(empty)).rejects.toThrow(/mart\.market_metrics\.csv cannot be read as mart\.market/);
    rmSync(empty, { recursive: true });
  });
});
