import { formatCents, formatDay, formatShortDollars, isNumber } from '../format.ts';
import { type PriceTrend, quantile, type TrendPoint } from '../price-trend.ts';
import { at, axisTicks, type ChartWords, chart, label } from './svg.ts';

const WIDTH = 690;
const HEIGHT = 196;
const LEFT = 46;
const RIGHT = 684;
const TOP = 22;
const BOTTOM = 168;
const DAY_MS = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A level that a reader compares the sales with, in cents per square foot. */
export interface TrendLevel {
  name: string;
  centsPerSqft: number | null;
}

/**
 * Closed sales by date and price per square foot, the median of each quarter as a line, and the property's own price
 * as a level. The fortieth part at either end of the prices is left out, so that no odd sale squeezes the rest.
 * @returns an SVG, or null for fewer than five sales
 */
export function drawTrendChart(trend: PriceTrend, level: TrendLevel): string | null {
  const prices = trend.points.map((point) => point.centsPerSqft).toSorted((a, b) => a - b);
  if (prices.length < 5) return null;
  const [low, high] = [quantile(prices, 0.025), quantile(prices, 0.975)];
  const shown = trend.points.filter((point) => point.centsPerSqft >= low && point.centsPerSqft <= high);
  const reference = isNumber(level.centsPerSqft) && level.centsPerSqft > 0 ? level.centsPerSqft : null;
  const scale = scaleFor(shown, [low, high, ...(reference === null ? [] : [reference])]);
  const line = trend.quarters.map(({ day, centsPerSqft }) => `${at(scale.x(day))} ${at(scale.y(centsPerSqft))}`);
  return chart(WIDTH, HEIGHT, wordsOf(trend, level, reference), [
    ...axes(scale),
    ...shown.map(
      (point) =>
        `<circle cx="${at(scale.x(point.day))}" cy="${at(scale.y(point.centsPerSqft))}" r="2.6" class="c-dot"/>`,
    ),
    ...(line.length < 2 ? [] : [`<polyline points="${line.join(' ')}" class="c-line"/>`]),
    ...trend.quarters.map(
      ({ day, centsPerSqft }) =>
        `<circle cx="${at(scale.x(day))}" cy="${at(scale.y(centsPerSqft))}" r="3.4" class="c-knot"/>`,
    ),
    ...(reference === null ? [] : levelLine(scale, reference, level.name)),
  ]);
}

interface Scale {
  x: (day: number) => number;
  y: (cents: number) => number;
  firstDay: number;
  lastDay: number;
  ticks: readonly number[];
}

function scaleFor(points: readonly TrendPoint[], values: readonly number[]): Scale {
  const days = points.map((point) => point.day);
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const margin = Math.max(8, (last - first) * 0.03);
  const [firstDay, lastDay] = [first - margin, last + margin];
  const room = Math.max((Math.max(...values) - Math.min(...values)) * 0.12, 500);
  const [from, to] = [Math.max(0, Math.min(...values) - room), Math.max(...values) + room];
  return {
    x: (day) => LEFT + ((day - firstDay) / (lastDay - firstDay)) * (RIGHT - LEFT),
    y: (cents) => BOTTOM - ((cents - from) / (to - from)) * (BOTTOM - TOP),
    firstDay,
    lastDay,
    ticks: axisTicks(from, to, 5),
  };
}

function axes(scale: Scale): string[] {
  const levels = scale.ticks.flatMap((tick) => [
    `<line x1="${LEFT}" y1="${at(scale.y(tick))}" x2="${RIGHT}" y2="${at(scale.y(tick))}" class="c-grid"/>`,
    label(LEFT - 7, scale.y(tick) + 3, formatShortDollars(tick / 100), { anchor: 'end', className: 'c-tick' }),
  ]);
  const months = monthTicks(scale).flatMap(({ day, name }) => [
    `<line x1="${at(scale.x(day))}" y1="${BOTTOM}" x2="${at(scale.x(day))}" y2="${BOTTOM + 4}" class="c-axis"/>`,
    label(scale.x(day), BOTTOM + 16, name, { anchor: 'middle', className: 'c-tick' }),
  ]);
  return [
    ...levels,
    `<line x1="${LEFT}" y1="${BOTTOM}" x2="${RIGHT}" y2="${BOTTOM}" class="c-axis"/>`,
    ...months,
    label(0, 10, '$ per sq ft', { className: 'c-tick' }),
    label(RIGHT, HEIGHT - 2, 'date of closing', { anchor: 'end', className: 'c-tick' }),
  ];
}

/** First days of months, one, three, six or twelve apart, so that the names do not touch. */
function monthTicks({ firstDay, lastDay }: Scale): Array<{ day: number; name: string }> {
  const months = (lastDay - firstDay) / 30.4;
  const apart = [1, 2, 3, 6, 12, 24, 60].find((step) => months / step <= 9) ?? 120;
  const start = new Date(firstDay * DAY_MS);
  const ticks = [];
  for (let month = start.getUTCFullYear() * 12; ticks.length < 12; month += apart) {
    const day = Date.UTC(Math.floor(month / 12), month % 12, 1) / DAY_MS;
    if (day > lastDay) break;
    if (day >= firstDay) ticks.push({ day, name: `${MONTHS[month % 12] ?? ''} ${Math.floor(month / 12)}` });
  }
  return ticks;
}

function levelLine(scale: Scale, cents: number, name: string): string[] {
  const y = scale.y(cents);
  const text = `${name} ${formatCents(cents) ?? ''}/sq ft`;
  return [
    `<line x1="${LEFT}" y1="${at(y)}" x2="${RIGHT}" y2="${at(y)}" class="c-reference"/>`,
    label(RIGHT, 10, text, { anchor: 'end', className: 'c-level' }),
  ];
}

function wordsOf(trend: PriceTrend, level: TrendLevel, reference: number | null): ChartWords {
  const [first, last] = [trend.points.at(0), trend.points.at(-1)];
  const dayOf = (point: TrendPoint | undefined) =>
    point === undefined ? '' : (formatDay(new Date(point.day * DAY_MS).toISOString()) ?? '');
  const medians = trend.quarters.map(({ name, centsPerSqft }) => `${name} ${formatCents(centsPerSqft) ?? ''}`);
  return {
    title: 'Prices nearby over time',
    description: [
      `${trend.points.length} closed sales from ${dayOf(first)} to ${dayOf(last)} by price per square foot.`,
      medians.length === 0 ? '' : `Median by quarter: ${medians.join(', ')}.`,
      reference === null ? '' : `${level.name}: ${formatCents(reference)} per square foot.`,
    ]
      .filter((part) => part !== '')
      .join(' '),
  };
}
