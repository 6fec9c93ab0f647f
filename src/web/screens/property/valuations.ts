import type { Range } from './interval.ts';
import type { Property } from './property-query.ts';

/** A value with its intervals, and what stands behind it. Dollars; confidence 0–1. */
export interface Valuation {
  kind: 'model' | 'comparables';
  value: number;
  ranges: Array<{ name: string; range: Range }>;
  confidence: number;
  confidenceMeaning: string;
  asOf: string;
  when: string;
  by: string;
}

/** The values of a property: first the one that its score rests on, then the other way of valuing it, if there is one. */
export function valuationsOf(property: Pick<Property, 'valuation' | 'score'>): Valuation[] {
  const model = modelValue(property);
  const comparables = scoreValue(property);
  const restsOnModel = model !== null && featuresOf(property).value_source === 'avm';
  const both = restsOnModel ? [model] : [comparables, model];
  return both.filter((one) => one !== null);
}

function modelValue({ valuation }: Pick<Property, 'valuation'>): Valuation | null {
  if (valuation === null) return null;
  return {
    kind: 'model',
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
    by: `valuation model ${valuation.model_version}`,
  };
}

function scoreValue({ score }: Pick<Property, 'score'>): Valuation | null {
  if (score === null || score.estimated_value === null) return null;
  const { comparable_count: count } = featuresOf({ score });
  const { value_low: low, value_high: high } = score;
  return {
    kind: 'comparables',
    value: score.estimated_value,
    ranges: low === null || high === null ? [] : [{ name: '80% interval', range: { low, high } }],
    confidence: score.confidence,
    confidenceMeaning: 'how much of what the score rests on is known, and how surely',
    asOf: score.as_of,
    when: score.scored_at,
    by: typeof count === 'number' && count > 0 ? `${count} comparable sales` : 'comparable sales',
  };
}

function featuresOf({ score }: Pick<Property, 'score'>): { value_source?: unknown; comparable_count?: unknown } {
  const features = score?.features_used;
  return typeof features === 'object' && features !== null ? features : {};
}
