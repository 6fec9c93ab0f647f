import { z } from 'zod';
import { forecastFigure } from '../../domain/market/forecast.ts';
import type { Grain } from '../../domain/market/metrics.ts';
import { periodStart } from '../periods.ts';

const mae = z.object({
  damped_trend: z.number().nullable(),
  naive: z.number().nullable(),
  seasonal_naive: z.number().nullable(),
});

/** A forecast as answered: by which way, what each way was worth on the past, and 80% intervals. */
export const forecastSchema = z.object({
  figure: z.enum(['price', 'days_on_market', 'sales']),
  metric: z.string(),
  unit: z.string(),
  available: z.boolean(),
  statement: z.string(),
  /** Newest period it starts from. */
  from: z.string().nullable(),
  method: z.enum(['damped_trend', 'naive', 'seasonal_naive']).nullable(),
  mae: mae.nullable(),
  backtests: z.int(),
  coverage_80: z.number().nullable(),
  forecast: z.array(z.object({ period: z.string(), value: z.number(), low: z.number(), high: z.number() })),
});

/** Columns of mart.market_metrics that forecasts are made of. */
export const FORECAST_METRICS = ['median_sale_price', 'home_value_index', 'days_on_market', 'homes_sold'] as const;

/** Figures by metric, one per period from the first to the last of `days`. */
export type DenseFigures = Readonly<Record<(typeof FORECAST_METRICS)[number], ReadonlyArray<number | null>>>;

/** Forecasts of price (sales prices, or the published index where there are none), days on market and sales. */
export function forecastsOf(
  days: readonly string[],
  figures: DenseFigures,
  grain: Grain,
  horizon: number,
): z.infer<typeof forecastSchema>[] {
  const hasPrices = figures.median_sale_price.some((value) => value !== null);
  const wanted = [
    hasPrices
      ? (['price', 'median_sale_price', 'dollars'] as const)
      : (['price', 'home_value_index', 'index'] as const),
    ['days_on_market', 'days_on_market', 'days'] as const,
    ['sales', 'homes_sold', 'homes'] as const,
  ];
  return wanted.map(([figure, metric, unit]) => {
    const values = figures[metric];
    const last = values.findLastIndex((value) => value !== null);
    const from = days[last] ?? null;
    const result = forecastFigure(values.slice(0, last + 1), grain, horizon);
    const about = { figure, metric, unit, from, statement: result.statement };
    if (!result.available || from === null) {
      return { ...about, available: false, method: null, mae: null, backtests: 0, coverage_80: null, forecast: [] };
    }
    const forecast = result.forecast.map(({ ahead, value, low, high }) => ({
      period: periodStart(from, grain, ahead),
      value,
      low,
      high,
    }));
    const { method, mae: errors, backtests, coverage_80 } = result;
    return { ...about, available: true, method, mae: errors, backtests, coverage_80, forecast };
  });
}
