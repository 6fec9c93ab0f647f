import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeWorldRows } from '../../db/queries/market-world.ts';
import { withTenant } from '../../db/tenant.ts';
import { marketMetricRows } from '../../domain/market/world/mart-rows.ts';
import { rawRows } from '../../domain/market/world/raw-rows.ts';
import type { WorldRow } from '../../domain/market/world/shape.ts';
import { createWorld } from '../../domain/market/world/world.ts';
import { dayOf, periodOf, periodStart } from '../../intelligence/periods.ts';
import { WAREHOUSE_TABLES } from '../../intelligence/tables.ts';
import { chooseOrMakeTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';
import { dayOption, wholeOption } from '../train-options.ts';

/** `reos market world`: an invented world of markets with known anomalies, as files or in the tenant's Postgres. */
export const marketWorld: Verb = {
  localOnly: 'It makes files and rows where the installation is.',
  describe: (command) =>
    command
      .description('Make an invented world of markets with known anomalies, the same for the same seed')
      .option('--seed <n>', 'which world', '7')
      .option('--markets <n>', 'markets, 1 to 1000', '20')
      .option('--weeks <n>', 'weeks, 26 to 530', '104')
      .option('--until <day>', 'last day (default: yesterday); the last complete week is the newest')
      .option('--quiet', 'without any anomaly')
      .option('--out <dir>', 'write one CSV file per table and truth.json there')
      .option('--load', "write the rows into the tenant's Postgres")
      .option('--no-raw', 'only mart.market_metrics: for many markets or years')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos market world --seed 7 --out world\n  $ reos market world --seed 7 --load --tenant trial',
      ),
  async run(context, _args, options) {
    const seed = wholeOption('--seed', options.seed, 0, 2_147_483_647) ?? 7;
    const until = dayOption('--until', options.until);
    // The week in which the day after lies is not complete.
    const after = until === undefined ? dayOf(new Date()) : dayOf(new Date(Date.parse(until) + 86_400_000));
    const lastWeek = periodStart(periodOf(after, 'week'), 'week', -1);
    const world = createWorld({
      seed,
      lastWeek,
      markets: wholeOption('--markets', options.markets, 1, 1_000),
      weeks: wholeOption('--weeks', options.weeks, 26, 530),
      isQuiet: options.quiet === true,
    });
    const tables: Record<string, WorldRow[]> = {
      ...(options.raw === false ? {} : rawRows(world, seed)),
      'mart.market_metrics': marketMetricRows(world),
    };
    const folder = options.out === undefined ? null : resolve(String(options.out));
    if (folder !== null) {
      await mkdir(folder, { recursive: true });
      for (const [name, rows] of Object.entries(tables)) {
        await writeFile(join(folder, `${name}.csv`), csvOf(Object.keys(WAREHOUSE_TABLES[name]!), rows));
      }
      await writeFile(join(folder, 'truth.json'), `${JSON.stringify({ seed, anomalies: world.truth }, null, 2)}\n`);
    }
    if (options.load === true) {
      await useSystem(context, { services: false }, async (system) => {
        const tenant = await chooseOrMakeTenant(context, system.db);
        // All or nothing: half a world would be an anomaly that nobody put in.
        await withTenant(system.db, tenant.id, async (trx) => {
          for (const [name, rows] of Object.entries(tables)) {
            await writeWorldRows(trx, name, WAREHOUSE_TABLES[name]!, rows);
          }
        });
      });
    }
    const counts = Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, rows.length]));
    const shown = world.truth.map(({ market, kind, metric, from, weeks, size }) => ({
      market,
      kind,
      metric,
      from,
      weeks,
      size: `${Math.round(size * 100)}%`,
    }));
    const lines = [
      ...(shown.length === 0 ? [] : [table(shown, ['market', 'kind', 'metric', 'from', 'weeks', 'size']), '']),
      `World ${seed}: ${world.profiles.length} markets up to the week of ${lastWeek}, ${world.truth.length} anomalies.`,
      ...(folder === null ? [] : [`Files: ${folder}`]),
      ...(options.load === true ? ['Loaded.'] : []),
      ...(folder === null && options.load !== true ? ['Nothing was written: --out DIR or --load.'] : []),
    ];
    const object = {
      seed,
      last_week: lastWeek,
      rows: counts,
      anomalies: world.truth,
      folder,
      loaded: options.load === true,
    };
    context.output.answer(object, lines.join('\n'));
  },
};

/** Lines of CSV by RFC 4180; unknown is empty. */
function csvOf(columns: readonly string[], rows: readonly WorldRow[]): string {
  const cell = (value: WorldRow[string] | undefined) => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns.join(','), ...rows.map((row) => columns.map((column) => cell(row[column])).join(',')), ''].join('\n');
}
