import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withTenant } from '../../../src/db/tenant.ts';
import { ReosError } from '../../../src/domain/errors.ts';
import { NO_WEIGHTS } from '../../../src/domain/market/calibration.ts';
import { marketMetricRows } from '../../../src/domain/market/world/mart-rows.ts';
import { createWorld } from '../../../src/domain/market/world/world.ts';
import { createRandom } from '../../../src/domain/valuation/random.ts';
import { runTool, TOOLS } from '../../../src/intelligence/registry.ts';
import type { Dialect, Warehouse } from '../../../src/intelligence/warehouse.ts';
import { postgresWarehouse } from '../../../src/intelligence/warehouses/postgres.ts';
import { snowflakeDialect } from '../../../src/intelligence/warehouses/snowflake.ts';
import { HOME_DAY, homeRows } from '../support/home-rows.ts';
import { randomInput, type Words } from '../support/random-input.ts';
import { createTwins, differences, type TwinWarehouses } from '../support/twin-warehouses.ts';

const INPUTS = 200;
const NOW = new Date(`${HOME_DAY}T12:00:00Z`);
const world = createWorld({ seed: 7, lastWeek: '2026-03-02', weeks: 70, markets: 6 });
const markets = world.profiles.map(({ market }) => market);
const words: Words = {
  market: [...markets, 'Nowhere'],
  segment: ['all', 'condo', 'single_family', 'none'],
  day: ['2026-03-10', '2026-02-01', '2025-06-15', '2020-01-01'],
  tool: ['detect_inventory_surges'],
  text: ['all', 'condo', 'x'],
};
const READING = TOOLS.filter(({ writes }) => !writes);
let twins: TwinWarehouses;

beforeAll(async () => {
  const homes = homeRows(markets.slice(0, 3));
  const macro = world.macro.map(({ series, date, value }) => ({ series, date, value }));
  twins = await createTwins({ ...homes, 'mart.market_metrics': marketMetricRows(world), 'raw.macro': macro });
});
afterAll(() => twins.close());

/** The answer, or the refusal of an input as words. Nothing else may go wrong. */
const settled = (asked: Promise<unknown>) =>
  asked.catch((error: unknown) => {
    if (error instanceof ReosError && error.code === 'validation') return { refused: error.message };
    throw error;
  });

describe('every reading tool, over Postgres and over files', () => {
  it.each(READING.map((tool) => [tool.name, tool] as const))('%s answers the same', async (name, tool) => {
    const random = createRandom(21);
    let answered = 0;
    for (let at = 0; at < INPUTS; at += 1) {
      const input = randomInput(tool, random, words);
      const both = (await settled(twins.ask(name, input, NOW))) as Awaited<ReturnType<typeof twins.ask>>;
      if ('refused' in both) continue;
      answered += 1;
      expect(differences(both.postgres, both.duckdb), JSON.stringify(input)).toEqual([]);
    }
    // Inputs that the tool refuses prove nothing.
    expect(answered).toBeGreaterThan(INPUTS / 2);
  });

  it('binds values in the order of the text, as Snowflake takes them', async () => {
    const random = createRandom(3);
    const seen = new Set<string>();
    await withTenant(twins.database.db, twins.database.tenantId, async (trx) => {
      const inner = postgresWarehouse(trx);
      const warehouse: Warehouse = {
        ...inner,
        read: (reading, params) => {
          seen.add(reading.name);
          const bindings: Parameters<typeof snowflakeDialect>[1] = {};
          const numbered = numberedDialect(snowflakeDialect('tenant', bindings), bindings);
          const marks = [...reading.sql(numbered, params).matchAll(/\?(\d+)/g)].map(([, mark]) => Number(mark));
          expect(marks, reading.name).toEqual(marks.map((_, index) => index + 1));
          expect(marks.length, reading.name).toBe(Object.keys(bindings).length);
          return inner.read(reading, params);
        },
      };
      for (const tool of READING) {
        for (let at = 0; at < 10; at += 1) {
          const context = { warehouse, now: NOW, weights: NO_WEIGHTS };
          await settled(runTool(context, tool.name, randomInput(tool, random, words)));
        }
      }
    });
    expect(seen.size).toBeGreaterThan(3);
  });
});

/** The dialect with its placeholders numbered. */
function numberedDialect(dialect: Dialect, bindings: object): Dialect {
  const numbered = (text: string) => text.replace('?', () => `?${Object.keys(bindings).length}`);
  return {
    ...dialect,
    table: (name) => numbered(dialect.table(name)),
    bind: (value, type) => numbered(dialect.bind(value, type)),
  };
}
