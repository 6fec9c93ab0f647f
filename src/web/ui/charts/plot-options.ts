import uPlot from 'uplot';
import type { ChartColors } from './chart-colors.ts';
import { type AlignedSeries, type ChartMark, type ChartSeries, formatTick, placeOf } from './chart-data.ts';

interface Drawing {
  aligned: AlignedSeries;
  series: readonly ChartSeries[];
  marks: readonly ChartMark[];
  unit: string;
  xUnit: string;
  fromZero: boolean;
  colors: ChartColors;
  width: number;
  height: number;
}

/** The columns as the plot wants them: x, then for each line its values, and its band's lower and upper end. */
export function plotData({ xs, lines }: AlignedSeries): uPlot.AlignedData {
  return [xs, ...lines.flatMap(({ ys, lows, highs, hasBand }) => (hasBand ? [ys, lows, highs] : [ys]))];
}

/** How the lines, bands, axes and marks are drawn, in the colours of the theme. */
export function plotOptions(drawing: Drawing): uPlot.Options {
  const { aligned, series, marks, unit, xUnit, fromZero, colors, width, height } = drawing;
  const plotted: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  series.forEach((one, index) => {
    const stroke = colors.series[((one.color ?? index + 1) - 1) % 6] ?? colors.text;
    const isAlone = (aligned.lines[index]?.ys ?? []).filter((y) => typeof y === 'number').length < 3;
    plotted.push({
      label: one.name,
      stroke,
      width: 2,
      ...(one.isDashed ? { dash: [6, 4] } : {}),
      points: isAlone ? { show: true, size: 7, fill: stroke } : { show: false },
    });
    if (aligned.lines[index]?.hasBand) {
      const edge: uPlot.Series = { width: 0, points: { show: false } };
      plotted.push(edge, { ...edge });
      bands.push({ series: [plotted.length - 1, plotted.length - 2], fill: `${stroke}2e` });
    }
  });
  const axis: uPlot.Axis = {
    stroke: colors.text,
    font: `12px ${colors.font}`,
    grid: { stroke: colors.line, width: 1 },
    ticks: { show: false },
    gap: 6,
  };
  const isTime = aligned.kind !== 'number';
  return {
    width,
    height,
    series: plotted,
    bands,
    legend: { show: false },
    padding: [12, 26, 0, 0],
    scales: { x: { time: isTime }, y: { range: rangeOf(fromZero) } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        border: { show: true, stroke: colors.line, width: 1 },
        space: 64,
        ...(aligned.kind === 'day' ? { values: dayTicks } : {}),
        ...(isTime ? {} : { size: 28, label: xUnit, labelFont: axis.font, labelSize: xUnit === '' ? 0 : 20 }),
      },
      {
        ...axis,
        size: (_, values) => Math.max(36, 16 + 7 * Math.max(0, ...(values ?? []).map((value) => value.length))),
        values: (_, splits) => splits.map((value) => formatTick(value, unit)),
      },
    ],
    ...(aligned.kind === 'day'
      ? { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC') }
      : {}),
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    hooks: { draw: [(plot) => drawMarks(plot, marks, colors)] },
  };
}

const MONTH = new Intl.DateTimeFormat('en-US', { month: 'short', timeZone: 'UTC' });
const DAY_OF_MONTH = new Intl.DateTimeFormat('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });
const DAY_SECONDS = 86_400;

/** `Nov 16` where the places are days or weeks, `Nov` where they are months; the year below the first and each January. */
function dayTicks(_: uPlot, splits: number[]): string[] {
  const gap = (splits[1] ?? Number.POSITIVE_INFINITY) - (splits[0] ?? 0);
  const write = gap < 28 * DAY_SECONDS ? DAY_OF_MONTH : MONTH;
  return splits.map((place, index) => {
    const date = new Date(place * 1_000);
    const before = splits[index - 1];
    const isNewYear = before === undefined || new Date(before * 1_000).getUTCFullYear() !== date.getUTCFullYear();
    return isNewYear ? `${write.format(date)}\n${date.getUTCFullYear()}` : write.format(date);
  });
}

function rangeOf(fromZero: boolean): uPlot.Range.Function {
  return (_, low, high) => {
    if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
    if (fromZero) return [Math.min(0, low), Math.max(high, low + 1e-9) * 1.08];
    return uPlot.rangeNum(low, high, 0.1, true);
  };
}

function drawMarks(plot: uPlot, marks: readonly ChartMark[], colors: ChartColors): void {
  const { ctx, bbox } = plot;
  const size = 5 * uPlot.pxRatio;
  for (const { x, tone = 'warn' } of marks) {
    const left = plot.valToPos(placeOf(x), 'x', true);
    if (left < bbox.left || left > bbox.left + bbox.width) continue;
    ctx.save();
    ctx.strokeStyle = colors.tones[tone];
    ctx.fillStyle = colors.tones[tone];
    ctx.lineWidth = uPlot.pxRatio;
    ctx.setLineDash([3 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
    ctx.beginPath();
    ctx.moveTo(left, bbox.top + size);
    ctx.lineTo(left, bbox.top + bbox.height);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(left, bbox.top - size);
    ctx.lineTo(left + size, bbox.top);
    ctx.lineTo(left, bbox.top + size);
    ctx.lineTo(left - size, bbox.top);
    ctx.closePath();
    ctx.fill();
    ctx.restore();
  }
}
