import { z } from 'zod';
import type { Dialect, Reading } from '../warehouse.ts';
import { type HomeScope, scopeOf } from './deals.ts';

/** What is held against the price of a sale. */
export const PAIR_BASES = ['avm', 'offer_estimate', 'offer_price', 'acquisition_price'] as const;
export type PairBasis = (typeof PAIR_BASES)[number];

/** Estimates older than this at the sale say nothing about today's. */
const OLDEST_DAYS = 730;

/** What sales are put together by; `all`: one group. */
export type PairGrouping = 'market' | 'segment' | 'month' | 'all';

const list = (value: z.ZodType) => z.array(value);
const groupRow = z.object({
  name: z.string(),
  newest: z.string(),
  prices: list(z.number()) as z.ZodType<number[]>,
  estimates: list(z.number().nullable()) as z.ZodType<Array<number | null>>,
});
/**
 * The sales of a group, newest first: prices and beside each the newest estimate from before the day it closed; null without
 * one. Dollars. `newest` is the day of the first.
 */
export type PairGroup = z.infer<typeof groupRow>;

const KEYS: Readonly<Record<PairGrouping, (d: Dialect) => string>> = {
  market: () => 'sold.market',
  segment: () => 'sold.segment',
  month: (d) => `substr(${d.day('sold.close_date')}, 1, 7)`,
  all: (d) => d.bind('all', 'text'),
};

/** Every sale of a span with the newest estimate of one kind from before its day, never one made after: one row a group. */
export const pairGroups: Reading<HomeScope & { from: string; basis: PairBasis; by: PairGrouping }, PairGroup> = {
  name: 'price_pairs',
  sql: (d, params) => `WITH sold AS (
      SELECT home_ref, market, segment, close_date, resale_price AS price FROM ${d.table('raw.resales')}
      WHERE ${scopeOf(d, params)} AND close_date >= ${d.bind(params.from, 'date')}
        AND close_date <= ${d.bind(params.to, 'date')}
    ), known AS (${estimatesOf(d, params.basis)})
    SELECT ${KEYS[params.by](d)} AS name, ${d.day('max(sold.close_date)')} AS newest,
      ${d.list('sold.price', 'sold.close_date DESC, sold.home_ref')} AS prices,
      ${d.list('known.estimate', 'sold.close_date DESC, sold.home_ref')} AS estimates
    FROM sold LEFT JOIN known ON known.home_ref = sold.home_ref AND known.place = 1
    GROUP BY 1 ORDER BY 1`,
  row: groupRow,
};

/** Estimates per sold home with their place from the newest. A moment as text is below a day's text when it is before that day. */
function estimatesOf(d: Dialect, basis: PairBasis): string {
  if (basis === 'acquisition_price') {
    return `SELECT sold.home_ref, deal.acquisition_price AS estimate, 1 AS place
      FROM sold JOIN ${d.table('mart.deal_pl')} AS deal ON deal.home_ref = sold.home_ref`;
  }
  const isAvm = basis === 'avm';
  const moment = isAvm ? 'one.valued_at' : 'one.offered_at';
  const estimate = { avm: 'estimated_value', offer_estimate: 'market_estimated_value', offer_price: 'offer_price' }[
    basis
  ];
  return `SELECT sold.home_ref, one.${estimate} AS estimate,
      row_number() OVER (PARTITION BY sold.home_ref ORDER BY ${moment} DESC, one.${isAvm ? estimate : 'event_id'}) AS place
    FROM sold JOIN ${d.table(isAvm ? 'raw.avm_values' : 'raw.offer_events')} AS one ON one.property_ref = sold.home_ref
      ${isAvm ? '' : 'AND one.seller_accepted_offer'}
    WHERE ${d.instant(moment)} < ${d.day('sold.close_date')} AND one.${estimate} IS NOT NULL
      AND ${d.instant(moment)} >= ${d.day(`sold.close_date - ${OLDEST_DAYS}`)}`;
}
