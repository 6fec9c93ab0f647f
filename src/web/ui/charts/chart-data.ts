import {
  formatCount,
  formatDay,
  formatDollars,
  formatDollarsShort,
  formatMoment,
  formatNumber,
  formatPercent,
  UNKNOWN,
} from '../../lib/format.ts';

/** One value of a line; `low` and `high` are the ends of its interval. `y` null is a gap. */
export interface ChartPoint {
  /** ISO 8601 date or moment, or a number. */
  x: string | number;
  y: number | null;
  low?: number | null;
  high?: number | null;
}

/** One line of a chart. */
export interface ChartSeries {
  name: string;
  points: readonly ChartPoint[];
  /** A forecast, or what it is compared with: drawn in dashes. */
  isDashed?: boolean;
  /** Which colour of the chart it takes, 1 to 6; its place among the series without one. */
  color?: number;
}

/** What stands out at one place of the x axis. */
export interface ChartMark {
  x: string | number;
  text: string;
  tone?: 'bad' | 'warn' | 'good' | 'info';
}

type Aligned = Array<number | null | undefined>;

/** All series over the same, ordered x. Moments are seconds since 1970, as the plot wants them. */
export interface AlignedSeries {
  kind: 'day' | 'moment' | 'number';
  xs: number[];
  /** Null is a gap; undefined where the series states nothing: its line goes on to its next value. */
  lines: Array<{ ys: Aligned; lows: Aligned; highs: Aligned; hasBand: boolean }>;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Where a point stands on the x axis: seconds since 1970 for dates (in UTC) and moments, else the number. */
export function placeOf(x: string | number): number {
  return typeof x === 'number' ? x : Date.parse(x) / 1_000;
}

/** Puts the series over one x axis. */
export function alignSeries(series: readonly ChartSeries[]): AlignedSeries {
  const all = series.flatMap(({ points }) => points.map(({ x }) => x));
  const kind = all.some((x) => typeof x === 'number')
    ? 'number'
    : all.every((x) => DAY.test(String(x)))
      ? 'day'
      : 'moment';
  const xs = [...new Set(all.map(placeOf))].filter(Number.isFinite).sort((a, b) => a - b);
  const lines = series.map(({ points }) => {
    const byPlace = new Map(points.map((point) => [placeOf(point.x), point]));
    const read = (key: 'y' | 'low' | 'high') =>
      xs.map((x) => (byPlace.has(x) ? finite(byPlace.get(x)?.[key]) : undefined));
    const lows = read('low');
    const highs = read('high');
    return {
      ys: read('y'),
      lows,
      highs,
      hasBand: lows.some((low, index) => typeof low === 'number' && typeof highs[index] === 'number'),
    };
  });
  return { kind, xs, lines };
}

function finite(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** `Jun 3, 2025`, a moment in the reader's zone, or the number with its unit. */
export function formatPlace(x: number, kind: AlignedSeries['kind'], unit = ''): string {
  if (kind === 'day') return formatDay(new Date(x * 1_000).toISOString());
  if (kind === 'moment') return formatMoment(x * 1_000);
  return [formatNumber(x, 2), unit].filter(Boolean).join(' ');
}

/**
 * A value in its unit: `$` is dollars, `%` a fraction (0.079 is 7.9%), anything else is written after the number
 * (`31 days`). A dash for null.
 */
export function formatValue(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return UNKNOWN;
  if (unit === '$') return hasCents(value) ? formatCents(value) : formatDollars(value);
  if (unit === '%') return formatPercent(value);
  return [formatShortNumber(value), unit].filter(Boolean).join(' ');
}

/** A value where the unit already stands above: only `$` and `%` stay with the number. */
export function formatFigure(value: number | null | undefined, unit: string): string {
  return formatValue(value, unit === '$' || unit === '%' ? unit : '');
}

/** A value as it stands at an axis, short and without its unit's name. */
export function formatTick(value: number, unit: string): string {
  if (unit === '$') return hasCents(value) ? formatCents(value) : formatDollarsShort(value);
  if (unit === '%') return formatPercent(value, Math.abs(value * 100) % 1 < 0.001 ? 0 : 1);
  return formatShortNumber(value);
}

/** Small sums, such as what a call costs, would vanish without their cents. */
function hasCents(value: number): boolean {
  return Math.abs(value) < 100 && !Number.isInteger(value);
}

function formatCents(value: number): string {
  const digits = Math.abs(value) < 0.1 ? 4 : 2;
  const text = value.toLocaleString('en-US', {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  });
  return text.replace(/^-/, '−');
}

function formatShortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1_000) return formatCount(Math.round(value));
  return formatNumber(value, size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

/** What the unit is called under the title of a chart. */
export function unitName(unit: string): string {
  if (unit === '$') return 'dollars';
  return unit === '%' ? 'percent' : unit;
}

/** The smallest of 1, 2, 2.5, 5 or 10 times a power of ten that reaches the value: where an axis from 0 ends. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= value * (1 - 1e-9)) ?? 10;
  return step * power;
}

/** One sentence for whoever cannot see the line: its span, first, last, lowest and highest value. */
export function describeSeries(series: readonly ChartSeries[], unit: string, xUnit = ''): string {
  const { kind, xs, lines } = alignSeries(series);
  return series
    .map(({ name }, index) => {
      const known = (lines[index]?.ys ?? []).flatMap((y, at) => (typeof y === 'number' ? [{ y, x: xs[at] ?? 0 }] : []));
      const [first] = known;
      const last = known.at(-1);
      if (first === undefined || last === undefined) return `${name}: no values.`;
      const tell = (y: number) => formatValue(y, unit);
      const ys = known.map(({ y }) => y);
      const span = `${formatPlace(first.x, kind, xUnit)} to ${formatPlace(last.x, kind, xUnit)}`;
      return `${name}: ${known.length} values, ${span}, from ${tell(first.y)} to ${tell(last.y)}, lowest ${tell(Math.min(...ys))}, highest ${tell(Math.max(...ys))}.`;
    })
    .join(' ');
}
