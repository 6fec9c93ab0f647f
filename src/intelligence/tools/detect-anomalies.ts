import { z } from 'zod';
import { calibrated } from '../../domain/market/calibration.ts';
import { DETECTION } from '../../domain/market/detect.ts';
import { findGaps, LEAST_PERIODS, SEVERITIES } from '../../domain/market/detect-series.ts';
import { METRIC_NAMES } from '../../domain/market/metrics.ts';
import { answerBase, asOf, confidenceSchema, grain, market, segment, tool } from '../tool.ts';
import { judgeAlongside, judgeFigure, MOST_LOOKBACK, type Verdict } from './anomaly-verdicts.ts';
import { grainOf, scanConfidence, scanMarkets } from './market-scan.ts';

/** The figures that are watched unless others are named: counts of a handful a week are left to the eye. */
export const WATCHED = [
  'median_sale_price',
  'price_per_sqft',
  'days_on_market',
  'homes_sold',
  'new_listings',
  'inventory_count',
  'list_to_sale_ratio',
  'acceptance_rate',
  'lead_count',
  'lead_to_offer_rate',
  'offer_to_close_rate',
] as const;

/** Lists are cut there, and it is said. */
const MOST_ROWS = 200;

const anomaly = z.object({
  market: z.string(),
  metric: z.string(),
  label: z.string(),
  unit: z.string(),
  direction: z.enum(['up', 'down']),
  severity: z.enum(SEVERITIES),
  /** The period that stands out most, with what was seen and expected in it. */
  period: z.string(),
  observed: z.number(),
  expected: z.number(),
  expected_low: z.number(),
  expected_high: z.number(),
  change: z.number(),
  robust_z: z.number(),
  plain_z: z.number().nullable(),
  /** 1 is the threshold of an alarm. */
  strength: z.number(),
  started: z.string(),
  alarmed: z.string(),
  ended: z.string().nullable(),
  confidence: confidenceSchema,
});
const gap = z.object({
  market: z.string(),
  metrics: z.array(z.string()),
  from: z.string(),
  to: z.string(),
  periods: z.number(),
  is_open: z.boolean(),
});

