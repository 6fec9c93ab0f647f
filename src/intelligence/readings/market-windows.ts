import { z } from 'zod';
import { type Grain, METRIC_NAMES } from '../../domain/market/metrics.ts';
import type { Dialect, Reading } from '../warehouse.ts';
import { type MarketSeries, marketSeries } from './market-series.ts';

/** Snapshots of now and of a year before: two spans of periods, first and last day of each included. */
export interface WindowsQuestion {
  metrics: readonly string[];
  /** One market; null for all of them. */
  market: string | null;
  segment: string;
  grain: Grain;
  from: string;
  to: string;
  beforeFrom: string;
  beforeTo: string;
}

/** As `marketSeries`, of two spans alone: for all markets at once the look-back stays short. */
export const marketWindows: Reading<WindowsQuestion, MarketSeries> = {
  name: 'market_windows',
  sql: (d, { metrics, market, segment, grain, from, to, beforeFrom, beforeTo }) => {
    for (const metric of metrics) {
      if (!(METRIC_NAMES as readonly string[]).includes(metric)) throw new TypeError(`${metric} is no metric`);
    }
    const columns = metrics.map((metric, at) => `${d.list(metric, 'week')} AS m${at}`);
    return `SELECT market, ${[`${d.list(d.day('week'), 'week')} AS weeks`, ...columns].join(', ')}
      FROM ${d.table('mart.market_metrics')}
      WHERE grain = ${d.bind(grain, 'text')} AND segment = ${d.bind(segment, 'text')}
        ${market === null ? '' : `AND market = ${d.bind(market, 'text')}`}
        AND ((week >= ${d.bind(from, 'date')} AND week <= ${d.bind(to, 'date')})
          OR (week >= ${d.bind(beforeFrom, 'date')} AND week <= ${d.bind(beforeTo, 'date')}))
      GROUP BY market ORDER BY market`;
  },
  row: marketSeries.row,
};

/** Which periods of a segment there are. */
export interface CoverageQuestion {
  /** One market; null for any. */
  market: string | null;
  segment: string;
  /** Newest period of each grain that counts. */
  until: Readonly<Record<Grain, string>>;
}

/** The newest period of a grain that counts, and the newest of all. */
export interface GrainCoverage {
  grain: Grain;
  newest: string | null;
  latest: string | null;
}

const newestOf = (d: Dialect, { market, segment }: CoverageQuestion, grain: Grain, until: string | null) =>
  `(SELECT ${d.day('max(week)')} FROM ${d.table('mart.market_metrics')}
    WHERE grain = ${d.bind(grain, 'text')} AND segment = ${d.bind(segment, 'text')}
      ${market === null ? '' : `AND market = ${d.bind(market, 'text')}`}
      ${until === null ? '' : `AND week <= ${d.bind(until, 'date')}`})`;

/** One row a grain, by each grain's newest period alone. */
export const marketCoverage: Reading<CoverageQuestion, GrainCoverage> = {
  name: 'market_coverage',
  sql: (d, question) =>
    (['week', 'month', 'quarter'] as const)
      .map(
        (grain) => `SELECT CAST(${d.bind(grain, 'text')} AS text) AS grain,
          ${newestOf(d, question, grain, question.until[grain])} AS newest,
          ${newestOf(d, question, grain, null)} AS latest`,
      )
      .join(' UNION ALL '),
  row: z.object({
    grain: z.enum(['week', 'month', 'quarter']),
    newest: z.string().nullable(),
    latest: z.string().nullable(),
  }),
};
