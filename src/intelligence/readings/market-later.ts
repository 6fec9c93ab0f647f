import { z } from 'zod';
import type { Grain } from '../../domain/market/metrics.ts';
import type { Reading } from '../warehouse.ts';

/** Periods that begin after a day. */
export interface LaterQuestion {
  /** One market; null for all of them. */
  market: string | null;
  segment: string;
  grain: Grain;
  after: string;
}

/** How many rows of a market begin after the day. */
export interface LaterRows {
  market: string;
  periods: number;
}

/** Rows from the future by market: there should be none. */
export const laterRows: Reading<LaterQuestion, LaterRows> = {
  name: 'later_rows',
  sql: (d, { market, segment, grain, after }) => `SELECT market, CAST(count(*) AS float8) AS periods
    FROM ${d.table('mart.market_metrics')}
    WHERE grain = ${d.bind(grain, 'text')} AND segment = ${d.bind(segment, 'text')}
      ${market === null ? '' : `AND market = ${d.bind(market, 'text')}`}
      AND week > ${d.bind(after, 'date')}
    GROUP BY market ORDER BY market`,
  row: z.object({ market: z.string(), periods: z.number() }),
};
