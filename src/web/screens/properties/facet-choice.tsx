import { useState } from 'react';
import { formatCount } from '../../lib/format.ts';
import styles from './filters.module.css';

interface FacetChoiceProps {
  label: string;
  isLabelHidden?: boolean;
  counts: ReadonlyArray<{ value: string; count: number }>;
  /** The values in their natural order; by count otherwise. */
  order?: readonly string[];
  chosen: string | undefined;
  write: (value: string) => string;
  /** Values that are only counted. */
  isFixed?: (value: string) => boolean;
  /** Undefined takes the choice back. */
  onChoose: (value: string | undefined) => void;
}

/** As many are shown before somebody asks for all. */
const FIRST_SHOWN = 6;

/** One of several values, each with how many have it; a second press takes it back. */
export function FacetChoice(props: FacetChoiceProps) {
  const { label, isLabelHidden, order, chosen, write, isFixed, onChoose } = props;
  const [isAll, setAll] = useState(false);
  const known = props.counts.some(({ value }) => value === chosen);
  const counts = [...props.counts, ...(chosen !== undefined && !known ? [{ value: chosen, count: 0 }] : [])];
  if (order) counts.sort((a, b) => order.indexOf(a.value) - order.indexOf(b.value));
  if (counts.length === 0) return null;
  const shown = isAll || order ? counts : counts.slice(0, FIRST_SHOWN);
  const most = Math.max(1, ...counts.map(({ count }) => count));
  return (
    <fieldset className={styles.group}>
      <legend className={isLabelHidden ? 'visually-hidden' : undefined}>{label}</legend>
      <ul className={styles.choices}>
        {shown.map(({ value, count }) => (
          <li key={value}>
            {isFixed?.(value) ? (
              <span className={styles.choice}>
                <span className="cut">{write(value)}</span>
                <span className={styles.count}>{formatCount(count)}</span>
              </span>
            ) : (
              <button
                type="button"
                className={styles.choice}
                aria-pressed={value === chosen}
                onClick={() => onChoose(value === chosen ? undefined : value)}
              >
                <span className={styles.share} style={{ width: `${(count / most) * 100}%` }} aria-hidden="true" />
                <span className="cut">{write(value)}</span>
                <span className={styles.count}>{formatCount(count)}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
      {!order && counts.length > FIRST_SHOWN && (
        <button type="button" className={styles.all} aria-expanded={isAll} onClick={() => setAll(!isAll)}>
          {isAll ? 'Fewer' : `${counts.length - FIRST_SHOWN} more`}
        </button>
      )}
    </fieldset>
  );
}
