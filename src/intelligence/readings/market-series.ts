import { z } from 'zod';
import { type Grain, METRIC_NAMES } from '../../domain/market/metrics.ts';
import type { Reading } from '../warehouse.ts';

/** Which snapshots are wanted. */
export interface SeriesQuestion {
  /** Columns of mart.market_metrics. */
  metrics: readonly string[];
  /** One market; null for all of them. */
  market: string | null;
  segment: string;
  grain: Grain;
  /** First and last day of periods, both included. */
  from: string;
  to: string;
}

/** The figures of one market by period, oldest first; lists of equal length, null where nothing is known. */
export interface MarketSeries {
  market: string;
  weeks: string[];
  values: Array<Array<number | null>>;
}

const list = z.array(z.number().nullable());

/** Time series per market out of mart.market_metrics: one row a market, one list a metric. */
export const marketSeries: Reading<SeriesQuestion, MarketSeries> = {
  name: 'market_series',
  sql: (d, { metrics, market, segment, grain, from, to }) => {
    for (const metric of metrics) {
      if (!(METRIC_NAMES as readonly string[]).includes(metric)) throw new TypeError(`${metric} is no metric`);
    }
    const columns = metrics.map((metric, at) => `${d.list(metric, 'week')} AS m${at}`);
    return `SELECT market, ${[`${d.list(d.day('week'), 'week')} AS weeks`, ...columns].join(', ')}
      FROM ${d.table('mart.market_metrics')}
      WHERE grain = ${d.bind(grain, 'text')} AND segment = ${d.bind(segment, 'text')}
        ${market === null ? '' : `AND market = ${d.bind(market, 'text')}`}
        AND week >= ${d.bind(from, 'date')} AND week <= ${d.bind(to, 'date')}
      GROUP BY market ORDER BY market`;
  },
  row: z.looseObject({ market: z.string(), weeks: z.array(z.string()) }).transform((row): MarketSeries => {
    const { market, weeks, ...rest } = row;
    const values = Object.keys(rest)
      .filter((key) => /^m\d+$/.test(key))
      .sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
      .map((key) => list.parse(rest[key]));
    return { market, weeks, values };
  }) as unknown as z.ZodType<MarketSeries>,
};
