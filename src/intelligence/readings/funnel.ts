import { z } from 'zod';
import type { FunnelCounts } from '../../domain/market/funnel.ts';
import { groupedBy } from '../../domain/market/grouped.ts';
import type { Reading } from '../warehouse.ts';

const STAGES = { leads: 'lead_count', offers: 'offer_count', accepted: 'accepted_offer_count', closes: 'close_count' };

/** Spans of weeks, each from the first Monday to the last one, both included. */
export interface FunnelQuestion {
  market: string | null;
  segment: string;
  spans: ReadonlyArray<{ from: string; to: string }>;
}

/** Sums of one market and span. */
export interface FunnelRow extends FunnelCounts {
  market: string;
  /** Place of the span in the question. */
  span: number;
  /** Newest week with a row. */
  newest: string;
}

const number = z.coerce.number();

/**
 * Sums per market and span of raw.funnel_activity; no row where a span has no week. Spans do not overlap. For the whole market
 * a week's row of segment `all` counts; where there is none, the sum of its segments.
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
    const within = ({ from, to }: { from: string; to: string }) =>
      `(week >= ${d.bind(from, 'date')} AND week <= ${d.bind(to, 'date')})`;
    const cases = spans.map((span, at) => `WHEN ${within(span)} THEN ${at}`);
    const stages = Object.entries(STAGES).map(([stage, name]) => `CAST(sum(${name}) AS float8) AS ${stage}`);
    return `SELECT market, CASE ${cases.join(' ')} END AS span, ${d.day('max(week)')} AS newest, count(*) AS weeks,
        ${stages.join(', ')}
      FROM (
        SELECT market, week, ${weekly.join(', ')} FROM ${d.table('raw.funnel_activity')}
        WHERE (${spans.map(within).join(' OR ')}) ${market === null ? '' : `AND market = ${d.bind(market, 'text')}`}
          ${isWhole ? '' : `AND segment = ${d.bind(segment, 'text')}`}
        GROUP BY market, week
      ) AS weekly GROUP BY 1, 2 ORDER BY 1, 2`;
  },
  row: z.object({
    market: z.string(),
    span: number,
    newest: z.string(),
    weeks: number,
    leads: number,
    offers: number,
    accepted: number,
    closes: number,
  }),
};

/** The spans of one market, in the order of the question; zeros where there is no week. */
export interface MarketFunnel {
  market: string;
  newest: string | null;
  spans: FunnelCounts[];
}

/** Rows put together per market. */
export function marketFunnels(rows: readonly FunnelRow[], spanCount: number): MarketFunnel[] {
  const none: FunnelCounts = { weeks: 0, leads: 0, offers: 0, accepted: 0, closes: 0 };
  return [...groupedBy(rows, ({ market }) => market)].map(([market, members]) => ({
    market,
    newest:
      members
        .map(({ newest }) => newest)
        .sort()
        .at(-1) ?? null,
    spans: Array.from({ length: spanCount }, (_, at) => members.find(({ span }) => span === at) ?? none),
  }));
}
