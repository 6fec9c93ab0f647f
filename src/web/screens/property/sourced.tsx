import { type ReactNode, useId, useState } from 'react';
import { formatDay, formatMicros, formatMoment, formatPercent } from '../../lib/format.ts';
import { sourceName } from '../../lib/names.ts';
import { ageOf, isOld, type OtherValue, type Provenance } from './provenance.ts';
import styles from './sourced.module.css';

/**
 * A value that says where it came from: on hover, on focus and on a tap. A made-up value and an old one are marked
 * without asking.
 */
export function Sourced({
  children,
  provenance,
  others = [],
  formatOther,
  isMarked = true,
}: {
  children: ReactNode;
  provenance: Provenance | undefined;
  others?: readonly OtherValue[];
  formatOther: (value: unknown) => string;
  /** Whether made-up and old values are marked here; false where what is around them says so. */
  isMarked?: boolean;
}) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  if (provenance === undefined) return <span>{children}</span>;
  const { source, fetchedAt, asOf, simulated, confidence, costMicros } = provenance;
  const now = Date.now();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering shows what focus and a press show, too
    <span className={styles.sourced} onMouseEnter={() => setOpen(true)} onMouseLeave={() => setOpen(false)}>
      <button
        type="button"
        className={styles.value}
        aria-describedby={isOpen ? id : undefined}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onClick={() => setOpen(true)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || !isOpen) return;
          event.stopPropagation();
          setOpen(false);
        }}
      >
        {children}
      </button>
      {isMarked && simulated && <span className={styles.simulated}>simulated</span>}
      {isMarked && !simulated && isOld(provenance, now) && <span className={styles.old}>{ageOf(provenance, now)}</span>}
      {isOpen && (
        <span role="tooltip" id={id} className={styles.tip}>
          <b>{sourceName(source)}</b>
          <span>
            {asOf ? `Tells of ${formatDay(asOf)} (${ageOf(provenance, now)}), fetched ` : 'Fetched '}
            {formatMoment(fetchedAt)}
          </span>
          <span>
            {costMicros === 0 ? 'Free of charge' : `Cost ${formatMicros(costMicros)}`}
            {confidence !== null && `, ${formatPercent(confidence, 0)} sure by its own account`}
          </span>
          {simulated && <span>Made up by an offline simulator: no fact about this house.</span>}
          {others.slice(0, 4).map((other) => (
            <span key={`${other.source}${other.fetchedAt}`}>
              {sourceName(other.source)} said {formatOther(other.value)} on {formatDay(other.fetchedAt)}
              {other.simulated && ' (simulated)'}
            </span>
          ))}
          {others.length === 0 && <span className={styles.none}>No other source has told this.</span>}
        </span>
      )}
    </span>
  );
}
