import { formatDay, formatDollars, formatPercent } from '../../lib/format.ts';
import { SelectField } from '../../ui/field.tsx';
import type { Comparison } from './comparable-sales.ts';
import styles from './comparables.module.css';
import { type Choice, shareApart } from './comparables-choice.ts';
import type { Property } from './property-query.ts';

/** The value under the choice, beside that of the rules and the stored one. */
export function ComparablesOutcome({
  property,
  base,
  comparison,
  isTouched,
}: {
  property: Property;
  base: Comparison;
  comparison: Comparison;
  isTouched: boolean;
}) {
  const stored = property.score?.estimated_value ?? null;
  const apart = shareApart(comparison.value, base.value);
  return (
    <dl className={styles.outcome} aria-live="polite">
      <div data-main>
        <dt>{isTouched ? 'What-if: with your choice' : 'With these sales'}</dt>
        <dd className="figures">
          {comparison.value === null ? 'No value' : formatDollars(comparison.value)}
          {isTouched && apart !== null && Math.abs(apart) >= 0.0005 && (
            <span className={styles.change}>
              {apart > 0 ? '+' : '−'}
              {formatPercent(Math.abs(apart))}
            </span>
          )}
        </dd>
        <dd>
          {comparison.value === null
            ? comparison.why_not
            : `${formatDollars(comparison.value_low)} to ${formatDollars(comparison.value_high)}, ${comparison.included.length} sales`}
        </dd>
      </div>
      {isTouched && (
        <div>
          <dt>By the rules alone</dt>
          <dd className="figures">{base.value === null ? 'No value' : formatDollars(base.value)}</dd>
          <dd>{base.included.length} sales</dd>
        </div>
      )}
      <div>
        <dt>Stored</dt>
        <dd className="figures">{stored === null ? 'None yet' : formatDollars(stored)}</dd>
        <dd>{property.score ? `in the score, as of ${formatDay(property.score.as_of)}` : 'it is not scored yet'}</dd>
      </div>
    </dl>
  );
}

const RADII = [0.25, 0.5, 1, 2, 3, 5, 10];
const MONTHS = [3, 6, 12, 18, 24, 36];

/** How far and how long ago sales are looked for. */
export function SearchLimits({
  comparison,
  choice,
  onChoose,
}: {
  comparison: Comparison;
  choice: Choice;
  onChoose: (choice: Choice) => void;
}) {
  const { radius_miles: radius, months } = comparison.limits;
  return (
    <div className={styles.limits}>
      <SelectField
        label="Within"
        value={choice.radiusMiles ?? ''}
        onChange={(event) =>
          onChoose({ ...choice, radiusMiles: event.target.value === '' ? null : Number(event.target.value) })
        }
      >
        <option value="">{`By the rules${choice.radiusMiles === null ? ` (${radius} mi)` : ''}`}</option>
        {RADII.map((miles) => (
          <option key={miles} value={miles}>
            {miles} mi
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Sold within"
        value={choice.months ?? ''}
        onChange={(event) =>
          onChoose({ ...choice, months: event.target.value === '' ? null : Number(event.target.value) })
        }
      >
        <option value="">{`By the rules${choice.months === null ? ` (${months} months)` : ''}`}</option>
        {MONTHS.map((count) => (
          <option key={count} value={count}>
            {count} months
          </option>
        ))}
      </SelectField>
    </div>
  );
}
