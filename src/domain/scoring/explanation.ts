import type { ScoringConfig } from './config.ts';
import { scoreDocuments } from './documents.ts';
import { readKeptInputs } from './kept-inputs.ts';
import type { ScoreReason } from './reasons.ts';
import { type ScoreExplanation, scoreProperty } from './score.ts';

const OTHER_FORMULA: ScoreReason = {
  code: 'other_formula',
  label:
    'The formula or the weights that made this score are not here any more, so its parts cannot be worked out. Score the property again to see them.',
  contribution: 0,
  sources: [],
};

/**
 * Why a score is what it is, worked out from what it was made of: as it would have been written down. Where today's formula
 * gives another score, the parts it names would not be this score's: there are none then, and a reason says so.
 * @param inputs see `keepInputs`
 * @param weights those that it was made with; null when they are not on record
 * @param strongest the reasons that were written down
 * @throws Error for inputs that are not whole
 */
export function explainScore(
  inputs: Uint8Array,
  weights: ScoringConfig | null,
  { birdDogScore, strongest }: { birdDogScore: number; strongest: readonly ScoreReason[] },
): ScoreExplanation {
  const input = weights === null ? null : readKeptInputs(inputs);
  const result = weights === null || input === null ? null : scoreProperty(input, weights);
  if (result?.birdDogScore !== birdDogScore) {
    return { components: [], reasons: [...strongest, OTHER_FORMULA], featuresUsed: {} };
  }
  const { components, reasons, features } = scoreDocuments(result, []);
  return { components: JSON.parse(components), reasons: JSON.parse(reasons), featuresUsed: JSON.parse(features) };
}
