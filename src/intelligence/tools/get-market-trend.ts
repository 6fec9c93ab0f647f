import { z } from 'zod';
import { calibrated } from '../../domain/market/calibration.ts';
import { confidenceOf } from '../../domain/market/confidence.ts';
import { MOST_PERIODS } from '../../domain/market/forecast.ts';
import { GRAINS, type Grain, type MarketMetric, METRIC_NAMES, marketMetric } from '../../domain/market/metrics.ts';
import { accelerationOf, changeOf, directionOf, slopeOf, yearChanges } from '../../domain/market/trend.ts';
import { ageDaysOf, dayOf, periodStart } from '../periods.ts';
import { marketSeries } from '../readings/market-series.ts';
import { answerBase, asOf, confidenceSchema, grain, market, segment, tool } from '../tool.ts';
import { FORECAST_METRICS, forecastSchema, forecastsOf } from './market-forecasts.ts';
import { FRESH_DAYS, grainsOf, lastDayOf, readCoverage } from './market-scores.ts';

/** Periods looked at when not said. */
const PERIODS = { week: 104, month: 36, quarter: 12 } as const;
/** Missing periods that are named; of more, the number is said. */
const NAMED_MISSING = 100;

const at = z.object({ period: z.string(), value: z.number() });
const change = z.object({
  from: at,
  to: at,
  difference: z.number(),
  relative: z.number().nullable(),
});
const slope = z.object({ value: z.number(), low: z.number(), high: z.number(), pairs: z.int() });

/** How a figure of a market went, where it is going, and forecasts of price, days on market and sales. */
export const getMarketTrend = tool({
  name: 'get_market_trend',
  title: 'Market trend',
  description:
    'One figure of a market by period: the series; its change over the span and against the same period a year before (difference in its unit, relative as a fraction: 0.03 = 3%); Theil–Sen slope per period in its unit with a 90% interval by Sen’s method; acceleration; a direction word that season does not fool (three quarters of the newest yearly changes must agree; with less than a year of data the slope’s interval decides and that is said); missing periods by name. Forecasts of price, days on market and sales for `horizon` periods with 80% intervals, by whichever of damped trend, last value and value of a year before erred least (mean absolute error) on the market’s own past; none with too few periods in a row. Without grain: the shortest period that has the figure. Only whole periods count. Source: mart.market_metrics; money in dollars, days in days, shares 0–1.',
  input: z.strictObject({
    market,
    metric: z.enum(METRIC_NAMES).default('median_sale_price').describe('Column of mart.market_metrics'),
    segment,
    grain: grain.optional(),
    periods: z
      .int()
      .min(2)
      .max(520)
      .optional()
      .describe('Length of the span; default 104 weeks, 36 months, 12 quarters'),
    horizon: z.int().min(0).max(24).default(6).describe('Periods ahead to forecast; 0 for none'),
    as_of: asOf,
  }),
  output: z.object({
    ...answerBase,
    market: z.string(),
    segment: z.string(),
    grain: grain.nullable(),
    metric: z.string(),
    label: z.string(),
    unit: z.string(),
    series: z.array(at),
    missing_periods: z.array(z.string()),
    change: change.nullable(),
    year_over_year: change.nullable(),
    slope_per_period: slope.nullable(),
    /** Change of the yearly change within a quarter of a year, or of the slope between halves, by `method`. */
    acceleration: z.object({ value: z.number(), method: z.enum(['year_over_year', 'slopes_of_halves']) }).nullable(),
    direction: z.enum(['rising', 'falling', 'flat', 'mixed', 'unknown']),
    direction_method: z.enum(['year_over_year', 'slope', 'none']),
    forecast: z.array(forecastSchema),
    confidence: confidenceSchema,
  }),
  async run({ warehouse, now, weights }, input) {
    const day = input.as_of ?? dayOf(now);
    const metric = marketMetric(input.metric)!;
    const { label, unit } = metric;
    const about = { as_of: day, market: input.market, segment: input.segment, metric: metric.name, label, unit };
    const coverage = await readCoverage(warehouse, input.market, input.segment, day);
    for (const { grain: each, newest, latest } of grainsOf(coverage, input.grain)) {
      const periods = input.periods ?? PERIODS[each];
      const perYear = GRAINS[each].perYear;
      const back = Math.max(periods + perYear, MOST_PERIODS[each]);
      const days = Array.from({ length: back }, (_, place) => periodStart(newest, each, place + 1 - back));
      const [series] = await warehouse.read(marketSeries, {
        metrics: [metric.name, ...FORECAST_METRICS],
        market: input.market,
        segment: input.segment,
        grain: each,
        from: days[0]!,
        to: newest,
      });
      const dense = denseOf(days, series?.weeks ?? [], series?.values ?? []);
      const trend = trendOf(metric, days, dense[0] ?? [], each, periods);
      if (trend === null) continue;
      const [, price = [], index = [], daysOnMarket = [], sold = []] = dense;
      const figures = {
        median_sale_price: price,
        home_value_index: index,
        days_on_market: daysOnMarket,
        homes_sold: sold,
      };
      const { last, known, looked, ...found } = trend;
      const { value, ...footing } = confidenceOf({
        sampleSize: known,
        enough: Math.min(periods, perYear),
        ageDays: ageDaysOf(lastDayOf(last, each), day),
        freshDays: FRESH_DAYS[each],
        coverage: known / looked,
      });
      const notes = [...footing.reasons];
      if (found.direction_method === 'slope') notes.push('Less than a year to compare with: season is not taken out.');
      if (found.missing > 0) notes.push(`${found.missing} of ${looked} periods have no value.`);
      if (latest > newest) notes.push(`Periods up to ${latest} are left out: they were not over by ${day}.`);
      const { missing: _, ...shown } = found;
      return {
        ...about,
        data_through: lastDayOf(last, each),
        notes,
        grain: each,
        ...shown,
        forecast: input.horizon === 0 ? [] : forecastsOf(days, figures, each, input.horizon),
        confidence: { ...footing, value: calibrated(weights, 'get_market_trend', value) },
      };
    }
    const missing = `${input.market} (${input.segment}) has no ${input.grain ?? 'period'} with ${label.toLowerCase()} up to ${day}.`;
    return {
      ...about,
      data_through: null,
      notes: [missing],
      grain: null,
      series: [],
      missing_periods: [],
      change: null,
      year_over_year: null,
      slope_per_period: null,
      acceleration: null,
      direction: 'unknown' as const,
      direction_method: 'none' as const,
      forecast: [],
      confidence: { value: 0, sample_size: 0, reasons: ['no data'] },
    };
  },
});

