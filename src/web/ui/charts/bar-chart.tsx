import type { ReactNode } from 'react';
import { formatFigure, formatTick, formatValue, niceCeiling, unitName } from './chart-data.ts';
import { ChartFrame } from './chart-frame.tsx';
import styles from './charts.module.css';

export interface Bar {
  name: string;
  value: number | null;
  /** Shown behind the value, and in the table. */
  note?: string;
  /** Ends of the value's interval, drawn as a thin line. */
  low?: number | null;
  high?: number | null;
  tone?: 'normal' | 'good' | 'warn' | 'bad';
}

interface BarChartProps {
  label: string;
  /** `$`, `%` (fractions) or a word. */
  unit: string;
  bars: readonly Bar[];
  /** Where the axis ends; a round number above the longest bar without it. */
  max?: number;
  note?: ReactNode;
  empty?: ReactNode;
}

/** Horizontal bars from 0, each with its name and value as text. */
export function BarChart({ label, unit, bars, max, note, empty }: BarChartProps) {
  const end = max ?? niceCeiling(Math.max(0, ...bars.flatMap(({ value, high }) => [value ?? 0, high ?? 0])));
  const share = (value: number) => `${(Math.min(1, Math.max(0, value / end)) * 100).toFixed(2)}%`;
  const hasInterval = bars.some(({ low, high }) => typeof low === 'number' && typeof high === 'number');
  const hasNote = bars.some((bar) => bar.note);
  return (
    <ChartFrame
      label={label}
      unit={unitName(unit)}
      note={note}
      empty={empty}
      columns={['Name', 'Value', ...(hasInterval ? ['Low', 'High'] : []), ...(hasNote ? ['Note'] : [])]}
      rows={bars.map((bar) => [
        bar.name,
        formatValue(bar.value, unit),
        ...(hasInterval ? [formatValue(bar.low, unit), formatValue(bar.high, unit)] : []),
        ...(hasNote ? [bar.note ?? ''] : []),
      ])}
    >
      <ul className={styles.bars}>
        {bars.map(({ name, value, low, high, note: told, tone = 'normal' }) => (
          <li key={name} className={styles.bar}>
            <span className={styles.barName}>{name}</span>
            <span className={styles.track}>
              <span className={styles.fill} data-tone={tone} style={{ width: share(value ?? 0) }} />
              {typeof low === 'number' && typeof high === 'number' && (
                <span
                  className={styles.whisker}
                  style={{ left: share(low), width: `calc(${share(high)} - ${share(low)})` }}
                />
              )}
            </span>
            <span className={styles.barValue}>
              {formatFigure(value, unit)}
              {told && <small>{told}</small>}
            </span>
          </li>
        ))}
        <li className={styles.bar} aria-hidden="true">
          <span />
          <span className={styles.axis}>
            {[0, 0.5, 1].map((at) => (
              <span key={at}>{formatTick(end * at, unit)}</span>
            ))}
          </span>
          <span />
        </li>
      </ul>
    </ChartFrame>
  );
}
