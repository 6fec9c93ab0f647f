import { z } from 'zod';
import { calibrated } from '../../domain/market/calibration.ts';
import { confidenceOf } from '../../domain/market/confidence.ts';
import { MARKET_METRICS, METRIC_NAMES } from '../../domain/market/metrics.ts';
import { relativeChange } from '../../domain/market/robust.ts';
import { ageDaysOf, dayOf, periodStart, shiftDays, valueAt } from '../periods.ts';
import { marketSeries } from '../readings/market-series.ts';
import { answerBase, asOf, confidenceSchema, grain, market, segment, tool } from '../tool.ts';
import { chooseGrain, FRESH_DAYS } from './market-scores.ts';

const figure = z.object({
  metric: z.string(),
  label: z.string(),
  unit: z.string(),
  value: z.number(),
  period: z.string(),
  change_previous: z.number().nullable(),
  change_year: z.number().nullable(),
  confidence: confidenceSchema,
});

/** Newest value of each figure, with its change from the period before and from a year before. */
export const getMarketSummary = tool({
  name: 'get_market_summary',
  title: 'Market summary',
  description:
    'The newest value of every figure of a market with its change from the period before and from the same period a year before (fractions: 0.03 = 3% more; for shares, differences of shares). Without grain: the shortest period that there are figures by. Source: mart.market_metrics; money in dollars, days in days.',
  input: z.strictObject({ market, segment, grain: grain.optional(), as_of: asOf }),
  output: z.object({
    ...answerBase,
    market: z.string(),
    segment: z.string(),
    grain,
    figures: z.array(figure),
    confidence: confidenceSchema,
  }),
  async run({ warehouse, now, weights }, input) {
    const to = input.as_of ?? dayOf(now);
    const chosen = { market: input.market, segment: input.segment, asOf: to, asked: input.grain };
    const { grain: each, notes: aside } = await chooseGrain(warehouse, chosen);
    const question = { ...input, grain: each, metrics: METRIC_NAMES, from: shiftDays(to, -800), to };
    const [series] = await warehouse.read(marketSeries, question);
    const weeks = series?.weeks ?? [];
    const founded = (periods: number, newest: string | null) => {
      const { value, ...footing } = confidenceOf({
        sampleSize: periods,
        enough: 12,
        ageDays: newest === null ? null : ageDaysOf(periodStart(newest, each, 1), to),
        freshDays: FRESH_DAYS[each],
      });
      return { ...footing, value: calibrated(weights, 'get_market_summary', value) };
    };
    const figures = MARKET_METRICS.flatMap(({ name, label, unit, isLogarithmic }, at) => {
      const values = series?.values[at] ?? [];
      const last = values.findLastIndex((value) => value !== null);
      if (last < 0) return [];
      const value = values[last]!;
      const change = (before: number | null) =>
        isLogarithmic ? relativeChange(before, value) : before === null ? null : value - before;
      const period = weeks[last]!;
      const of = (periods: number) => valueAt(weeks, values, periodStart(period, each, -periods));
      const year = { week: 52, month: 12, quarter: 4 }[each];
      const known = values.filter((one) => one !== null).length;
      const changes = { change_previous: change(of(1)), change_year: change(of(year)) };
      return [{ metric: name, label, unit, value, period, ...changes, confidence: founded(known, period) }];
    });
    const through = weeks.at(-1) ?? null;
    const confidence = founded(weeks.length, through);
    const notes = through === null ? [`There is no ${each} of ${input.market} (${input.segment}) up to ${to}.`] : [];
    return {
      as_of: to,
      data_through: through,
      notes: [...notes, ...aside, ...confidence.reasons],
      market: input.market,
      segment: input.segment,
      grain: each,
      figures,
      confidence,
    };
  },
});
