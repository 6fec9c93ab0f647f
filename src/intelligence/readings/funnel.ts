import { z } from 'zod';
import type { Reading } from '../warehouse.ts';
import { numberList } from './number-list.ts';

/** Spans of weeks, each from the first Monday to the last one, both included. */
export interface FunnelQuestion {
  market: string | null;
  segment: string;
  spans: ReadonlyArray<{ from: string; to: string }>;
}

const row = z.object({
  day: z.coerce.number(),
  segment: z.string(),
  names: z.union([z.string(), z.array(z.string())]),
  leads: numberList,
  offers: numberList,
  accepted: numberList,
  closes: numberList,
});
/** The counts of one week and segment, by market in order of name; NaN where nothing is known. */
export type FunnelWeek = z.output<typeof row>;

/** Weekly counts of raw.funnel_activity, one row a week (its Monday as a number) and segment. Segment `all` is every one. */
export const funnelWeeks: Reading<FunnelQuestion, FunnelWeek> = {
  name: 'funnel_weeks',
  sql: (d, { market, segment, spans }) => {
    const counts = {
      leads: 'lead_count',
      offers: 'offer_count',
      accepted: 'accepted_offer_count',
      closes: 'close_count',
    };
    const columns = Object.entries(counts).map(([stage, name]) => `${d.numbers(name, 'market')} AS ${stage}`);
    const within = ({ from, to }: { from: string; to: string }) =>
      `(week >= ${d.bind(from, 'date')} AND week <= ${d.bind(to, 'date')})`;
    return `SELECT ${d.dayNumber('week')} AS day, segment, ${d.names('market', 'market')} AS names, ${columns.join(', ')}
      FROM ${d.table('raw.funnel_activity')}
      WHERE (${spans.map(within).join(' OR ')}) ${market === null ? '' : `AND market = ${d.bind(market, 'text')}`}
        ${segment === 'all' ? '' : `AND segment = ${d.bind(segment, 'text')}`}
      GROUP BY week, segment`;
  },
  row: row as unknown as z.ZodType<FunnelWeek>,
};
