import { refreshDeals } from '../../../src/db/queries/market-deals.ts';
import { closeLoad, openLoad } from '../../../src/db/queries/market-load.ts';
import { writeWorldRows } from '../../../src/db/queries/market-world.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { marketMetricRows } from '../../../src/domain/market/world/mart-rows.ts';
import { rawRows } from '../../../src/domain/market/world/raw-rows.ts';
import type { WorldRow } from '../../../src/domain/market/world/shape.ts';
import { createWorld } from '../../../src/domain/market/world/world.ts';
import { dayOf, periodOf, periodStart, shiftDays } from '../../../src/intelligence/periods.ts';
import { WAREHOUSE_TABLES } from '../../../src/intelligence/tables.ts';
import type { SignedUp } from './people.ts';
import type { DashboardSystem } from './system.ts';

const SEED = 11;
/** Weeks of the world, and how many of them have not happened yet: its anomalies lie at the present so. */
const WEEKS = 76;
const WEEKS_TO_COME = 9;
/** Homes that were resold in so many days are taken as not sold yet. */
const HELD_DAYS = 25;
/** Feeds of tens of thousands of rows: the newest ten weeks of them are enough to look at. */
const MANY = new Set(['raw.mls_listings', 'raw.offer_events']);

/** An invented world of twelve markets up to last week, some with an anomaly that goes on, and the loads of its rows. */
export async function seedMarkets({ deps }: DashboardSystem, { tenantId }: SignedUp): Promise<void> {
  const lastWeek = periodStart(periodOf(dayOf(new Date()), 'week'), 'week', -1);
  const end = periodStart(lastWeek, 'week', WEEKS_TO_COME);
  const world = createWorld({ seed: SEED, lastWeek: end, markets: 12, weeks: WEEKS });
  const tables: Record<string, WorldRow[]> = {
    ...rawRows(world, SEED),
    'mart.market_metrics': marketMetricRows(world),
  };
  const today = dayOf(new Date());
  const oldest = shiftDays(today, -70);
  const startedAt = new Date(Date.now() - 3_600_000);
  await withTenant(deps.db, tenantId, async (trx) => {
    for (const [name, made] of Object.entries(tables)) {
      const rows = made.filter((row) => {
        const day = newestDay(name, row);
        if (name.startsWith('mart.')) return day <= lastWeek;
        // Homes whose resale is left out are still held: deals to choose from.
        if (name === 'raw.resales') return day < shiftDays(today, -HELD_DAYS);
        return day < today && (day >= oldest || !MANY.has(name));
      });
      await writeWorldRows(trx, name, WAREHOUSE_TABLES[name]!, rows);
      const feed = name.slice(name.indexOf('.') + 1);
      if (!name.startsWith('raw.')) continue;
      const load = { feed, origin: `${feed}.csv`, layout: feed, contentSha256: null, startedAt };
      const refused = Math.round(rows.length / 900);
      await closeLoad(
        trx,
        await openLoad(trx, load),
        {
          status: 'success',
          rowsRead: rows.length + refused,
          rowsKept: rows.length,
          rowsRejected: refused,
          rowsRepeated: 0,
          gate: [],
          dataFrom: world.weeks[0]!.week,
          dataTo: lastWeek,
          message: null,
        },
        new Date(startedAt.getTime() + 40_000),
      );
    }
  });
  // The homes are marked as changed by what was written; the schedule that computes them is at rest in tests.
  for (let marks = 1; marks > 0; ) ({ marks } = await withTenant(deps.db, tenantId, (trx) => refreshDeals(trx)));
}

/** The newest day that a row tells of. */
function newestDay(table: string, row: WorldRow): string {
  const days = Object.entries(WAREHOUSE_TABLES[table]!).filter(
    ([, type]) => type === 'date' || type.startsWith('time'),
  );
  return days.reduce((newest, [column]) => {
    const day = String(row[column] ?? '').slice(0, 10);
    return day > newest ? day : newest;
  }, '');
}
