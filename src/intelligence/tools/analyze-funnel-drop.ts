import { z } from 'zod';
import { calibrated } from '../../domain/market/calibration.ts';
import { confidenceOf } from '../../domain/market/confidence.ts';
import { type FunnelCounts, funnelChanges, type StepChange } from '../../domain/market/funnel.ts';
import type { Interval } from '../../domain/market/probability.ts';
import { ageDaysOf, dayOf, periodOf, shiftDays } from '../periods.ts';
import { answerBase, asOf, confidenceSchema, market, segment, tool } from '../tool.ts';
import { readEconomics } from './economics.ts';
import { type MarketFunnel, MOST_PAST_WEEKS, MOST_RECENT_WEEKS, readFunnelSpans } from './funnel-spans.ts';

const interval = z.object({ value: z.number(), low: z.number(), high: z.number() });
const step = z.object({
  step: z.enum(['lead_to_offer', 'offer_to_accept', 'accept_to_close']),
  trials: z.number(),
  successes: z.number(),
  rate: interval.nullable(),
  past_rate: z.number().nullable(),
  expected_rate: z.number().nullable(),
  is_seasonal: z.boolean(),
  p_value: z.number(),
  is_drop: z.boolean(),
  lost: interval,
  lost_closes: interval,
  lost_value: interval.nullable(),
});

/** Where leads are lost on their way to a purchase, and what it costs. */
export const analyzeFunnelDrop = tool({
  name: 'analyze_funnel_drop',
  title: 'Funnel drops',
  description:
    'Rates from lead to offer, offer to acceptance and acceptance to purchase in the newest weeks against the weeks before, moved by the change that the same weeks made a year before where they are known (log-odds), else two proportions with continuity correction. A drop has a p-value below 0.01 divided by the number of comparisons. Lost successes and purchases of the newest weeks with 95% intervals; dollars = lost purchases × the mean net margin of homes sold in half a year. Without a market: the markets with a drop. Sources: raw.funnel_activity, mart.deal_pl.',
  input: z.strictObject({
    market: market.optional(),
    segment,
    recent_weeks: z.number().int().min(1).max(MOST_RECENT_WEEKS).default(4),
    past_weeks: z.number().int().min(4).max(MOST_PAST_WEEKS).default(12),
    as_of: asOf,
  }),
  output: z.object({
    ...answerBase,
    market: z.string().nullable(),
    segment: z.string(),
    from: z.string(),
    markets_compared: z.number(),
    drops: z.number(),
    lost_value: interval.nullable(),
    markets: z.array(
      z.object({
        market: z.string(),
        weeks: z.number(),
        past_weeks: z.number(),
        leads_per_week: z.number().nullable(),
        past_leads_per_week: z.number().nullable(),
        steps: z.array(step),
      }),
    ),
    confidence: confidenceSchema,
  }),
  async run(context, input) {
    const to = input.as_of ?? dayOf(context.now);
    const last = periodOf(shiftDays(to, -6), 'week');
    const recent = { from: shiftDays(last, -7 * (input.recent_weeks - 1)), to: last };
    const past = { from: shiftDays(recent.from, -7 * input.past_weeks), to: shiftDays(recent.from, -7) };
    const yearBefore = (span: typeof past) => ({ from: shiftDays(span.from, -364), to: shiftDays(span.to, -364) });
    const spans = [recent, past, yearBefore(recent), yearBefore(past)];
    const scope = { market: input.market ?? null, segment: input.segment };
    const rows = await readFunnelSpans(context.warehouse, { ...scope, spans });
    const economics = await readEconomics(context, { segment: input.segment, to });
    const compared = rows.filter(({ spans: [now, before] }) => now!.weeks > 0 && before!.weeks > 0);
    const alpha = 0.01 / (3 * Math.max(1, compared.length));
    const all = rows.map((row) => {
      const margin = economics.margin(row.market);
      const steps = changesOf(row, input, alpha).map((one) => stepOf(one, margin));
      const [now, before] = row.spans as [FunnelCounts, FunnelCounts];
      const perWeek = ({ leads, weeks }: FunnelCounts) => (weeks > 0 ? leads / weeks : null);
      return {
        market: row.market,
        weeks: now.weeks,
        past_weeks: before.weeks,
        leads_per_week: perWeek(now),
        past_leads_per_week: perWeek(before),
        steps,
      };
    });
    const dropped = all.filter(({ steps }) => steps.some(({ is_drop }) => is_drop));
    const lostOf = ({ steps }: (typeof all)[number]) =>
      steps.filter(({ is_drop }) => is_drop).map((one) => one.lost_value);
    const worth = (one: (typeof all)[number]) => lostOf(one).reduce((sum, value) => sum + (value?.value ?? 0), 0);
    const markets =
      scope.market === null
        ? dropped.sort((a, b) => worth(b) - worth(a) || (a.market < b.market ? -1 : 1)).slice(0, 100)
        : all;
    const offers = rows.reduce((sum, row) => sum + row.spans[0]!.offers, 0);
    const seen = rows.reduce((sum, row) => sum + row.spans[0]!.weeks, 0);
    const newest =
      rows
        .flatMap((row) => row.newest ?? [])
        .sort()
        .at(-1) ?? null;
    const confidence = confidenceOf({
      sampleSize: offers,
      enough: 200,
      ageDays: newest === null ? null : ageDaysOf(newest, last),
      freshDays: 13,
      coverage: rows.length === 0 ? 0 : seen / (rows.length * input.recent_weeks),
    });
    const notes = [...confidence.reasons];
    if (rows.length === 0) notes.unshift(`There is no funnel of ${scope.market ?? 'any market'} (${input.segment}).`);
    const stopped = rows.length - compared.length;
    if (stopped > 0) notes.push(`${stopped} markets have no weeks now or before, and are not compared`);
    const plain = all.filter(({ steps }) => steps.every(({ is_seasonal }) => !is_seasonal)).length;
    if (plain > 0) notes.push(`${plain} of ${all.length} markets have no year before: the season is not taken out`);
    if (economics.margin(null) === null) notes.push('too few homes were sold in half a year to say dollars');
    return {
      as_of: to,
      data_through: newest,
      notes,
      market: scope.market,
      segment: input.segment,
      from: recent.from,
      markets_compared: compared.length,
      drops: dropped.reduce((sum, one) => sum + lostOf(one).length, 0),
      lost_value: economics.margin(null) === null ? null : totalOf(dropped.flatMap(lostOf)),
      markets,
      confidence: { ...confidence, value: calibrated(context.weights, 'analyze_funnel_drop', confidence.value) },
    };
  },
});

