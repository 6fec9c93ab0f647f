import type { ScoringConfig } from './config.ts';
import type { ScoreInput } from './feature.ts';

/** Version of the value from comparable sales; a change of formula raises it. */
export const MODEL_VERSION = 'comparables-2';

/** What a valuation model says about the house, in whole cents. */
export interface AvmValue {
  valueCents: number;
  /** 80 of 100 sale prices are meant to fall between low and high. */
  lowCents: number;
  highCents: number;
  /** 0–1. */
  confidence: number;
  modelVersion: string;
}

/** The value that the score rests on, whoever it comes from. Whole cents. */
export interface ScoredValue {
  source: 'avm' | 'comparables';
  valueCents: number;
  lowCents: number;
  highCents: number;
  confidence: number;
  modelVersion: string;
  /** Who says so, within a sentence: `12 comparable sales suggest`, `the valuation model suggests`. */
  by: string;
}

/** The choice of a value, with what there is to say about it. */
export interface ValueChoice {
  value: ScoredValue | null;
  /** Why a model's value that was given is not used; null when it is, or when none was given. */
  refusal: string | null;
  /** Model over comparables − 1 where both are known; null otherwise. */
  disagreement: number | null;
}

/** An 80% interval that spans more than this factor says nothing about the house. */
const MAX_SPAN = 4;
const MAX_CENTS = 1e12;

/**
 * The value of the house: the valuation model's when one is given and its interval is sane (amounts above 0,
 * low ≤ value ≤ high, high at most four times low, confidence 0–1), else that of the comparable sales, else none.
 */
export function chooseValue({ avm, comparables }: Pick<ScoreInput, 'avm' | 'comparables'>): ValueChoice {
  const { estimate } = comparables;
  const ofSales: ScoredValue | null =
    estimate === null
      ? null
      : {
          source: 'comparables',
          valueCents: estimate.valueCents,
          lowCents: estimate.lowCents,
          highCents: estimate.highCents,
          confidence: estimate.confidence,
          modelVersion: MODEL_VERSION,
          by: `${estimate.count} comparable sales suggest`,
        };
  if (avm === null || avm === undefined) return { value: ofSales, refusal: null, disagreement: null };
  const refusal = whyRefused(avm);
  if (refusal !== null) return { value: ofSales, refusal, disagreement: null };
  const { valueCents, lowCents, highCents, confidence, modelVersion } = avm;
  return {
    value: {
      source: 'avm',
      valueCents: Math.round(valueCents),
      lowCents: Math.round(lowCents),
      highCents: Math.round(highCents),
      confidence,
      modelVersion,
      by: 'the valuation model suggests',
    },
    refusal: null,
    disagreement: estimate === null || !(estimate.valueCents > 0) ? null : valueCents / estimate.valueCents - 1,
  };
}

function whyRefused({ valueCents, lowCents, highCents, confidence }: AvmValue): string | null {
  const amounts = [valueCents, lowCents, highCents];
  if (!amounts.every((cents) => Number.isFinite(cents) && cents >= 1 && cents <= MAX_CENTS)) {
    return 'an amount is missing, not above 0, or beyond any house';
  }
  if (!(lowCents <= valueCents && valueCents <= highCents)) return 'its value lies outside its own interval';
  if (highCents > lowCents * MAX_SPAN) return `its interval spans more than a factor of ${MAX_SPAN}`;
  return confidence >= 0 && confidence <= 1 ? null : 'its confidence is not between 0 and 1';
}

/** Whether model and comparable sales lie further apart than the configured share, in either direction. */
export function disagrees({ disagreement }: ValueChoice, weights: ScoringConfig): boolean {
  if (disagreement === null) return false;
  return Math.abs(Math.log1p(disagreement)) > Math.log1p(weights.confidence.disagreementShare);
}
