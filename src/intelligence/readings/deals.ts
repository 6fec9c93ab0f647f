import { z } from 'zod';
import { COST_ERROR, RISK_PENALTY, UNSTATED_CONFIDENCE, VALUE_ERROR } from '../../domain/market/deals.ts';
import type { Dialect, Reading } from '../warehouse.ts';

/** Where and until when homes are looked at. Segment `all` is the whole market, whatever segments its homes have. */
export interface HomeScope {
  market: string | null;
  segment: string;
  /** Nothing that happened after this day. */
  to: string;
}

/** Conditions of a scope on rows with market and segment. */
export function scopeOf(d: Dialect, { market, segment }: Omit<HomeScope, 'to'>, alias = ''): string {
  const column = alias === '' ? '' : `${alias}.`;
  const parts = ['1 = 1'];
  if (market !== null) parts.push(`${column}market = ${d.bind(market, 'text')}`);
  if (segment !== 'all') parts.push(`${column}segment = ${d.bind(segment, 'text')}`);
  return parts.join(' AND ');
}

const number = z.number().nullable();
const day = z.string().nullable();

const dealRow = z.object({
  home_ref: z.string(),
  market: z.string(),
  segment: z.string(),
  status: z.enum(['prospect', 'held']),
  acquisition_date: day,
  arv: number,
  acquisition_price: number,
  reno_condition: z.string().nullable(),
  reno_cost: number,
  hold_cost: number,
  net_margin: z.number(),
  days_held: number,
  valuation_confidence: number,
});
/** A home that may be bought or is held. Dollars and days. */
export type DealRow = z.infer<typeof dealRow>;

/** What open homes are put in order by. */
export type DealOrder = 'netMargin' | 'riskAdjustedMargin';

/** The risk-adjusted margin of `scoreDeal` in SQL: for the choice of rows; the figures themselves are computed outside. */
const riskAdjusted = (() => {
  const cost = 'coalesce(acquisition_price, 0) + coalesce(reno_cost, 0) + coalesce(hold_cost, 0)';
  const confidence = `greatest(0, least(1, coalesce(valuation_confidence, ${UNSTATED_CONFIDENCE})))`;
  const value = `coalesce(arv, greatest(0, net_margin + ${cost})) * (${VALUE_ERROR.sure} + ${VALUE_ERROR.unsure} * (1 - ${confidence}))`;
  const errors = [value, `${COST_ERROR.reno} * coalesce(reno_cost, 0)`, `${COST_ERROR.hold} * coalesce(hold_cost, 0)`];
  return `net_margin - ${RISK_PENALTY} * sqrt(${errors.map((one) => `(${one}) * (${one})`).join(' + ')})`;
})();

/** The homes of one status with the highest expected margins, plain or marked down for risk. */
export const topDeals: Reading<HomeScope & { status: 'prospect' | 'held'; by: DealOrder; limit: number }, DealRow> = {
  name: 'top_deals',
  sql: (d, params) => `SELECT home_ref, market, segment, status, ${d.day('acquisition_date')} AS acquisition_date, arv,
        acquisition_price, reno_condition, reno_cost, hold_cost, net_margin, days_held, valuation_confidence
      FROM ${d.table('mart.deal_pl')}
      WHERE status = ${d.bind(params.status, 'text')} AND ${scopeOf(d, params)} AND net_margin IS NOT NULL
        AND (acquisition_date IS NULL OR acquisition_date <= ${d.bind(params.to, 'date')})
      ORDER BY ${params.by === 'netMargin' ? 'net_margin' : riskAdjusted} DESC NULLS LAST, home_ref
      LIMIT ${Math.trunc(params.limit)}`,
  row: dealRow,
};

const bookRow = z.object({
  status: z.string(),
  homes: z.coerce.number(),
  valued: z.coerce.number(),
  newest: day,
});

/** How many homes of each status are open, how many have an expected margin, and the newest acquisition. */
export const dealBook: Reading<HomeScope, z.infer<typeof bookRow>> = {
  name: 'deal_book',
  sql: (d, params) => `SELECT status, count(*) AS homes, count(net_margin) AS valued,
        ${d.day('max(acquisition_date)')} AS newest
      FROM ${d.table('mart.deal_pl')}
      WHERE status IN ('prospect', 'held') AND ${scopeOf(d, params)}
        AND (acquisition_date IS NULL OR acquisition_date <= ${d.bind(params.to, 'date')})
      GROUP BY status ORDER BY status`,
  row: bookRow,
};

/** As many sold homes are looked at, newest first, where all markets are asked for. */
export const NEWEST_SOLD = 2_000;

const soldRow = z.object({
  home_ref: z.string(),
  market: z.string(),
  close_date: z.string(),
  reno_condition: z.string().nullable(),
  reno_cost: number,
  hold_cost: number,
  living_area_sqft: number,
  acquisition_price: number,
  arv: number,
  net_margin: number,
  days_held: number,
  days_to_sell: number,
});
/** A home that was sold. Dollars, days, square feet. */
export type SoldRow = z.infer<typeof soldRow>;

/** Homes sold in a span, newest first, at most `NEWEST_SOLD`; of one condition of renovation when it is named. */
export const soldHomes: Reading<HomeScope & { from: string; condition?: string }, SoldRow> = {
  name: 'sold_homes',
  sql: (
    d,
    params,
  ) => `SELECT home_ref, market, ${d.day('close_date')} AS close_date, reno_condition, reno_cost, hold_cost,
        living_area_sqft, acquisition_price, arv, net_margin, days_held, days_to_sell
      FROM ${d.table('mart.deal_pl')} AS home
      WHERE status = 'sold' AND ${scopeOf(d, params)}
        ${params.condition === undefined ? '' : `AND reno_condition = ${d.bind(params.condition, 'text')}`}
        AND home.close_date >= ${d.bind(params.from, 'date')} AND home.close_date <= ${d.bind(params.to, 'date')}
      ORDER BY home.close_date DESC, home_ref LIMIT ${NEWEST_SOLD}`,
  row: soldRow,
};
