import { formatDay, formatDollars, formatMoment, formatPercent } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { HonestError } from './honest-error.tsx';
import { halfWidth, type Range } from './interval.ts';
import { IntervalBar } from './interval-bar.tsx';
import { ModelParts } from './model-parts.tsx';
import { priceOf, priceWords } from './price-words.ts';
import type { Property } from './property-query.ts';
import { Section } from './section.tsx';
import styles from './valuation.module.css';

/** What the property is worth, how sure that is and why, and how such values came true in its county. */
export function ValuationPart({ property }: { property: Property }) {
  const valuation = valuationOf(property);
  return (
    <Section
      name="valuation"
      title="What it is worth"
      about={valuation && `The market as of ${formatDay(valuation.asOf)}, reckoned ${formatMoment(valuation.when)}.`}
    >
      {valuation === null ? (
        <EmptyState title="No value yet">
          There were too few comparable sales when it was last scored, or it is not scored yet. Comparables below says
          which sales there are.
        </EmptyState>
      ) : (
        <Valued property={property} valuation={valuation} />
      )}
      <HonestError countyFips={property.county_fips} />
      {property.valuation && <ModelParts propertyId={property.id} />}
    </Section>
  );
}

interface Valuation {
  value: number;
  ranges: Array<{ name: string; range: Range }>;
  confidence: number;
  confidenceMeaning: string;
  asOf: string;
  when: string;
  by: string;
}

/** The model's value where there is one, else that of the comparable sales; null before either. */
function valuationOf({ valuation, score }: Property): Valuation | null {
  if (valuation !== null) {
    return {
      value: valuation.value,
      ranges: [
        { name: '90% interval', range: valuation.interval_90 },
        { name: '80% interval', range: valuation.interval_80 },
        { name: '50% interval', range: valuation.interval_50 },
      ],
      confidence: valuation.confidence,
      confidenceMeaning: 'the chance that a sale closes within 20% of the value',
      asOf: valuation.as_of,
      when: valuation.valued_at,
      by: `the valuation model ${valuation.model_version}`,
    };
  }
  if (score?.estimated_value == null) return null;
  const features = score.features_used as { comparable_count?: number } | undefined;
  const count = features?.comparable_count;
  const hasRange = score.value_low !== null && score.value_high !== null;
  return {
    value: score.estimated_value,
    ranges: hasRange ? [{ name: '80% interval', range: { low: score.value_low!, high: score.value_high! } }] : [],
    confidence: score.confidence,
    confidenceMeaning: 'how much of what the score rests on is known, and how surely',
    asOf: score.as_of,
    when: score.scored_at,
    by: count ? `${count} comparable sales` : 'comparable sales',
  };
}

function Valued({ property, valuation }: { property: Property; valuation: Valuation }) {
  const { value, ranges, confidence, by } = valuation;
  const price = priceOf(property);
  const widest = ranges.find(({ name }) => name.startsWith('80'));
  const why = strengthOf(property);
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
        <span className="muted">{valuation.confidenceMeaning}.</span> {why}
      </p>
    </div>
  );
}

/** The sentence of the score's reasons that says what the value rests on. */
function strengthOf({ score }: Property): string | null {
  if (!Array.isArray(score?.reasons)) return null;
  const reasons = score.reasons as Array<{ code?: unknown; label?: unknown }>;
  const found = reasons.find(({ code }) => code === 'comparable_strength')?.label;
  return typeof found === 'string' ? found : null;
}
