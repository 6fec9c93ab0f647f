import { z } from 'zod';
import type { Dialect, Reading } from '../warehouse.ts';
import { type HomeScope, scopeOf } from './deals.ts';

/** What is held against the price of a sale. */
export const PAIR_BASES = ['avm', 'offer_estimate', 'offer_price', 'acquisition_price'] as const;
export type PairBasis = (typeof PAIR_BASES)[number];

/** As many sales are looked at, newest first. */
export const MOST_PAIRS = 2_000;
/** Estimates older than this at the sale say nothing about today's. */
const OLDEST_DAYS = 730;

const pairRow = z.object({
  home_ref: z.string(),
  market: z.string(),
  segment: z.string(),
  close_date: z.string(),
  price: z.number(),
  estimate: z.number().nullable(),
});
/** A sale and the newest estimate from before the day it closed; null without one. Dollars. */
export type PairRow = z.infer<typeof pairRow>;

/** Sales of a span, newest first, each with the newest estimate of one kind from before its day: never one made after. */
export const pricePairs: Reading<HomeScope & { from: string; basis: PairBasis }, PairRow> = {
  name: 'price_pairs',
  sql: (d, params) => `WITH sold AS (
      SELECT home_ref, market, segment, close_date, resale_price AS price FROM ${d.table('raw.resales')}
      WHERE ${scopeOf(d, params)} AND close_date >= ${d.bind(params.from, 'date')}
        AND close_date <= ${d.bind(params.to, 'date')}
      ORDER BY close_date DESC, home_ref LIMIT ${MOST_PAIRS}
    ), known AS (${estimatesOf(d, params.basis)})
    SELECT sold.home_ref, sold.market, sold.segment, ${d.day('sold.close_date')} AS close_date, sold.price, known.estimate
    FROM sold LEFT JOIN known ON known.home_ref = sold.home_ref AND known.place = 1
    ORDER BY 4 DESC, 1`,
  row: pairRow,
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