function denseOf(
  days: readonly string[],
  weeks: readonly string[],
  values: ReadonlyArray<ReadonlyArray<number | null>>,
) {
  const places = new Map(weeks.map((week, place) => [week, place]));
  return values.map((figure) => days.map((day) => figure[places.get(day) ?? -1] ?? null));
}

function trendOf(
  metric: MarketMetric,
  days: readonly string[],
  all: ReadonlyArray<number | null>,
  each: Grain,
  periods: number,
) {
  const perYear = GRAINS[each].perYear;
  const inSpan = (place: number) => place >= days.length - periods;
  const first = all.findIndex((value, place) => value !== null && inSpan(place));
  const last = all.findLastIndex((value) => value !== null);
  if (first < 0) return null;
  const point = (place: number) => ({ period: days[place]!, value: all[place]! });
  const changeFrom = (place: number): z.infer<typeof change> | null => {
    if (place < 0 || place === last || (all[place] ?? null) === null) return null;
    const [from, to] = [point(place), point(last)];
    return { from, to, difference: to.value - from.value, relative: changeOf(from.value, to.value, true) };
  };
  const span = all.slice(first);
  const missing = span.flatMap((value, place) => (value === null ? [days[first + place]!] : []));
  const known = span.length - missing.length;
  const upToLast = all.slice(0, last + 1);
  const changes = yearChanges(upToLast, perYear, metric.isLogarithmic);
  const slope = slopeOf(span);
  const found = directionOf(changes, slope, {
    perYear,
    isRelative: metric.isLogarithmic,
    level: all[last]!,
    known,
  });
  return {
    last: days[last]!,
    known,
    looked: span.length,
    missing: missing.length,
    series: span.flatMap((value, place) => (value === null ? [] : [point(first + place)])),
    missing_periods: missing.slice(-NAMED_MISSING),
    change: changeFrom(first),
    year_over_year: changeFrom(last - perYear),
    slope_per_period: slope,
    acceleration: accelerationOf(upToLast.slice(first), changes, perYear),
    direction: found.direction,
    direction_method: found.method,
  };
}
