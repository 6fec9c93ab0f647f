import { z } from 'zod';
import { confidenceOf } from '../../domain/market/confidence.ts';
import { MARKET_METRICS, METRIC_NAMES } from '../../domain/market/metrics.ts';
import { relativeChange } from '../../domain/market/robust.ts';
import { ageDaysOf, dayOf, periodStart, shiftDays, valueAt } from '../periods.ts';
import { marketSeries } from '../readings/market-series.ts';
import { answerBase, asOf, confidenceSchema, grain, market, segment, tool } from '../tool.ts';

const figure = z.object({
  metric: z.string(),
  label: z.string(),
  unit: z.string(),
  value: z.number(),
  period: z.string(),
  change_previous: z.number().nullable(),
  change_year: z.number().nullable(),
});

/** Newest value of each figure, with its change from the period before and from a year before. */
export const getMarketSummary = tool({
  name: 'get_market_summary',
  title: 'Market summary',
  description:
    'The newest value of every figure of a market with its change from the period before and from the same period a year before (fractions: 0.03 = 3% more; for shares, differences of shares). Source: mart.market_metrics; money in dollars, days in days.',
  input: z.strictObject({ market, segment, grain: grain.default('week'), as_of: asOf }),
  output: z.object({
    ...answerBase,
    market: z.string(),
    segment: z.string(),
    grain,
    figures: z.array(figure),
    confidence: confidenceSchema,
  }),
  async run({ warehouse, now }, input) {
    const to = input.as_of ?? dayOf(now);
    const question = { ...input, metrics: METRIC_NAMES, from: shiftDays(to, -800), to };
    const [series] = await warehouse.read(marketSeries, question);
    const weeks = series?.weeks ?? [];
    const figures = MARKET_METRICS.flatMap(({ name, label, unit, isLogarithmic }, at) => {
      const values = series?.values[at] ?? [];
      const last = values.findLastIndex((value) => value !== null);
      if (last < 0) return [];
      const value = values[last]!;
      const change = (before: number | null) =>
        isLogarithmic ? relativeChange(before, value) : before === null ? null : value - before;
      const period = weeks[last]!;
      const of = (periods: number) => valueAt(weeks, values, periodStart(period, input.grain, -periods));
      const year = { week: 52, month: 12, quarter: 4 }[input.grain];
      return [
        { metric: name, label, unit, value, period, change_previous: change(of(1)), change_year: change(of(year)) },
      ];
    });
    const through = weeks.at(-1) ?? null;
    const age = through === null ? null : ageDaysOf(periodStart(through, input.grain, 1), to);
    const confidence = confidenceOf({
      sampleSize: weeks.length,
      enough: 12,
      ageDays: age,
      freshDays: { week: 14, month: 45, quarter: 135 }[input.grain],
    });
    const notes =
      through === null ? [`There is no ${input.grain} of ${input.market} (${input.segment}) up to ${to}.`] : [];
    return {
      as_of: to,
      data_through: through,
      notes: [...notes, ...confidence.reasons],
      market: input.market,
      segment: input.segment,
      grain: input.grain,
      figures,
      confidence,
    };
  },
});
