import type { ScoringConfig } from './config.ts';
import { percent, type ScoringContext, usd } from './feature.ts';
import { disagreementSentence } from './reasons.ts';
import { disagrees } from './value.ts';

/** Why a person should look before anyone acts on the score: one or more sentences; null when nobody needs to. */
export function reviewReason(context: ScoringContext, confidence: number, weights: ScoringConfig): string | null {
  const { value, reference, property } = context;
  const why: string[] = [];
  if (value === null)
    why.push(`No value could be estimated: ${context.comparables.whyNot ?? 'too few comparable sales.'}`);
  if (confidence < weights.confidence.reviewBelow) why.push(`Confidence is only ${percent(confidence)}.`);
  if (value !== null && reference.cents !== null && reference.cents < value.valueCents * 0.5) {
    why.push(
      `${usd(reference.cents)} (${reference.label}) is less than half the estimated ${usd(value.valueCents)}: an error in the data, hidden damage, or a sale between relatives.`,
    );
  }
  if (value !== null && reference.cents !== null && reference.cents > value.valueCents * 2) {
    why.push(`${usd(reference.cents)} (${reference.label}) is more than twice the estimated ${usd(value.valueCents)}.`);
  }
  if (disagrees(context.valueChoice, weights)) why.push(disagreementSentence(context));
  if (value?.source !== 'avm' && property.waterfront === true)
    why.push('It lies on the water, which the comparable sales do not tell.');
  return why.length === 0 ? null : why.join(' ');
}
