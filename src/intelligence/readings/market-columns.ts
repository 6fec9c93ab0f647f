import { z } from 'zod';
import { METRIC_NAMES } from '../../domain/market/metrics.ts';
import type { Reading } from '../warehouse.ts';
import type { SeriesQuestion } from './market-series.ts';
import { numberList } from './number-list.ts';

/** The figures of one period: lists of equal length, by market in order of name. NaN where nothing is known. */
export interface PeriodColumns {
  /** Day on which it begins, as a number of `numberOfDay`. */
  day: number;
  /** As `Dialect.names` gives them. */
  names: string | readonly string[];
  values: Float64Array[];
}

/** What `marketSeries` tells, for many markets at once: one row a period, as the index has them in order. */
export const marketColumns: Reading<SeriesQuestion, PeriodColumns> = {
  name: 'market_columns',
  sql: (d, { metrics, market, segment, grain, from, to }) => {
    for (const metric of metrics) {
      if (!(METRIC_NAMES as readonly string[]).includes(metric)) throw new TypeError(`${metric} is no metric`);
    }
    const columns = metrics.map((metric, at) => `${d.numbers(metric, 'market')} AS m${at}`);
    return `SELECT ${d.dayNumber('week')} AS day, ${[`${d.names('market', 'market')} AS names`, ...columns].join(', ')}
      FROM ${d.table('mart.market_metrics')}
      WHERE grain = ${d.bind(grain, 'text')} AND segment = ${d.bind(segment, 'text')}
        ${market === null ? '' : `AND market = ${d.bind(market, 'text')}`}
        AND week >= ${d.bind(from, 'date')} AND week <= ${d.bind(to, 'date')}
      GROUP BY week`;
  },
  row: z
    .looseObject({ day: z.coerce.number(), names: z.union([z.string(), z.array(z.string())]) })
    .transform(({ day, names, ...rest }): PeriodColumns => {
      const values: Float64Array[] = [];
      for (let at = 0; `m${at}` in rest; at += 1) values.push(numberList.parse(rest[`m${at}`]));
      return { day, names, values };
    }) as unknown as z.ZodType<PeriodColumns>,
};
