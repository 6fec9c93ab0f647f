import type { ReactNode } from 'react';
import styles from './bars.module.css';
import { formatFigure, unitName } from './chart-data.ts';
import { ChartFrame } from './chart-frame.tsx';

export interface Contribution {
  label: string;
  /** What it adds (or, below 0, takes). */
  value: number;
  /** Why: shown under the label. */
  note?: ReactNode;
}

interface ContributionChartProps {
  items: readonly Contribution[];
  /** What they come to. */
  total: number;
  /** What the chart is of; "Contributions" without it. */
  label?: string;
  /** `$`, `%` or a word; `points` without it. */
  unit?: string;
  totalLabel?: string;
  note?: ReactNode;
  empty?: ReactNode;
}

/** What each part adds to a figure or takes from it: bars to both sides of 0, and their total. */
export function ContributionChart({
  items,
  total,
  label = 'Contributions',
  unit = 'points',
  totalLabel = 'Total',
  note,
  empty,
}: ContributionChartProps) {
  const end = Math.max(1e-9, ...items.map(({ value }) => Math.abs(value)));
  const hasNegative = items.some(({ value }) => value < 0);
  const hasNote = items.some((item) => item.note);
  const digits = items.every(({ value }) => Number.isInteger(value)) ? 0 : end >= 100 ? 1 : 2;
  return (
    <ChartFrame
      label={label}
      unit={unitName(unit)}
      note={note}
      empty={empty}
      columns={['Part', 'Adds', ...(hasNote ? ['Why'] : [])]}
      rows={[
        ...items.map((item) => [item.label, signed(item.value, unit, digits), ...(hasNote ? [item.note ?? ''] : [])]),
        ...(items.length > 0 ? [[totalLabel, formatFigure(total, unit), ...(hasNote ? [''] : [])]] : []),
      ]}
    >
      <ul className={styles.bars}>
        {items.map(({ label: name, value, note: why }) => {
          const share = `${((Math.abs(value) / end) * (hasNegative ? 50 : 100)).toFixed(2)}%`;
          const place = !hasNegative ? { left: 0 } : value < 0 ? { right: '50%' } : { left: '50%' };
          return (
            <li key={name} className={styles.bar}>
              <span className={styles.barName}>
                {name}
                {why && <small>{why}</small>}
              </span>
              <span className={styles.track} data-diverging={hasNegative || undefined}>
                <span
                  className={styles.part}
                  data-sign={value < 0 ? 'minus' : 'plus'}
                  style={{ width: share, ...place }}
                />
              </span>
              <span className={styles.barValue}>{signed(value, unit, digits)}</span>
            </li>
          );
        })}
        <li className={`${styles.bar} ${styles.total}`}>
          <span className={styles.barName}>{totalLabel}</span>
          <span />
          <span className={styles.barValue}>{formatFigure(total, unit)}</span>
        </li>
      </ul>
    </ChartFrame>
  );
}

/** As many digits for each part as the smallest one needs, so that the points stand below each other. */
function signed(value: number, unit: string, digits: number): string {
  const size = Math.abs(value);
  const text = unit === '$' || unit === '%' ? formatFigure(size, unit) : size.toFixed(digits);
  return value < 0 ? `−${text}` : `+${text}`;
}
