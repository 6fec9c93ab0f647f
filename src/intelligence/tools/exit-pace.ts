import { exitHazard } from '../../domain/market/exits.ts';
import { ageDaysOf, shiftDays } from '../periods.ts';
import { type HomeScope, type SoldRow, soldHomes } from '../readings/deals.ts';
import type { HeldRow } from '../readings/deals-held.ts';
import type { ToolContext } from '../tool.ts';

/** Chances of a sale by age and what they were learnt from. */
export interface ExitPace {
  hazard: number[];
  /** Sales of the market itself, and of all markets (the newest ones). */
  own: number;
  all: number;
  /** Newest sale. */
  newest: string | null;
}

/** Sales of so many days before are looked at. */
const LOOK_BACK_DAYS = 2 * 365;

/** How soon homes are sold: by the market's own sales, smoothed towards all markets; by all markets where none is named. */
export async function readExitPace(
  { warehouse }: ToolContext,
  scope: HomeScope,
  groups: readonly HeldRow[],
): Promise<ExitPace> {
  const from = shiftDays(scope.to, -LOOK_BACK_DAYS);
  const everywhere = { market: null, segment: 'all', from, to: scope.to };
  const all = (await warehouse.read(soldHomes, everywhere)).flatMap(agedSale);
  const isWhole = scope.market === null && scope.segment === 'all';
  const own = isWhole ? all : (await warehouse.read(soldHomes, { ...scope, from })).flatMap(agedSale);
  const held = counted(groups.map((row) => [row.ageWeek, row.all_homes]));
  const pool = exitHazard({ sold: counted(all.map((sale) => [sale.week, 1])), held: isWhole ? held : new Map() }, null);
  const hazard = isWhole ? pool : exitHazard({ sold: counted(own.map((sale) => [sale.week, 1])), held }, pool);
  return { hazard, own: own.length, all: all.length, newest: (own[0] ?? all[0])?.day ?? null };
}

/** Weeks from acquisition to sale; without those days the days that it took to sell. */
function agedSale(row: SoldRow): Array<{ week: number; day: string }> {
  const days = row.days_held ?? row.days_to_sell;
  return days === null ? [] : [{ week: Math.floor(days / 7), day: row.close_date }];
}

function counted(entries: ReadonlyArray<readonly [number, number]>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const [week, count] of entries) counts.set(week, (counts.get(week) ?? 0) + count);
  return counts;
}

/** Days since the newest sale; null without one. */
export const paceAge = (pace: ExitPace, to: string): number | null =>
  pace.newest === null ? null : ageDaysOf(pace.newest, to);
