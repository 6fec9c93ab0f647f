import { lazy, type ReactNode, Suspense, useMemo } from 'react';
import { Loading } from '../states.tsx';
import {
  alignSeries,
  type ChartMark,
  type ChartSeries,
  describeSeries,
  formatPlace,
  formatValue,
  unitName,
} from './chart-data.ts';
import { ChartFrame } from './chart-frame.tsx';
import styles from './charts.module.css';
import { mendLanguage } from './mend-language.ts';

/** The plot is loaded with the first chart; without it the table has the figures. */
const Plot = lazy(async () => {
  mendLanguage();
  try {
    return { default: (await import('./plot.tsx')).Plot };
  } catch {
    return { default: PlotMissing };
  }
});

function PlotMissing() {
  return <p className={styles.nothing}>The chart could not be loaded. Its figures are under “Show as table”.</p>;
}

interface LineChartProps {
  label: string;
  /** `$` (dollars), `%` (fractions: 0.079 is 7.9%), or a word: `days`, `homes`. */
  unit: string;
  series: readonly ChartSeries[];
  /** What a number on the x axis counts. */
  xUnit?: string;
  /** Places that stand out: drawn as a line with a diamond, told in the tooltip. */
  marks?: readonly ChartMark[];
  /** What the shaded band is, for the legend: "80% interval". */
  bandName?: string;
  note?: ReactNode;
  /** Pixels; 240 without it. */
  height?: number;
  /** Whether the y axis begins at 0. */
  fromZero?: boolean;
  empty?: ReactNode;
}

/** Lines over time or over a number, with shaded intervals. Arrow keys read it point by point. */
export function LineChart({
  label,
  unit,
  series,
  xUnit = '',
  marks = [],
  bandName = 'interval',
  note,
  height = 240,
  fromZero = false,
  empty,
}: LineChartProps) {
  const aligned = useMemo(() => alignSeries(series), [series]);
  const hasBand = aligned.lines.some((line) => line.hasBand);
  const columns = [
    aligned.kind === 'number' ? xUnit || 'x' : aligned.kind === 'day' ? 'Date' : 'Time',
    ...series.flatMap(({ name }, index) =>
      aligned.lines[index]?.hasBand ? [name, `${name}: ${bandName}, low`, `${name}: ${bandName}, high`] : [name],
    ),
  ];
  const rows = aligned.xs.map((x, at) => [
    formatPlace(x, aligned.kind, xUnit),
    ...aligned.lines.flatMap(({ ys, lows, highs, hasBand: banded }) =>
      (banded ? [ys[at], lows[at], highs[at]] : [ys[at]]).map((value) => formatValue(value, unit)),
    ),
  ]);
  return (
    <ChartFrame
      label={label}
      unit={unitName(unit)}
      note={note}
      columns={columns}
      rows={rows}
      empty={empty}
      legend={(series.length > 1 || hasBand) && <Legend series={series} bandName={hasBand ? bandName : undefined} />}
    >
      <p className="visually-hidden">{describeSeries(series, unit, xUnit)}</p>
      <Suspense fallback={<Loading label={`Drawing ${label}`} lines={6} />}>
        <Plot
          label={label}
          unit={unit}
          xUnit={xUnit}
          series={series}
          aligned={aligned}
          marks={marks}
          bandName={bandName}
          height={height}
          fromZero={fromZero}
        />
      </Suspense>
    </ChartFrame>
  );
}

function Legend({ series, bandName }: { series: readonly ChartSeries[]; bandName: string | undefined }) {
  return (
    <ul className={styles.legend}>
      {series.map(({ name, isDashed, color }, index) => (
        <li key={name}>
          <span
            className={styles.swatch}
            data-color={color ?? (index % 6) + 1}
            data-dashed={isDashed || undefined}
            aria-hidden="true"
          />
          {name}
        </li>
      ))}
      {bandName && (
        <li>
          <span className={styles.bandSwatch} aria-hidden="true" />
          {bandName}
        </li>
      )}
    </ul>
  );
}
