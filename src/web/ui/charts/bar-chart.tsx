import type { ReactNode } from 'react';
import styles from './bars.module.css';
import { formatFigure, formatTick, formatValue, niceCeiling, unitName } from './chart-data.ts';
import { ChartFrame } from './chart-frame.tsx';

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

/** Horizontal bars from 0, each with its name and value as text; values below 0 go to the other side. */
export function BarChart({ label, unit, bars, max, note, empty }: BarChartProps) {
  const end = max ?? niceCeiling(Math.max(0, ...bars.flatMap(({ value, high }) => [value ?? 0, high ?? 0])));
  const lowest = Math.min(0, ...bars.flatMap(({ value, low }) => [value ?? 0, low ?? 0]));
  const start = lowest < 0 ? -niceCeiling(-lowest) : 0;
  const at = (value: number) => Math.min(1, Math.max(0, (value - start) / (end - start))) * 100;
  const percent = (share: number) => `${share.toFixed(2)}%`;
  const span = (from: number, to: number) => ({
    left: percent(at(Math.min(from, to))),
    width: percent(Math.abs(at(to) - at(from))),
  });
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
              {value !== null && value !== 0 && (
                <span className={styles.fill} data-tone={value < 0 ? 'bad' : tone} style={span(0, value)} />
              )}
              {start < 0 && <span className={styles.zero} style={{ left: percent(at(0)) }} />}
              {typeof low === 'number' && typeof high === 'number' && (
                <span className={styles.whisker} style={span(low, high)} />
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
          <span className={styles.axis} data-diverging={start < 0 || undefined}>
            {(start < 0 ? [start, 0, end] : [0, end / 2, end]).map((value) => (
              <span key={value} style={start < 0 ? { left: percent(at(value)) } : undefined}>
                {formatTick(value, unit)}
              </span>
            ))}
          </span>
          <span />
        </li>
      </ul>
    </ChartFrame>
  );
}
