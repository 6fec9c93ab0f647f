import { formatCents, formatPercent, formatShortDollars, isNumber } from '../format.ts';
import { at, axisTicks, type ChartWords, chart, label, platedLabel } from './svg.ts';

const WIDTH = 690;
const HEIGHT = 110;
const LEFT = 14;
const RIGHT = 676;
const AXIS_Y = 88;
const BAR_Y = 38;
const BAR_HEIGHT = 24;

/** What the chart shows, all in whole cents. Null leaves the mark out. */
export interface ValueChartInput {
  estimateCents: number | null;
  lowCents: number | null;
  highCents: number | null;
  referenceCents: number | null;
  /** What the reference price is, such as `Asking price`. */
  referenceLabel: string;
}

/**
 * The estimated value with its interval against the reference price, on one dollar axis.
 * @returns an SVG, or null when there is no estimate to show
 */
export function drawValueChart(input: ValueChartInput): string | null {
  const { estimateCents: estimate, referenceCents: reference } = input;
  if (!isNumber(estimate)) return null;
  const low = isNumber(input.lowCents) ? Math.min(input.lowCents, estimate) : estimate;
  const high = isNumber(input.highCents) ? Math.max(input.highCents, estimate) : estimate;
  const values = isNumber(reference) ? [low, high, estimate, reference] : [low, high, estimate];
  const scale = scaleFor(Math.min(...values), Math.max(...values));
  const shapes = [...axis(scale)];
  if (isNumber(reference)) shapes.push(...gap(scale, reference, estimate));
  shapes.push(...interval(scale, low, high), ...estimateMark(scale, estimate));
  if (isNumber(reference)) shapes.push(...referenceMark(scale, reference, input.referenceLabel));
  return chart(WIDTH, HEIGHT, wordsOf(input, low, high), shapes);
}

interface Scale {
  x: (cents: number) => number;
  ticks: readonly number[];
}

function scaleFor(low: number, high: number): Scale {
  const room = Math.max((high - low) * 0.14, Math.abs(high) * 0.04, 100_000);
  const from = Math.max(0, low - room);
  const to = high + room;
  return {
    x: (cents) => LEFT + ((cents - from) / (to - from)) * (RIGHT - LEFT),
    ticks: axisTicks(from, to, 6),
  };
}

function axis(scale: Scale): string[] {
  const line = `<line x1="${LEFT}" y1="${AXIS_Y}" x2="${RIGHT}" y2="${AXIS_Y}" class="c-axis"/>`;
  const ticks = scale.ticks.flatMap((tick) => [
    `<line x1="${at(scale.x(tick))}" y1="32" x2="${at(scale.x(tick))}" y2="${AXIS_Y + 4}" class="c-grid"/>`,
    label(scale.x(tick), AXIS_Y + 14, formatShortDollars(tick / 100), { anchor: 'middle', className: 'c-tick' }),
  ]);
  return [...ticks, line];
}

/** The stretch between price and estimate, with its share of the price where there is room for it. */
function gap(scale: Scale, reference: number, estimate: number): string[] {
  const [from, to] = [scale.x(reference), scale.x(estimate)];
  const y = BAR_Y + BAR_HEIGHT + 10;
  if (reference <= 0 || Math.abs(to - from) < 12) return [];
  const share = (estimate - reference) / reference;
  const text = `${share < 0 ? '\u2212' : '+'}${formatPercent(Math.abs(share)) ?? ''}`;
  const head = to > from ? -7 : 7;
  const shapes = [
    `<line x1="${at(from)}" y1="${y}" x2="${at(to + head)}" y2="${y}" class="c-gap"/>`,
    `<path d="M${at(to)} ${y} l${head} -4 v8 z" class="c-gap-head"/>`,
  ];
  if (Math.abs(to - from) < 76) return shapes;
  return [
    ...shapes,
    platedLabel((from + to) / 2, y + 4, text, { anchor: 'middle', className: 'c-gap-label', size: 10.5 }),
  ];
}

function interval(scale: Scale, low: number, high: number): string[] {
  const [from, to] = [scale.x(low), scale.x(high)];
  const bar = `<rect x="${at(from)}" y="${BAR_Y}" width="${at(Math.max(2, to - from))}" height="${BAR_HEIGHT}" rx="4" class="c-interval"/>`;
  if (to - from < 150) return [bar];
  const y = BAR_Y + 16;
  return [
    bar,
    label(from + 7, y, formatShortDollars(low / 100), { className: 'c-bound' }),
    label(to - 7, y, formatShortDollars(high / 100), { anchor: 'end', className: 'c-bound' }),
  ];
}

function estimateMark(scale: Scale, estimate: number): string[] {
  const x = scale.x(estimate);
  return [
    `<rect x="${at(x - 2)}" y="${BAR_Y - 5}" width="4" height="${BAR_HEIGHT + 10}" rx="2" class="c-estimate"/>`,
    edgeLabel(x, 27, `Estimated value ${formatCents(estimate) ?? ''}`, 'c-strong'),
  ];
}

function referenceMark(scale: Scale, reference: number, name: string): string[] {
  const x = scale.x(reference);
  return [
    `<line x1="${at(x)}" y1="22" x2="${at(x)}" y2="${AXIS_Y}" class="c-reference"/>`,
    `<path d="M${at(x - 6)} ${AXIS_Y + 1} h12 l-6 -9 z" class="c-reference-mark"/>`,
    edgeLabel(x, 14, `${name} ${formatCents(reference) ?? ''}`, 'c-accent'),
  ];
}

/** Near an edge the text grows inwards. */
function edgeLabel(x: number, y: number, text: string, className: string): string {
  const anchor = x < 140 ? 'start' : x > WIDTH - 140 ? 'end' : 'middle';
  const place = anchor === 'start' ? Math.max(LEFT, x - 6) : anchor === 'end' ? Math.min(RIGHT, x + 6) : x;
  return label(place, y, text, { anchor, className });
}

function wordsOf(input: ValueChartInput, low: number, high: number): ChartWords {
  const range = low < high ? ` (range ${formatCents(low)} to ${formatCents(high)})` : '';
  const reference = isNumber(input.referenceCents)
    ? ` against ${input.referenceLabel.toLowerCase()} ${formatCents(input.referenceCents)}`
    : '';
  return {
    title: 'Value against price',
    description: `Estimated value ${formatCents(input.estimateCents)}${range}${reference}.`,
  };
}
