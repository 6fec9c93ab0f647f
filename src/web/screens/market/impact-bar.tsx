import { formatDollars, formatDollarsShort } from '../../lib/format.ts';
import styles from './market.module.css';

interface Impact {
  low: number | null;
  expected: number;
  high: number | null;
}

/** The expected dollars on a line with 0, and the interval around them. */
export function ImpactBar({ impact }: { impact: Impact }) {
  const { expected } = impact;
  const low = impact.low ?? expected;
  const high = impact.high ?? expected;
  const [from, to] = [Math.min(0, low), Math.max(0, high)];
  const span = Math.max(1, to - from);
  const place = (value: number) => `${(((value - from) / span) * 100).toFixed(2)}%`;
  const told =
    impact.low === null || impact.high === null
      ? `Expected impact ${formatDollars(expected)}`
      : `Expected impact ${formatDollars(expected)}, between ${formatDollars(low)} and ${formatDollars(high)}`;
  return (
    <figure className={styles.impact} role="img" aria-label={told}>
      <div className={styles.impactLine} aria-hidden="true">
        <span
          className={styles.impactRange}
          style={{ left: place(low), width: `calc(${place(high)} - ${place(low)})` }}
        />
        <span className={styles.impactZero} style={{ left: place(0) }} />
        <span
          className={styles.impactDot}
          data-sign={expected < 0 ? 'minus' : 'plus'}
          style={{ left: place(expected) }}
        />
      </div>
      <div className={styles.impactEnds} aria-hidden="true">
        <span>{formatDollarsShort(from)}</span>
        <span>{formatDollarsShort(to)}</span>
      </div>
    </figure>
  );
}