/** What stands out of its own past. */
export const detectAnomalies = tool({
  name: 'detect_anomalies',
  title: 'Anomalies',
  description: `Figures of one market, or of all, that stand out of their own past. Expected = the median of the last 8 periods (16 for shares) without last year's season plus 0.8 of that season; the difference over 1.4826 × MAD of past differences is the robust z, on a logarithmic scale (square root for counts, arcsine for shares). An alarm: |z| ≥ ${DETECTION.oneWeekZ} once, ≥ ${DETECTION.twoWeeksZ} twice or ≥ ${DETECTION.threeWeeksZ} three times running, or four periods together ≥ ${DETECTION.stretchZ}; at most 0.15 false alarms a market and year over ${WATCHED.length} figures. The plain z-score (26 periods) stands beside it. change is a fraction (for shares a difference). Gaps are periods without a value. Source: mart.market_metrics, at most 110 periods; without grain by the shortest that there are figures by.`,
  input: z.strictObject({
    market: market.optional(),
    segment,
    grain: grain.optional(),
    metrics: z.array(z.enum(METRIC_NAMES)).min(1).max(METRIC_NAMES.length).optional().describe('Figures to look at'),
    lookback: z
      .int()
      .min(1)
      .max(MOST_LOOKBACK)
      .default(8)
      .describe('Newest complete periods in which an anomaly must lie'),
    as_of: asOf,
  }),
  output: z.object({
    ...answerBase,
    grain,
    lookback: z.number(),
    markets: z.number(),
    series_judged: z.number(),
    anomalies: z.array(anomaly),
    gaps: z.array(gap),
    not_judged: z.array(z.object({ market: z.string(), metric: z.string(), reason: z.string() })),
  }),
  async run(context, input) {
    const { grain: each, notes: aside } = await grainOf(context, input);
    const metrics = [...new Set(input.metrics ?? WATCHED)];
    const scan = await scanMarkets(context, { ...input, grain: each, metrics, alongside: WATCHED });
    const verdicts = new Map<string, Verdict[]>();
    for (const [at, metric] of metrics.entries()) {
      const series = scan.markets.map(({ values }) => values[at]!);
      verdicts.set(metric, await judgeFigure(scan, metric, series));
    }
    judgeAlongside(scan);
    const anomalies: Array<z.output<typeof anomaly>> = [];
    const gaps: Array<z.output<typeof gap>> = [];
    const notJudged: Array<{ market: string; metric: string; reason: string }> = [];
    let judgedSeries = 0;
    for (const [place, { market: name, values }] of scan.markets.entries()) {
      const holes = new Map<string, z.output<typeof gap>>();
      for (const [at, metric] of metrics.entries()) {
        const series = values[at]!;
        const judged = verdicts.get(metric)![place]!;
        // A figure that the market's feeds do not have is no gap.
        if (judged.known === 0) continue;
        for (const { from, to, isOpen } of findGaps(series, scan.first)) {
          const days = { from: scan.periods[from]!, to: scan.periods[to]! };
          const key = `${days.from} ${days.to}`;
          const found = holes.get(key) ?? {
            market: name,
            metrics: [],
            ...days,
            periods: to - from + 1,
            is_open: isOpen,
          };
          found.metrics.push(metric);
          holes.set(key, found);
        }
        if (judged.lastJudged < scan.first) {
          const few = `${judged.known} ${each}s are known, at least ${LEAST_PERIODS} are needed`;
          const reason = judged.known < LEAST_PERIODS ? few : 'no value in the look-back that can be judged';
          notJudged.push({ market: name, metric, reason });
          continue;
        }
        judgedSeries += 1;
        const rows = judged.rows.filter(({ to }) => to >= scan.first);
        if (rows.length === 0) continue;
        const confidence = scanConfidence(scan, each, series);
        for (const { row } of rows) {
          const stated = confidence.value * (1 - 0.1 / row.strength ** 2);
          const value = calibrated(context.weights, 'detect_anomalies', stated);
          anomalies.push({ market: name, ...row, confidence: { ...confidence, value } });
        }
      }
      gaps.push(...holes.values());
    }
    const rank = (one: z.output<typeof anomaly>) =>
      SEVERITIES.indexOf(one.severity) * 1_000 + Math.min(999, one.strength);
    anomalies.sort((a, b) => rank(b) - rank(a));
    return {
      as_of: scan.asOf,
      data_through: scan.dataThrough,
      notes: [...scan.notes, ...aside, ...notesOf(anomalies.length, gaps, notJudged)],
      grain: each,
      lookback: input.lookback,
      markets: scan.markets.length,
      series_judged: judgedSeries,
      anomalies: anomalies.slice(0, MOST_ROWS),
      gaps: gaps.slice(0, MOST_ROWS),
      not_judged: notJudged.slice(0, MOST_ROWS),
    };
  },
});

function notesOf(
  anomalies: number,
  gaps: ReadonlyArray<z.output<typeof gap>>,
  notJudged: ReadonlyArray<{ market: string; reason: string }>,
): string[] {
  const notes: string[] = [];
  const stopped = gaps.filter(({ is_open }) => is_open);
  for (const one of stopped.slice(0, 5)) {
    notes.push(`${one.market}: nothing since ${one.from} of ${one.metrics.join(', ')}: a feed may have stopped.`);
  }
  if (stopped.length > 5) notes.push(`${stopped.length - 5} more feeds may have stopped; see gaps.`);
  const few = new Set(notJudged.map(({ market: name }) => name)).size;
  if (few > 0) {
    const markets = few === 1 ? 'one market' : `${few} markets`;
    notes.push(`${notJudged.length} series of ${markets} could not be judged; see not_judged.`);
  }
  for (const [name, count] of [
    ['anomalies', anomalies],
    ['gaps', gaps.length],
    ['not_judged', notJudged.length],
  ] as const) {
    if (count > MOST_ROWS) notes.push(`${name}: the first ${MOST_ROWS} of ${count} are shown.`);
  }
  return notes;
}
