import { groupedBy } from '../../domain/market/grouped.ts';
import { bytesOf, remembered } from '../memory.ts';
import { dayOfNumber, numberOfDay } from '../readings/number-list.ts';
import { type MarketSales, PAIR_TABLES, type PairBasis, pricedSales } from '../readings/pricing-pairs.ts';
import type { Warehouse } from '../warehouse.ts';

/** Sales of a span; segment `all` is every segment. */
export interface SalesScope {
  market: string | null;
  segment: string;
  from: string;
  to: string;
}

/**
 * The sales of a span with their estimates, by market and segment in order of their names, newest first. An estimate is one
 * from before the day of its sale, so it is the same whenever and for whatever span is asked: where the warehouse keeps what
 * was read, all sales are read once, and spans, markets and segments are cut from them.
 */
export async function readPricedSales(
  warehouse: Warehouse,
  basis: PairBasis,
  scope: SalesScope,
): Promise<MarketSales[]> {
  const name = `sales ${basis}`;
  const tables = PAIR_TABLES[basis];
  const kept = (await warehouse.memory?.find(name, tables)) as MarketSales[] | undefined;
  const isWhole = kept !== undefined || (warehouse.memory !== undefined && scope.market === null);
  const read = async () => inOrder(await warehouse.read(pricedSales, { ...(isWhole ? EVERY : scope), basis }));
  const all = isWhole ? await remembered(warehouse, name, tables, read, bytesOf) : await read();
  const [from, to] = [numberOfDay(scope.from), numberOfDay(scope.to)];
  return all
    .filter(({ market }) => scope.market === null || market === scope.market)
    .filter(({ segment }) => scope.segment === 'all' || segment === scope.segment)
    .map((one) => cut(one, from, to))
    .filter(({ days }) => days.length > 0);
}

const EVERY: SalesScope = { market: null, segment: 'all', from: '1800-01-01', to: '9999-12-31' };

function inOrder(read: readonly MarketSales[]): MarketSales[] {
  return read
    .map(({ days, prices, estimates, ...place }): MarketSales => {
      // Sales that are alike in all of it may stand in either order.
      const order = Uint32Array.from(days, (_, at) => at).sort(
        (a, b) => days[b]! - days[a]! || prices[a]! - prices[b]! || (estimates[a]! || 0) - (estimates[b]! || 0),
      );
      const pick = (from: Float64Array) => Float64Array.from(order, (at) => from[at]!);
      return { ...place, days: pick(days), prices: pick(prices), estimates: pick(estimates) };
    })
    .sort((a, b) => (a.market === b.market ? (a.segment < b.segment ? -1 : 1) : a.market < b.market ? -1 : 1));
}

/** The sales of a span, newest first as they were. */
function cut({ days, prices, estimates, ...place }: MarketSales, from: number, to: number): MarketSales {
  let start = 0;
  while (start < days.length && days[start]! > to) start += 1;
  let end = start;
  while (end < days.length && days[end]! >= from) end += 1;
  const part = (list: Float64Array) => list.subarray(start, end);
  return { ...place, days: part(days), prices: part(prices), estimates: part(estimates) };
}

/** Sales that are judged together, lists of equal length; the estimate is NaN where there is none. */
export interface SalesPile {
  prices: ArrayLike<number>;
  estimates: ArrayLike<number>;
  /** Day of the newest, as a number; −∞ without any. */
  newest: number;
}

/** Sales put together by a word of each, piles in order of their words by code units. */
export function pileSales(
  sales: readonly MarketSales[],
  by: (sales: MarketSales, at: number) => string,
): Array<[string, SalesPile]> {
  const piles = new Map<string, { prices: number[]; estimates: number[]; newest: number }>();
  for (const one of sales) {
    for (let at = 0; at < one.days.length; at += 1) {
      const word = by(one, at);
      let pile = piles.get(word);
      if (pile === undefined) {
        pile = { prices: [], estimates: [], newest: Number.NEGATIVE_INFINITY };
        piles.set(word, pile);
      }
      pile.prices.push(one.prices[at]!);
      pile.estimates.push(one.estimates[at]!);
      if (one.days[at]! > pile.newest) pile.newest = one.days[at]!;
    }
  }
  return [...piles].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** As `pileSales` by a word that all sales of a market and segment share. */
export const pileMarkets = (
  sales: readonly MarketSales[],
  by: (sales: MarketSales) => string,
): Array<[string, SalesPile]> =>
  [...groupedBy(sales, by)]
    .map(([word, members]): [string, SalesPile] => [word, pileOf(members)])
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** All sales together. */
export function pileOf(sales: readonly MarketSales[]): SalesPile {
  // The newest of each stands first.
  const newest = sales.reduce((last, { days }) => Math.max(last, days[0]!), Number.NEGATIVE_INFINITY);
  const [first] = sales;
  if (first !== undefined && sales.length === 1) return { ...first, newest };
  const count = sales.reduce((sum, { days }) => sum + days.length, 0);
  const pile = { prices: new Float64Array(count), estimates: new Float64Array(count), newest };
  let at = 0;
  for (const { prices, estimates } of sales) {
    pile.prices.set(prices, at);
    pile.estimates.set(estimates, at);
    at += prices.length;
  }
  return pile;
}

/** How many sales of a pile have an estimate. */
export function pairsIn({ estimates }: SalesPile): number {
  let count = 0;
  for (let at = 0; at < estimates.length; at += 1) if (!Number.isNaN(estimates[at]!)) count += 1;
  return count;
}

/** Day of the newest sale of a pile; null without any. */
export const newestIn = ({ newest }: SalesPile): string | null =>
  newest > Number.NEGATIVE_INFINITY ? dayOfNumber(newest) : null;
