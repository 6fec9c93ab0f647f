import type { DealAssumptions } from '../deal/assumptions.ts';

/** One feature's place in a score. */
export interface WeightedFeature {
  /** Name in the registry. */
  feature: string;
  /** Above 0; relative to the other weights of its list. */
  weight: number;
  /** Score 0–1 of a missing value; reasons are told against it. */
  neutral: number;
  /** [raw value, score 0–1] points by rising raw value; straight lines between, flat outside. */
  curve: ReadonlyArray<readonly [number, number]>;
}

/** The weights, thresholds and assumptions of `config/scoring.yaml`, checked by its loader. */
export interface ScoringConfig {
  /** YEAR.MONTH.NUMBER; stored with every score. */
  version: string;
  /** Scores from which a memo is written and investors are written to. */
  thresholds: { memo: number; outreach: number };
  confidence: {
    /** Share of confidence lost when every input is simulated. */
    simulatedPenalty: number;
    /** Share of confidence lost when every input is missing. */
    missingPenalty: number;
    /** Below this confidence a person should look. */
    reviewBelow: number;
    /** Model and comparable sales further apart than this share ask for a person's look. */
    disagreementShare: number;
  };
  profiles: { asking: readonly WeightedFeature[]; offMarket: readonly WeightedFeature[] };
  risk: readonly WeightedFeature[];
  assumptions: DealAssumptions;
}
