import type { AdjustedComparable } from '../comparables/adjust.ts';
import type { ScoreReason } from './reasons.ts';
import type { ScoreExplanation } from './score.ts';

/** What explains a score, as JSON texts ready to be stored; or else what the explanation can be worked out from. */
export interface ScoreDocuments {
  components: string | null;
  reasons: string;
  features: string | null;
  comparables: string;
  /** See `keepInputs`; null where all is written down. */
  inputs: Buffer | null;
}

/**
 * The documents of a score. Numbers beyond the sixth decimal say nothing to anybody and cost room and time by the hundred
 * thousand: they are rounded (contributions and money have fewer already).
 */
export function scoreDocuments(
  result: ScoreExplanation,
  comparables: readonly AdjustedComparable[],
): ScoreDocuments & { components: string; features: string } {
  return {
    components: JSON.stringify(
      result.components.map(({ name, value, score, weight, contribution }) => ({
        name,
        value: value === null ? null : rounded(value),
        score: rounded(score),
        weight: rounded(weight),
        contribution,
      })),
    ),
    reasons: JSON.stringify(result.reasons),
    features: JSON.stringify(roundedAll(result.featuresUsed)),
    comparables: JSON.stringify(comparables.map(roundedSale)),
    inputs: null,
  };
}

/** The documents of a score whose explanation is worked out when somebody asks. @param strongest what lists show */
export const briefDocuments = (strongest: readonly ScoreReason[], inputs: Buffer): ScoreDocuments => ({
  components: null,
  reasons: JSON.stringify(strongest),
  features: null,
  comparables: '[]',
  inputs,
});

/** A comparable sale as it is stored and shown. */
export const roundedSale = (sale: AdjustedComparable): AdjustedComparable => ({
  ...sale,
  distanceMetres: Math.round(sale.distanceMetres * 10) / 10,
  weight: rounded(sale.weight),
  latitude: rounded(sale.latitude),
  longitude: rounded(sale.longitude),
});

/** Each number to six decimals. A loop of assignments: half the time of entries that become an object again. */
function roundedAll(values: ScoreExplanation['featuresUsed']): ScoreExplanation['featuresUsed'] {
  const all: ScoreExplanation['featuresUsed'] = {};
  for (const name in values) {
    const value = values[name]!;
    all[name] = typeof value === 'number' ? rounded(value) : value;
  }
  return all;
}

/** To six decimals; what is too large to have any stays. */
const rounded = (value: number): number => (Math.abs(value) < 1e9 ? Math.round(value * 1e6) / 1e6 : value);
