import { formatDay, formatDollars, formatMoment, formatPercent } from '../../lib/format.ts';
import { readable } from '../../lib/prose.ts';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { HonestError } from './honest-error.tsx';
import { halfWidth } from './interval.ts';
import { IntervalBar } from './interval-bar.tsx';
import { ModelParts } from './model-parts.tsx';
import { priceOf, priceWords } from './price-words.ts';
import type { Property } from './property-query.ts';
import { Section } from './section.tsx';
import styles from './valuation.module.css';
import { type Valuation, valuationsOf } from './valuations.ts';

/** What the property is worth, how sure that is and why, and how such values came true in its county. */
export function ValuationPart({ property }: { property: Property }) {
  const [first, second] = valuationsOf(property);
  return (
    <Section
      name="valuation"
      title="What it is worth"
      about={first && `The market as of ${formatDay(first.asOf)}, reckoned ${formatMoment(first.when)}.`}
    >
      {first === undefined ? (
        <EmptyState title="No value yet">
          There were too few comparable sales when it was last scored, or it is not scored yet. Comparables below says
          which sales there are.
        </EmptyState>
      ) : (
        <Valued property={property} valuation={first} />
      )}
      {first && second && <SecondOpinion first={first} second={second} />}
      <HonestError countyFips={property.county_fips} />
      {property.valuation && <ModelParts propertyId={property.id} />}
    </Section>
  );
}

function Valued({ property, valuation }: { property: Property; valuation: Valuation }) {
  const { value, ranges, confidence, by } = valuation;
  const price = priceOf(property);
  const widest = ranges.find(({ name }) => name.startsWith('80'));
  return (
    <div className="stack">
      <div className={styles.headline}>
        <strong className="figures">{formatDollars(value)}</strong>
        {widest && (
          <span className="muted">± {formatPercent(halfWidth(widest.range, value), 0)} (80 of 100 sales)</span>
        )}
        <Badge tone="info">By {by}</Badge>
      </div>
      <IntervalBar
        label="Value and its interval"
        ranges={ranges}
        value={value}
        prices={price === null ? [] : [{ name: priceWords(price.kind).title, value: price.value }]}
      />
      <p>
        <b className="figures">{formatPercent(confidence, 0)} confidence:</b>{' '}
        <span className="muted">{valuation.confidenceMeaning}.</span> {strengthOf(property)}
      </p>
    </div>
  );
}

/** From here on two ways of valuing disagree so much that a person should look, as the scoring has it. */
const FAR_APART = 0.25;

/** The other way of valuing it, and how far the two are apart. */
function SecondOpinion({ first, second }: { first: Valuation; second: Valuation }) {
  const apart = second.value / first.value - 1;
  const isFar = Math.abs(apart) > FAR_APART;
  return (
    <div className={styles.second}>
      <p>
        A second opinion: <b className="figures">{formatDollars(second.value)}</b> by {second.by}, the market as of{' '}
        {formatDay(second.asOf)},{' '}
        <span className="figures">
          {formatPercent(Math.abs(apart), 0)} {apart < 0 ? 'lower' : 'higher'}.
        </span>{' '}
        {isFar && <Badge tone="warn">Far apart: a person should look</Badge>}
      </p>
      <IntervalBar label="The second opinion" ranges={second.ranges} value={second.value} prices={[]} />
    </div>
  );
}

/** The sentence of the score's reasons that says what the value rests on. */
function strengthOf({ score }: Property): string | null {
  if (!Array.isArray(score?.reasons)) return null;
  const reasons = score.reasons as Array<{ code?: unknown; label?: unknown }>;
  const found = reasons.find(({ code }) => code === 'comparable_strength')?.label;
  return typeof found === 'string' ? readable(found) : null;
}
