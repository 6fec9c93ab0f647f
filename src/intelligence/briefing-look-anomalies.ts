import { z } from 'zod';
import { formatFigure } from '../domain/market/figures.ts';
import { SEVERITIES } from '../domain/market/packets.ts';
import { type Figure, type Look, percent, ratio } from './briefing-section.ts';
import { daysWorth, shareWorth, type Worth } from './briefing-worth.ts';

const SHOWN = 10;
/** More stopped series than these are one packet: it is the feed, not the markets. */
const MOST_STOPPED = 20;
const anomaly = z.object({
  market: z.string(),
  metric: z.string(),
  label: z.string(),
  unit: z.string(),
  direction: z.enum(['up', 'down']),
  severity: z.enum(SEVERITIES),
  period: z.string(),
  observed: z.number(),
  expected: z.number(),
  change: z.number(),
  robust_z: z.number(),
  started: z.string(),
  ended: z.string().nullable(),
  confidence: z.object({ value: z.number() }),
});
type Anomaly = z.infer<typeof anomaly>;
const answerSchema = z.object({
  data_through: z.string().nullable(),
  notes: z.array(z.string()),
  markets: z.number(),
  series_judged: z.number(),
  anomalies: z.array(anomaly),
  gaps: z.array(z.object({ market: z.string(), metrics: z.array(z.string()), from: z.string(), is_open: z.boolean() })),
  not_judged: z.array(z.object({ market: z.string() })),
});

/** The direction that costs money, what to do then, and what it amounts to. Inventory has a look of its own. */
const HARMS: Readonly<Record<string, { direction: 'up' | 'down'; action: string; worth?: (one: Anomaly) => Worth }>> = {
  median_sale_price: {
    direction: 'down',
    action: 'Check offers against the newest sales and lower them while prices fall',
    worth: ({ change }) => shareWorth('sale_price', change, 'Sale prices against what is expected'),
  },
  price_per_sqft: {
    direction: 'down',
    action: 'Check offers against the newest sales and lower them while prices fall',
    worth: ({ change }) => shareWorth('sale_price', change, 'Sale prices against what is expected'),
  },
  days_on_market: {
    direction: 'up',
    action: 'Count on longer holds in offers, and price held homes to sell',
    worth: ({ observed, expected }) => daysWorth(observed - expected, 'More days until a home is sold'),
  },
  list_to_sale_ratio: {
    direction: 'down',
    action: 'Expect to sell further below list, and lower list prices early',
    worth: ({ change }) => shareWorth('sale_price', change, 'Sale prices against list prices'),
  },
  homes_sold: { direction: 'down', action: 'Buy fewer homes until demand is back' },
  acceptance_rate: {
    direction: 'down',
    action: 'Compare offers with those of others and with the newest sales',
    worth: ({ observed, expected }) =>
      shareWorth('purchases', observed / Math.max(expected, 1e-9) - 1, 'Purchases, as acceptances'),
  },
  lead_count: { direction: 'down', action: 'Look at the channels that bring leads' },
  lead_to_offer_rate: { direction: 'down', action: 'Look at why leads get no offer' },
  offer_to_close_rate: { direction: 'down', action: 'Look at why accepted offers do not close' },
};

/** Figures that stand out of their own past. One that costs money and goes on is a packet; so is a feed that stopped. */
export const anomaliesLook: Look = {
  key: 'anomaly',
  title: 'Anomalies',
  tool: 'detect_anomalies',
  input: { lookback: 4 },
  read(given, make) {
    const { anomalies, gaps, notes, data_through: dataThrough, not_judged: few } = answerSchema.parse(given);
    const harmful = anomalies.filter((one) => one.ended === null && HARMS[one.metric]?.direction === one.direction);
    const stopped = gaps.filter(({ is_open: isOpen }) => isOpen);
    return {
      dataThrough,
      columns: ['Market', 'Figure', 'Severity', 'Since', 'Seen', 'Expected', 'Change', 'Robust z'],
      rows: anomalies
        .slice(0, SHOWN)
        .map(
          (one): Array<string | Figure> => [
            one.market,
            one.label,
            one.severity,
            one.ended === null ? one.started : `${one.started}, over since ${one.ended}`,
            { value: one.observed, unit: one.unit },
            { value: one.expected, unit: one.unit },
            percent(one.change),
            ratio(one.robust_z),
          ],
        ),
      notes,
      headlines: [
        { key: 'anomalies', label: 'Figures that stand out and cost money', value: harmful.length, unit: 'count' },
        ...(stopped.length > 0
          ? [{ key: 'stopped_feeds', label: 'Feeds that stopped', value: stopped.length, unit: 'count' }]
          : []),
      ],
      findings: [
        ...harmful.map((one) => {
          const { action, worth } = HARMS[one.metric]!;
          return make({
            market: one.market,
            segment: 'all',
            detail: one.metric,
            issue: `${one.label} in ${one.market} stands ${formatFigure(Math.abs(one.change), 'percent')} ${
              one.direction === 'up' ? 'above' : 'below'
            } what is expected`,
            severity: one.severity,
            evidence: [
              { label: `${one.label}, ${one.period}`, value: one.observed, unit: one.unit },
              { label: 'Expected', value: one.expected, unit: one.unit },
              { label: 'Robust z', value: one.robust_z, unit: 'z' },
            ],
            action: `${action} in ${one.market}.`,
            ...(worth === undefined ? {} : { worth: worth(one) }),
            statedConfidence: one.confidence.value,
          });
        }),
        ...(stopped.length > MOST_STOPPED
          ? [make(manyStopped(stopped))]
          : stopped.map(({ market, metrics, from }) =>
              make({
                ...STOPPED,
                market,
                detail: `stopped ${from}`,
                issue: `${market} has had no ${metrics.join(', ')} since ${from}: a feed may have stopped`,
                evidence: [{ label: `Figures without a value since ${from}`, value: metrics.length, unit: 'count' }],
              }),
            )),
      ],
      // Where a series could not be judged, an issue found there before expires instead of healing.
      checked: few.length === 0 && stopped.length === 0 ? 'all' : new Set(healed(anomalies)),
    };
  },
};

const STOPPED = {
  segment: 'all',
  severity: 'MEDIUM',
  action: 'Look at the health of the feed that brings them; until then other figures there are old.',
  statedConfidence: 0.9,
} as const;

/** One packet for a feed of many markets. */
function manyStopped(stopped: ReadonlyArray<{ from: string }>) {
  const since = stopped.map(({ from }) => from).sort()[0]!;
  return {
    ...STOPPED,
    market: null,
    detail: 'stopped',
    issue: `${stopped.length} series of markets have had no value, the first since ${since}: a feed may have stopped`,
    severity: 'HIGH' as const,
    evidence: [{ label: 'Series without a value', value: stopped.length, unit: 'count' }],
  };
}

/** Markets all of whose anomalies are over. */
function healed(anomalies: readonly Anomaly[]): string[] {
  const open = new Set(anomalies.filter(({ ended }) => ended === null).map(({ market }) => market));
  return anomalies.map(({ market }) => market).filter((market) => !open.has(market));
}
