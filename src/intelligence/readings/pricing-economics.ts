import { z } from 'zod';
import type { Reading } from '../warehouse.ts';
import { type HomeScope, scopeOf } from './deals.ts';

const number = z.coerce.number();
const maybe = z.coerce.number().nullable();

const economicsRow = z.object({
  market: z.string(),
  sold: number,
  with_margin: number,
  margin_mean: maybe,
  margin_deviation: maybe,
  margin_ratio_mean: maybe,
  margin_ratio_deviation: maybe,
  sale_price: maybe,
  purchase_price: maybe,
  renovation: maybe,
  hold_per_day: maybe,
  days_held: maybe,
  newest: z.string().nullable(),
});
/** What homes sold in a span brought, per market. Dollars, days; means over the homes where it is known. */
export type EconomicsRow = z.infer<typeof economicsRow>;

/** Sales of a span per market. Deviations are of the sample; null with one home. */
export const soldEconomics: Reading<HomeScope & { from: string }, EconomicsRow> = {
  name: 'sold_economics',
  sql: (
    d,
    params,
  ) => `SELECT market, count(*) AS sold, count(net_margin) AS with_margin, avg(net_margin) AS margin_mean,
      stddev_samp(net_margin) AS margin_deviation, avg(ratio) AS margin_ratio_mean,
      stddev_samp(ratio) AS margin_ratio_deviation, avg(arv) AS sale_price, avg(acquisition_price) AS purchase_price,
      avg(reno_cost) AS renovation, avg(CASE WHEN days_held > 0 THEN hold_cost / days_held END) AS hold_per_day,
      avg(days_held) AS days_held, ${d.day('max(close_date)')} AS newest
    FROM (SELECT market, net_margin, arv, acquisition_price, reno_cost, hold_cost, days_held, close_date,
        CASE WHEN arv > 0 THEN net_margin / arv END AS ratio
      FROM ${d.table('mart.deal_pl')}
      WHERE status = 'sold' AND ${scopeOf(d, params)} AND close_date >= ${d.bind(params.from, 'date')}
        AND close_date <= ${d.bind(params.to, 'date')}) AS homes
    GROUP BY market ORDER BY market`,
  row: economicsRow,
};

const purchasesRow = z.object({ market: z.string(), purchases: number });

/** Homes acquired in a span per market that are held, or were sold since. */
export const purchases: Reading<HomeScope & { from: string }, z.infer<typeof purchasesRow>> = {
  name: 'purchases',
  sql: (d, params) => {
    const span = () =>
      `${scopeOf(d, params)} AND acquisition_date > ${d.bind(params.from, 'date')} AND acquisition_date <= ${d.bind(params.to, 'date')}`;
    // A home acquired in the span was sold in it or later: the index by day of sale bounds what is read.
    return `SELECT market, count(*) AS purchases FROM (
        SELECT market FROM ${d.table('mart.deal_pl')} WHERE status = 'held' AND ${span()}
        UNION ALL
        SELECT market FROM ${d.table('mart.deal_pl')} WHERE status = 'sold' AND close_date >= ${d.bind(params.from, 'date')} AND ${span()}
      ) AS bought GROUP BY market ORDER BY market`;
  },
  row: purchasesRow,
};
