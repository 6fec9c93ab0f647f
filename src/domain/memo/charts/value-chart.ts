import { formatCents, formatShortDollars, isNumber } from '../format.ts';
import { at, chart, label } from './svg.ts';

const WIDTH = 690;
const LEFT = 20;
const RIGHT = 670;
const AXIS_Y = 92;
const BAR_Y = 44;

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
  const shapes = [...axis(scale), interval(scale, low, high), ...estimateMark(scale, estimate, low < high)];
  if (isNumber(reference)) shapes.push(...referenceMark(scale, reference, input.referenceLabel));
  return chart(WIDTH, 128, describe(input, low, high), shapes);
}

interface Scale {
  x: (cents: number) => number;
  ticks: readonly number[];
}

function scaleFor(low: number, high: number): Scale {
  const room = Math.max((high - low) * 0.18, Math.abs(high) * 0.04, 100_000);
  const from = Math.max(0, low - room);
  const to = high + room;
  const step = niceStep((to - from) / 5);
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to && ticks.length < 12; tick += step) ticks.push(tick);
  return { x: (cents) => LEFT + ((cents - from) / (to - from)) * (RIGHT - LEFT), ticks };
}

/** The next 1, 2 or 5 times a power of ten. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const lead = rough / power;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
}

function axis(scale: Scale): string[] {
  const line = `<line x1="${LEFT}" y1="${AXIS_Y}" x2="${RIGHT}" y2="${AXIS_Y}" class="c-axis"/>`;
  const ticks = scale.ticks.flatMap((tick) => [
    `<line x1="${at(scale.x(tick))}" y1="30" x2="${at(scale.x(tick))}" y2="${AXIS_Y + 4}" class="c-grid"/>`,
    label(scale.x(tick), AXIS_Y + 17, formatShortDollars(tick / 100), { anchor: 'middle', className: 'c-tick' }),
  ]);
  return [...ticks, line];
}

function interval(scale: Scale, low: number, high: number): string {
  const width = Math.max(2, scale.x(high) - scale.x(low));
  return `<rect x="${at(scale.x(low))}" y="${BAR_Y}" width="${at(width)}" height="26" rx="4" class="c-interval"/>`;
}

function estimateMark(scale: Scale, estimate: number, hasInterval: boolean): string[] {
  const x = scale.x(estimate);
  const name = hasInterval ? 'Estimate and range' : 'Estimate';
  return [
    `<rect x="${at(x - 2)}" y="${BAR_Y - 4}" width="4" height="34" rx="2" class="c-estimate"/>`,
    edgeLabel(x, 22, `${name} ${formatCents(estimate) ?? ''}`, 'c-strong'),
  ];
}

function referenceMark(scale: Scale, reference: number, name: string): string[] {
  const x = scale.x(reference);
  return [
    `<line x1="${at(x)}" y1="${BAR_Y - 6}" x2="${at(x)}" y2="${AXIS_Y}" class="c-reference"/>`,
    `<path d="M${at(x - 6)} ${AXIS_Y + 1} h12 l-6 -9 z" class="c-reference-mark"/>`,
    edgeLabel(x, 125, `${name} ${formatCents(reference) ?? ''}`, 'c-accent'),
  ];
}

/** Near an edge the text grows inwards. */
function edgeLabel(x: number, y: number, text: string, className: string): string {
  const anchor = x < 140 ? 'start' : x > WIDTH - 140 ? 'end' : 'middle';
  const place = anchor === 'start' ? Math.max(LEFT, x - 6) : anchor === 'end' ? Math.min(RIGHT, x + 6) : x;
  return label(place, y, text, { anchor, className });
}

function describe(input: ValueChartInput, low: number, high: number): string {
  const range = low < high ? ` (range ${formatCents(low)} to ${formatCents(high)})` : '';
  const reference = isNumber(input.referenceCents)
    ? ` against ${input.referenceLabel.toLowerCase()} ${formatCents(input.referenceCents)}`
    : '';
  return `Estimated value ${formatCents(input.estimateCents)}${range}${reference}.`;
}
