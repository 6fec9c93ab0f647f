import { z } from 'zod';
import type { Dialect, Reading } from '../warehouse.ts';
import { type HomeScope, scopeOf } from './deals.ts';
import { numberList } from './number-list.ts';

/** What is held against the price of a sale. */
export const PAIR_BASES = ['avm', 'offer_estimate', 'offer_price', 'acquisition_price'] as const;
export type PairBasis = (typeof PAIR_BASES)[number];

/** Estimates older than this at the sale say nothing about today's. */
const OLDEST_DAYS = 730;

/** Where the estimates and the sales of each basis come from. */
export const PAIR_TABLES: Readonly<Record<PairBasis, readonly string[]>> = {
  avm: ['raw.resales', 'raw.avm_values'],
  offer_estimate: ['raw.resales', 'raw.offer_events'],
  offer_price: ['raw.resales', 'raw.offer_events'],
  acquisition_price: ['raw.resales', 'mart.deal_pl'],
};

const salesRow = z.object({
  market: z.string(),
  segment: z.string(),
  days: numberList,
  prices: numberList,
  estimates: numberList,
});
/**
 * The sales of a market and segment in no order: day (a number of `numberOfDay`) and price of each, and the newest estimate
 * from before the day it closed; NaN without one. Dollars.
 */
export type MarketSales = z.output<typeof salesRow>;

/** Every sale of a span with the newest estimate of one kind from before its day, never one made after: one row a market and segment. */
export const pricedSales: Reading<HomeScope & { from: string; basis: PairBasis }, MarketSales> = {
  name: 'price_pairs',
  sql: (d, params) => {
    const list = (expression: string) => d.aligned(expression, 'home_ref, close_date');
    return `WITH sold AS (
      SELECT home_ref, market, segment, close_date, resale_price AS price FROM ${d.table('raw.resales')}
      WHERE ${scopeOf(d, params)} AND close_date >= ${d.bind(params.from, 'date')}
        AND close_date <= ${d.bind(params.to, 'date')}
    ), held AS (${estimatesOf(d, params.basis)})
    SELECT market, segment, ${list(d.dayNumber('close_date'))} AS days, ${list('price')} AS prices,
      ${list('estimate')} AS estimates
    FROM held WHERE place = 1 GROUP BY market, segment`;
  },
  row: salesRow as unknown as z.ZodType<MarketSales>,
};

/** Each sale beside each estimate of its home, with the estimate's place from the newest; once without any. */
function estimatesOf(d: Dialect, basis: PairBasis): string {
  if (basis === 'acquisition_price') {
    return `SELECT sold.*, deal.acquisition_price AS estimate, 1 AS place
      FROM sold LEFT JOIN ${d.table('mart.deal_pl')} AS deal ON deal.home_ref = sold.home_ref`;
  }
  const isAvm = basis === 'avm';
  const moment = isAvm ? 'one.valued_at' : 'one.offered_at';
  const estimate = { avm: 'estimated_value', offer_estimate: 'market_estimated_value', offer_price: 'offer_price' }[
    basis
  ];
  return `SELECT sold.*, one.${estimate} AS estimate, row_number() OVER (PARTITION BY sold.home_ref, sold.close_date
        ORDER BY ${moment} DESC NULLS LAST, one.${isAvm ? estimate : 'event_id'}) AS place
    FROM sold LEFT JOIN ${d.table(isAvm ? 'raw.avm_values' : 'raw.offer_events')} AS one
      ON one.property_ref = sold.home_ref ${isAvm ? '' : 'AND one.seller_accepted_offer'}
        AND ${d.utcDay(moment)} < sold.close_date AND one.${estimate} IS NOT NULL
        AND ${d.utcDay(moment)} >= sold.close_date - ${OLDEST_DAYS}`;
}
