import type { ChartMark, ChartPoint, ChartSeries } from '../../ui/charts/index.ts';

export type Grain = 'week' | 'month' | 'quarter';

/** A value of a period, named by its first day. */
export interface PeriodValue {
  period: string;
  value: number;
}

/** The same period of the year before: 52 weeks, or the same day of the calendar. */
export function yearBeforeOf(period: string, grain: Grain): string {
  const day = new Date(`${period}T00:00:00Z`);
  if (grain === 'week') day.setUTCDate(day.getUTCDate() - 364);
  else day.setUTCFullYear(day.getUTCFullYear() - 1);
  return day.toISOString().slice(0, 10);
}

/** Each period with the value of the year before, where that is known: the season beside the present. */
export function seasonOf(series: readonly PeriodValue[], grain: Grain): ChartPoint[] {
  const known = new Map(series.map(({ period, value }) => [period, value]));
  return series.flatMap(({ period }) => {
    const value = known.get(yearBeforeOf(period, grain));
    return value === undefined ? [] : [{ x: period, y: value }];
  });
}

/** The newest periods of a series. */
export function newest(series: readonly PeriodValue[], count: number): PeriodValue[] {
  return series.slice(Math.max(0, series.length - count));
}

/** A forecast as a dashed line that starts at the last known value. */
export function forecastPoints(
  series: readonly PeriodValue[],
  forecast: ReadonlyArray<PeriodValue & { low: number; high: number }>,
): ChartPoint[] {
  const last = series.at(-1);
  if (forecast.length === 0) return [];
  return [
    ...(last === undefined ? [] : [{ x: last.period, y: last.value, low: last.value, high: last.value }]),
    ...forecast.map(({ period, value, low, high }) => ({ x: period, y: value, low, high })),
  ];
}

/** The lines of a figure: its past, the season of the year before, and the forecast. */
export function linesOf(
  label: string,
  series: readonly PeriodValue[],
  { grain, shown, forecast }: { grain: Grain; shown: number; forecast?: Parameters<typeof forecastPoints>[1] },
): ChartSeries[] {
  const now = newest(series, shown);
  const from = now[0]?.period ?? '';
  const season = seasonOf(series, grain).filter(({ x }) => String(x) >= from);
  const ahead = forecastPoints(now, forecast ?? []);
  return [
    { name: label, color: 1, points: now.map(({ period, value }) => ({ x: period, y: value })) },
    ...(season.length > 0 ? [{ name: 'A year before', color: 6, isDashed: true, points: season }] : []),
    ...(ahead.length > 0 ? [{ name: 'Forecast', color: 2, isDashed: true, points: ahead }] : []),
  ];
}

interface Anomaly {
  metric: string;
  direction: 'up' | 'down';
  severity: string;
  period: string;
  change: number;
  label: string;
}

/** What stood out of a figure, as marks at the period that stands out most. */
export function marksOf(anomalies: readonly Anomaly[], metric: string, from: string): ChartMark[] {
  return anomalies
    .filter((one) => one.metric === metric && one.period >= from)
    .map(({ period, direction, severity, change }) => ({
      x: period,
      tone: severity === 'HIGH' || severity === 'CRITICAL' ? ('bad' as const) : ('warn' as const),
      text: `${severity.toLowerCase()} anomaly: ${Math.abs(change * 100).toFixed(0)}% ${direction === 'up' ? 'above' : 'below'} what was expected`,
    }));
}
