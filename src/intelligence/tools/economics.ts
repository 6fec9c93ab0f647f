import { marketMean, pooledMean } from '../../domain/market/economics.ts';
import type { BusinessBase } from '../../domain/market/impact.ts';
import type { Interval } from '../../domain/market/probability.ts';
import { shiftDays } from '../periods.ts';
import type { HomeScope } from '../readings/deals.ts';
import { heldStock, type StockRow } from '../readings/deals-held.ts';
import { type EconomicsRow, purchases, soldEconomics } from '../readings/pricing-economics.ts';
import type { ToolContext } from '../tool.ts';

/** What homes sold in the last half year brought, per market and over all of them. */
export interface Economics {
  rows: ReadonlyMap<string, EconomicsRow>;
  /** Mean net margin of a market, or of all with null; null when too few homes were sold anywhere. */
  margin(market: string | null): Interval | null;
  /** Net margin as a share of the resale price, as `margin`. */
  marginRatio(market: string | null): Interval | null;
  sold: number;
  newest: string | null;
}

/** Half a year. */
export const ECONOMICS_WEEKS = 26;

/** Reads it for every market at once: small markets lean on the whole. */
export async function readEconomics(
  { warehouse }: ToolContext,
  { segment, to }: Omit<HomeScope, 'market'>,
): Promise<Economics> {
  const from = shiftDays(to, -7 * ECONOMICS_WEEKS);
  const list = await warehouse.read(soldEconomics, { market: null, segment, from, to });
  const rows = new Map(list.map((row) => [row.market, row]));
  const marginOf = (row: EconomicsRow) => ({
    count: row.with_margin,
    mean: row.margin_mean,
    deviation: row.margin_deviation,
  });
  const ratioOf = (row: EconomicsRow) => ({
    count: row.with_margin,
    mean: row.margin_ratio_mean,
    deviation: row.margin_ratio_deviation,
  });
  const by = (of: typeof marginOf) => {
    const pool = pooledMean(list.map(of));
    return (market: string | null) => {
      const row = market === null ? undefined : rows.get(market);
      return marketMean(market === null ? pool : row && of(row), pool);
    };
  };
  const days = list.flatMap(({ newest }) => newest ?? []).sort();
  const sold = list.reduce((sum, row) => sum + row.sold, 0);
  return { rows, margin: by(marginOf), marginRatio: by(ratioOf), sold, newest: days.at(-1) ?? null };
}

/** Weighted mean of a column over the markets of a scope; null when none knows it. */
function meanOf(rows: readonly EconomicsRow[], of: (row: EconomicsRow) => number | null): number | null {
  const known = rows.filter((row) => of(row) !== null);
  const count = known.reduce((sum, row) => sum + row.sold, 0);
  return count === 0 ? null : known.reduce((sum, row) => sum + row.sold * of(row)!, 0) / count;
}

/** What a scope's business is made of; null when too few homes were sold anywhere to say what one brings. */
export function businessBase(
  economics: Economics,
  market: string | null,
  held: readonly StockRow[],
  bought: number,
): BusinessBase | null {
  const margin = economics.margin(market);
  if (margin === null) return null;
  const all = [...economics.rows.values()];
  const row = market === null ? undefined : economics.rows.get(market);
  const own = market === null ? all : row === undefined ? [] : [row];
  const value = (of: (row: EconomicsRow) => number | null) => meanOf(own, of) ?? meanOf(all, of) ?? 0;
  return {
    purchasesPerWeek: bought / ECONOMICS_WEEKS,
    salesPerWeek: own.reduce((sum, row) => sum + row.sold, 0) / ECONOMICS_WEEKS,
    heldHomes: held.reduce((sum, row) => sum + row.homes, 0),
    purchasePrice: value((row) => row.purchase_price),
    salePrice: value((row) => row.sale_price),
    renovation: value((row) => row.renovation),
    holdPerDay: value((row) => row.hold_per_day),
    margin,
  };
}

/** Held homes and purchases of the last half year of a scope. */
export async function readVolumes({ warehouse }: ToolContext, scope: HomeScope) {
  const from = shiftDays(scope.to, -7 * ECONOMICS_WEEKS);
  const held = await warehouse.read(heldStock, scope);
  const bought = await warehouse.read(purchases, { ...scope, from });
  return { held, bought };
}
