import type { ScoringConfig } from '../config.ts';
import type { ScoreInput } from '../feature.ts';
import { scoreProperty } from '../score.ts';

/** A property with everything its score is worked out from. */
export interface Scenario {
  input: ScoreInput;
  weights: ScoringConfig;
}

/** The value of an editable input: dollars, days, shares, or a level by name; null when not known. */
export type InputValue = number | string | null;

/** Score of a scenario, 0–100. */
export const scoreOf = ({ input, weights }: Scenario): number => scoreProperty(input, weights).birdDogScore;

/**
 * One input that a buyer can negotiate, fix or learn, with every change of it that is looked at: step 1 is the smallest,
 * step `steps` the largest. A larger step never scores lower than a smaller one.
 */
export interface EditableInput {
  /** Name as `--with NAME=VALUE` takes it. */
  input: string;
  unit: 'usd' | 'usd_per_month' | 'usd_per_sqft' | 'days' | 'months' | 'share' | 'level';
  from: InputValue;
  /** Number of steps; 0 when it cannot be changed for the better. */
  steps: number;
  /** The value after a step, 1 to `steps`. */
  at: (step: number) => number | string;
  /** The scenario with the value in place. */
  apply: (scenario: Scenario, to: number | string) => Scenario;
  /** The change in words, as the start of a sentence. */
  say: (to: number | string) => string;
}

/** The scenario with facts of the property replaced. */
export function withFacts(scenario: Scenario, facts: Partial<ScoreInput['property']>): Scenario {
  return { ...scenario, input: { ...scenario.input, property: { ...scenario.input.property, ...facts } } };
}

/** The scenario with assumptions replaced. */
export function withAssumptions(scenario: Scenario, assumptions: Partial<ScoringConfig['assumptions']>): Scenario {
  const { weights } = scenario;
  return { ...scenario, weights: { ...weights, assumptions: { ...weights.assumptions, ...assumptions } } };
}
