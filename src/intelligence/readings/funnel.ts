import { z } from 'zod';
import type { FunnelCounts } from '../../domain/market/funnel.ts';
import type { Reading } from '../warehouse.ts';

const STAGES = { leads: 'lead_count', offers: 'offer_count', accepted: 'accepted_offer_count', closes: 'close_count' };

/** Spans of weeks, each from the first Monday to the last one, both included. */
export interface FunnelQuestion {
  market: string | null;
  segment: string;
  spans: ReadonlyArray<{ from: string; to: string }>;
}

/** Sums per span, in the order of the question. */
export interface FunnelRow {
  market: string;
  /** Newest week within the spans. */
  newest: string | null;
  spans: FunnelCounts[];
}

/**
 * Sums per market and span of raw.funnel_activity. For the whole market a week's row of segment `all` counts; where there is
 * none, the sum of its segments.
 */
export const funnelSpans: Reading<FunnelQuestion, FunnelRow> = {
  name: 'funnel_spans',
  sql: (d, { market, segment, spans }) => {
    const isWhole = segment === 'all';
    const weekly = Object.values(STAGES).map((name) =>
      isWhole
        ? `coalesce(max(CASE WHEN segment = 'all' THEN ${name} END), sum(${name})) AS ${name}`
        : `sum(${name}) AS ${name}`,
    );
    const sums = spans.flatMap(({ from, to }, at) => {
      const inside = (value: string) =>
        `CAST(coalesce(sum(CASE WHEN week >= ${d.bind(from, 'date')} AND week <= ${d.bind(to, 'date')} THEN ${value} END), 0) AS float8)`;
      const stages = Object.entries(STAGES).map(([stage, name]) => `${inside(name)} AS ${stage}_${at}`);
      return [`${inside('1')} AS weeks_${at}`, ...stages];
    });
    const within = spans.map(({ from, to }) => `(week >= ${d.bind(from, 'date')} AND week <= ${d.bind(to, 'date')})`);
    return `SELECT market, ${d.day('max(week)')} AS newest, ${sums.join(', ')} FROM (
        SELECT market, week, ${weekly.join(', ')} FROM ${d.table('raw.funnel_activity')}
        WHERE (${within.join(' OR ')}) ${market === null ? '' : `AND market = ${d.bind(market, 'text')}`}
          ${isWhole ? '' : `AND segment = ${d.bind(segment, 'text')}`}
        GROUP BY market, week
      ) AS weekly GROUP BY market ORDER BY market`;
  },
  row: z
    .looseObject({ market: z.string(), newest: z.string().nullable() })
    .transform(({ market, newest, ...rest }): FunnelRow => {
      const values = z.record(z.string(), z.coerce.number()).parse(rest);
      const count = Object.keys(values).filter((key) => key.startsWith('weeks_')).length;
      const spans = Array.from({ length: count }, (_, at) => ({
        weeks: values[`weeks_${at}`]!,
        leads: values[`leads_${at}`]!,
        offers: values[`offers_${at}`]!,
        accepted: values[`accepted_${at}`]!,
        closes: values[`closes_${at}`]!,
      }));
      return { market, newest, spans };
    }) as unknown as z.ZodType<FunnelRow>,
};
