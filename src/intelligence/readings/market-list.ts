import { z } from 'zod';
import type { Grain } from '../../domain/market/metrics.ts';
import type { Reading } from '../warehouse.ts';

/** A market with a segment and a grain that it has figures of. */
export interface ListedMarket {
  market: string;
  segment: string;
  grain: Grain;
  periods: number;
  /** First day of its oldest and newest period. */
  from: string;
  to: string;
}

/** One row for each market, segment and grain, by name. */
export const marketList: Reading<Record<string, never>, ListedMarket> = {
  name: 'market_list',
  sql: (d) => `SELECT market, segment, grain, CAST(count(*) AS float8) AS periods,
      ${d.day('min(week)')} AS first_period, ${d.day('max(week)')} AS last_period
    FROM ${d.table('mart.market_metrics')}
    GROUP BY market, segment, grain ORDER BY market, segment, grain`,
  row: z
    .object({
      market: z.string(),
      segment: z.string(),
      grain: z.enum(['week', 'month', 'quarter']),
      periods: z.number(),
      first_period: z.string(),
      last_period: z.string(),
    })
    .transform(({ first_period, last_period, ...rest }) => ({
      ...rest,
      from: first_period,
      to: last_period,
    })) as unknown as z.ZodType<ListedMarket>,
};