function changesOf(
  row: MarketFunnel,
  input: { recent_weeks: number; past_weeks: number },
  alpha: number,
): StepChange[] {
  const [recent, past, recentBefore, pastBefore] = row.spans as [
    FunnelCounts,
    FunnelCounts,
    FunnelCounts,
    FunnelCounts,
  ];
  const isThere =
    recentBefore.weeks >= 0.75 * input.recent_weeks && pastBefore.weeks >= 0.75 * input.past_weeks && past.weeks > 0;
  const year = (counts: FunnelCounts) => (isThere ? counts : null);
  return funnelChanges({ recent, past, recentYearBefore: year(recentBefore), pastYearBefore: year(pastBefore) }, alpha);
}

function stepOf(one: StepChange, margin: Interval | null): z.infer<typeof step> {
  const known = (value: number) => (Number.isFinite(value) ? value : null);
  const { lostCloses } = one;
  const ends =
    margin === null ? [] : [lostCloses.low, lostCloses.high].flatMap((n) => [n * margin.low, n * margin.high]);
  const value = margin === null ? 0 : lostCloses.value * margin.value;
  return {
    step: one.step,
    trials: one.trials,
    successes: one.successes,
    rate: one.trials > 0 ? one.rate : null,
    past_rate: known(one.pastRate),
    expected_rate: known(one.expectedRate),
    is_seasonal: one.isSeasonal,
    p_value: one.pValue,
    is_drop: one.isDrop,
    lost: one.lost,
    lost_closes: lostCloses,
    lost_value: margin === null ? null : { value, low: Math.min(value, ...ends), high: Math.max(value, ...ends) },
  };
}

/** Sums of values and of their ends: wider than need be, as the errors need not agree. */
function totalOf(values: ReadonlyArray<Interval | null>): Interval {
  const of = (end: keyof Interval) => values.reduce((sum, value) => sum + (value?.[end] ?? 0), 0);
  return { value: of('value'), low: of('low'), high: of('high') };
}
