import { formatDollars, formatDollarsShort } from '../../lib/format.ts';
import { type IntervalPlan, planInterval, type Range } from './interval.ts';
import styles from './interval-bar.module.css';

/** A value within its intervals, and prices beside it, on one axis in dollars. Everything is told as text, too. */
export function IntervalBar({
  label,
  ranges,
  value,
  prices,
}: {
  label: string;
  ranges: ReadonlyArray<{ name: string; range: Range }>;
  value: number;
  prices: ReadonlyArray<{ name: string; value: number }>;
}) {
  const plan = planInterval(ranges, [{ name: 'Value', value }, ...prices]);
  const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
  return (
    <figure className={styles.figure}>
      <figcaption className="visually-hidden">{describe(label, plan)}</figcaption>
      <div className={styles.axis} aria-hidden="true">
        {plan.bands.map(({ name, start, length }, index) => (
          <span
            key={name}
            className={styles.band}
            data-depth={plan.bands.length === 1 ? 1 : index}
            style={{ left: percent(start), width: percent(length) }}
          />
        ))}
        {plan.marks.map(({ name, at }, index) => (
          <span
            key={name}
            className={styles.mark}
            data-kind={index === 0 ? 'value' : 'price'}
            style={{ left: percent(at) }}
          />
        ))}
      </div>
      <div className={styles.ends} aria-hidden="true">
        <span>{formatDollarsShort(plan.low)}</span>
        <span>{formatDollarsShort(plan.high)}</span>
      </div>
      <ul className={styles.legend} aria-hidden="true">
        {plan.marks.map(({ name, value: at }, index) => (
          <li key={name}>
            <i className={styles.markKey} data-kind={index === 0 ? 'value' : 'price'} />
            {name} {formatDollars(at)}
          </li>
        ))}
        {plan.bands.map(({ name, range }, index) => (
          <li key={name}>
            <i className={styles.bandKey} data-depth={plan.bands.length === 1 ? 1 : index} />
            {name} {formatDollars(range.low)} to {formatDollars(range.high)}
          </li>
        ))}
      </ul>
    </figure>
  );
}

function describe(label: string, { bands, marks }: IntervalPlan): string {
  return [
    label,
    ...marks.map(({ name, value }) => `${name}: ${formatDollars(value)}`),
    ...bands.map(({ name, range }) => `${name}: ${formatDollars(range.low)} to ${formatDollars(range.high)}`),
  ].join('. ');
}
