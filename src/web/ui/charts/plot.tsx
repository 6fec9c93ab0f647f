import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { useChartColors } from './chart-colors.ts';
import {
  type AlignedSeries,
  type ChartMark,
  type ChartSeries,
  formatPlace,
  formatValue,
  placeOf,
} from './chart-data.ts';
import styles from './charts.module.css';
import { plotData, plotOptions } from './plot-options.ts';

export interface PlotProps {
  label: string;
  unit: string;
  xUnit: string;
  series: readonly ChartSeries[];
  aligned: AlignedSeries;
  marks: readonly ChartMark[];
  bandName: string;
  height: number;
  fromZero: boolean;
}

/** The drawn lines, with a tooltip that follows the pointer or the arrow keys. */
export function Plot(props: PlotProps) {
  const { label, aligned, series, marks, height, fromZero, unit, xUnit } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const colors = useChartColors();
  const [at, setAt] = useState<number | null>(null);
  const [left, setLeft] = useState(0);

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const options = plotOptions({
      aligned,
      series,
      marks,
      unit,
      xUnit,
      fromZero,
      colors,
      height,
      width: element.clientWidth,
    });
    const drawn = new uPlot(
      {
        ...options,
        hooks: {
          ...options.hooks,
          setCursor: [
            (self) => {
              setAt(self.cursor.idx ?? null);
              setLeft(self.over.offsetLeft + (self.cursor.left ?? 0));
            },
          ],
        },
      },
      plotData(aligned),
      element,
    );
    plot.current = drawn;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) drawn.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
      plot.current = null;
    };
  }, [aligned, series, marks, unit, xUnit, fromZero, colors, height]);

  const last = aligned.xs.length - 1;
  const point = (index: number) => {
    const drawn = plot.current;
    const x = aligned.xs[index];
    if (drawn === null || x === undefined) return;
    drawn.setCursor({ left: drawn.valToPos(x, 'x'), top: drawn.over.clientHeight / 2 });
  };
  const shown = at === null || at > last ? null : tell(props, at);
  return (
    <div className={styles.plot}>
      <div ref={host} className={styles.canvas} style={{ height }} aria-hidden="true" />
      <input
        type="range"
        className={styles.reader}
        min={0}
        max={last}
        step={1}
        value={at ?? last}
        aria-label={`${label}, point by point`}
        aria-valuetext={shown === null ? formatPlace(aligned.xs[last] ?? 0, aligned.kind, xUnit) : asText(shown)}
        onFocus={() => point(at ?? last)}
        onBlur={() => plot.current?.setCursor({ left: -10, top: -10 })}
        onChange={(event) => point(Number(event.target.value))}
      />
      {shown !== null && left >= 0 && (
        <div
          className={styles.tooltip}
          data-side={left > (host.current?.clientWidth ?? 0) / 2 ? 'left' : 'right'}
          style={{ left }}
          aria-hidden="true"
        >
          <strong>{shown.place}</strong>
          {shown.lines.map(({ name, value, color }) => (
            <span key={name} className={styles.tooltipLine}>
              <span className={styles.swatch} data-color={color} />
              {name} <b>{value}</b>
            </span>
          ))}
          {shown.marks.map((text) => (
            <span key={text}>◆ {text}</span>
          ))}
        </div>
      )}
    </div>
  );
}

function tell({ aligned, series, unit, xUnit, marks, bandName }: PlotProps, at: number) {
  const x = aligned.xs[at] ?? 0;
  const lines = series.flatMap(({ name, color }, index) => {
    const line = aligned.lines[index];
    const y = line?.ys[at];
    if (line === undefined || y === null || y === undefined) return [];
    const [low, high] = [line.lows[at], line.highs[at]];
    const hasInterval = typeof low === 'number' && typeof high === 'number';
    const interval = hasInterval ? ` (${bandName} ${formatValue(low, unit)} to ${formatValue(high, unit)})` : '';
    return [{ name, value: formatValue(y, unit) + interval, color: color ?? (index % 6) + 1 }];
  });
  return {
    place: formatPlace(x, aligned.kind, xUnit),
    lines,
    marks: marks.filter((mark) => placeOf(mark.x) === x).map(({ text }) => text),
  };
}

function asText({ place, lines, marks }: ReturnType<typeof tell>): string {
  return [`${place}:`, lines.map(({ name, value }) => `${name} ${value}`).join(', ') || 'no value', ...marks].join(' ');
}
