import { z } from 'zod';
import { type Grain, METRIC_NAMES } from '../../domain/market/metrics.ts';
import type { Dialect, Reading } from '../warehouse.ts';

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

/** The figures of one period: lists of equal length, by market in order of name; null where nothing is known. */
export interface PeriodSnapshot {
  period: string;
  markets: string[];
  values: Array<Array<number | null>>;
}

/** One row a period, oldest first, of two spans alone: for all markets at once the look-back stays short. */
export const marketWindows: Reading<WindowsQuestion, PeriodSnapshot> = {
  name: 'market_windows',
  sql: (d, { metrics, market, segment, grain, from, to, beforeFrom, beforeTo }) => {
    for (const metric of metrics) {
      if (!(METRIC_NAMES as readonly string[]).includes(metric)) throw new TypeError(`${metric} is no metric`);
    }
    const columns = metrics.map((metric, at) => `${d.list(metric, 'market')} AS m${at}`);
    return `SELECT ${[`${d.day('week')} AS period`, `${d.list('market', 'market')} AS markets`, ...columns].join(', ')}
      FROM ${d.table('mart.market_metrics')}
      WHERE grain = ${d.bind(grain, 'text')} AND segment = ${d.bind(segment, 'text')}
        ${market === null ? '' : `AND market = ${d.bind(market, 'text')}`}
        AND ((week >= ${d.bind(from, 'date')} AND week <= ${d.bind(to, 'date')})
          OR (week >= ${d.bind(beforeFrom, 'date')} AND week <= ${d.bind(beforeTo, 'date')}))
      GROUP BY week ORDER BY week`;
  },
  row: z
    .looseObject({ period: z.string(), markets: z.array(z.string()) })
    .transform(({ period, markets, ...rest }): PeriodSnapshot => {
      const values = Object.keys(rest)
        .filter((key) => /^m\d+$/.test(key))
        .sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
        .map((key) => numbers.parse(rest[key]));
      return { period, markets, values };
    }) as unknown as z.ZodType<PeriodSnapshot>,
};

const isNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => each === null || typeof each === 'number');
const numbers = z.custom<Array<number | null>>(isNumbers, 'must be a list of numbers');

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
