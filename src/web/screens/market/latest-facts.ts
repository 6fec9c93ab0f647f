import { formatCount, formatDay, formatDollars, formatNumber, formatPercent } from '../../lib/format.ts';
import type { RankedMarket } from './ranking-table.tsx';

/** The newest figures of a market, one to a line. */
export function latestFacts(market: RankedMarket): Array<readonly [string, string]> {
  const { latest } = market;
  return [
    ['Median sale price', formatDollars(latest.median_sale_price)],
    ...(latest.median_sale_price === null
      ? ([['Home value index', formatNumber(latest.home_value_index)]] as const)
      : []),
    ['Median days on market', formatNumber(latest.days_on_market, 0)],
    ['Homes for sale', formatCount(latest.inventory_count)],
    ['Homes sold', formatCount(latest.homes_sold)],
    ['Sale price to list price', formatPercent(latest.list_to_sale_ratio)],
    ['Data through', formatDay(market.data_through)],
  ];
}
