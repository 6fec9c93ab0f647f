import { analyseDeal, type ReferencePriceKind } from '../deal-math.ts';
import type { PropertyField } from '../property.ts';
import { type ScoredFeature, scoreFeatures, weightedMean } from './components.ts';
import type { ScoringConfig } from './config.ts';
import type { ScoreInput, ScoringContext } from './feature.ts';
import { type ScoreReason, sortedReasons } from './reasons.ts';
import { referencePrice } from './reference-price.ts';
import { reviewReason } from './review.ts';
import { withoutNonsense } from './sane-input.ts';
import { chooseValue, MODEL_VERSION } from './value.ts';

export { MODEL_VERSION };

/** One feature's part of the score. */
export interface ScoreComponent {
  name: string;
  /** Raw value in the feature's unit; null when an input is missing (then `score` is the neutral one). */
  value: number | null;
  /** 0–1. */
  score: number;
  /** Share of the whole, the shares sum to 1. */
  weight: number;
  /** Points, to two decimals. The contributions sum to the score. */
  contribution: number;
}

/** What a score says in figures. Money in whole cents. */
export interface ScoreFigures {
  birdDogScore: number;
  /** The same without the risk features: how good the deal is if all holds. */
  investmentScore: number;
  /** 0–100, higher is riskier. */
  riskScore: number;
  /** Return of a flip bought at the reference price (a ratio, bounded to −1…3); null without a price or a value. */
  roiEstimate: number | null;
  confidence: number;
  estimatedValueCents: number | null;
  valueLowCents: number | null;
  valueHighCents: number | null;
  referencePriceCents: number | null;
  referencePriceKind: ReferencePriceKind;
  /** The list of weights that applied. */
  profile: 'asking' | 'off_market';
  /** Fields among the inputs whose value an offline simulator made up. */
  simulatedFields: PropertyField[];
  weightsVersion: string;
  /** Who gave the value; null without one. */
  valueSource: 'avm' | 'comparables' | null;
  /** Version of what gave the value: the valuation model's, else that of the comparable sales. */
  modelVersion: string;
  /** The date the score is meant for. */
  asOf: string;
  needsReview: boolean;
  /** Why a person should look; null when none needs to. */
  reviewReason: string | null;
}

/** Why the figures are what they are. */
export interface ScoreExplanation {
  components: ScoreComponent[];
  reasons: ScoreReason[];
  featuresUsed: Record<string, number | string | null>;
}

/** A property's score with all that explains it. */
export type ScoreResult = ScoreFigures & ScoreExplanation;

/** A score whose explanation is put into words when it is asked for: half the work of a score is its words. */
export interface ReckonedScore {
  figures: ScoreFigures;
  explain(): ScoreExplanation;
  /** The first of its reasons, at most so many. */
  strongest(most: number): ScoreReason[];
}

/**
 * Scores a property by the configured weights. Pure: the same input and configuration give the same result.
 *
 * With an asking price the profile `asking` applies, else `off_market`. Each feature's raw value becomes a score 0–1 by its
 * curve, and weight × score × 100, rounded to 0.01, its points; the bird-dog score is their sum. As shares sum to 1 the
 * sum lies within 0–100 but for rounding, which a final clamp takes off (at most 0.2 points). A missing value counts as
 * the feature's neutral score. A lower price, a lower flood risk, more equity or a higher value never lowers the score, all else equal.
 */
export function scoreProperty(input: ScoreInput, weights: ScoringConfig): ScoreResult {
  const { figures, explain } = reckonScore(input, weights);
  return { ...figures, ...explain() };
}

/** The same with the explanation left for later. */
export function reckonScore(input: ScoreInput, weights: ScoringConfig): ReckonedScore {
  const context = contextOf(input, weights);
  const { value, reference, deal } = context;
  const profile = reference.kind === 'asking' ? 'asking' : 'off_market';
  const scored = scoreFeatures(context, profile === 'asking' ? weights.profiles.asking : weights.profiles.offMarket);
  const risks = scoreFeatures(context, weights.risk);
  const hundredths = scored.reduce((sum, entry) => sum + Math.round(entry.contribution * 100), 0);
  const simulatedFields = simulatedInputs(input, scored, risks);
  const confidence = confidenceOf(input, scored, weights, value?.confidence ?? 0.2);
  const why = reviewReason(context, confidence, weights);
  const rewards = scored.filter((entry) => entry.feature.family !== 'risk');
  const figures: ScoreFigures = {
    birdDogScore: clampScore(hundredths / 100),
    investmentScore: clampScore(round2(100 * weightedMean(rewards.length > 0 ? rewards : scored))),
    riskScore: clampScore(round2(100 * (1 - weightedMean(risks)))),
    roiEstimate: deal.flipRoi === null ? null : Math.max(-1, Math.min(3, deal.flipRoi)),
    confidence,
    estimatedValueCents: value?.valueCents ?? null,
    valueLowCents: value?.lowCents ?? null,
    valueHighCents: value?.highCents ?? null,
    referencePriceCents: reference.cents,
    referencePriceKind: reference.kind,
    profile,
    simulatedFields,
    weightsVersion: weights.version,
    valueSource: value?.source ?? null,
    modelVersion: value?.modelVersion ?? MODEL_VERSION,
    asOf: input.asOf,
    needsReview: why !== null,
    reviewReason: why,
  };
  const strongest = (most: number) => sortedReasons(context, scored, simulatedFields, weights, most);
  return {
    figures,
    strongest,
    explain: () => ({
      components: scored.map((entry) => ({
        name: entry.feature.name,
        value: entry.raw,
        score: entry.score,
        weight: entry.weight,
        contribution: entry.contribution,
      })),
      reasons: strongest(Number.POSITIVE_INFINITY),
      featuresUsed: featuresUsed(context, [...scored, ...risks]),
    }),
  };
}

/** The input with reference price and deal worked out: what features and the memo's financial part read. */
export function contextOf(given: ScoreInput, weights: ScoringConfig): ScoringContext {
  const input = withoutNonsense(given);
  const reference = referencePrice(input);
  const valueChoice = chooseValue(input);
  const { value } = valueChoice;
  const deal = analyseDeal(
    {
      facts: input.property,
      valueCents: value?.valueCents ?? null,
      priceCents: reference.cents,
      priceKind: reference.kind,
      asOf: input.asOf,
    },
    weights.assumptions,
  );
  return { ...input, value, valueChoice, reference, deal };
}

const round2 = (value: number) => Math.round(value * 100) / 100;
const clampScore = (value: number) => Math.max(0, Math.min(100, value));

/** Confidence of the value, lowered by the weight of missing and of simulated inputs and by the sources' own doubt. */
function confidenceOf(
  input: ScoreInput,
  scored: readonly ScoredFeature[],
  weights: ScoringConfig,
  ofValue: number,
): number {
  const { simulatedPenalty, missingPenalty } = weights.confidence;
  const { fieldSources } = input.property;
  let [missing, simulated] = [0, 0];
  let [stated, sumStated] = [0, 0];
  for (const { feature, raw, weight } of scored) {
    if (raw === null) {
      if (feature.nullPolicy === 'doubt') missing += weight;
      continue;
    }
    let isSimulated = false;
    for (const field of feature.fields) {
      const source = fieldSources[field];
      if (source === undefined) continue;
      if (source.simulated === true) isSimulated = true;
      if (!Number.isFinite(source.confidence)) continue;
      stated += 1;
      sumStated += source.confidence;
    }
    if (isSimulated) simulated += weight;
  }
  const ofSources = stated === 0 ? 1 : sumStated / stated;
  const product =
    ofValue *
    (1 - missingPenalty * missing) *
    (1 - simulatedPenalty * simulated) *
    (0.7 + 0.3 * Math.max(0, Math.min(1, ofSources)));
  return Math.max(0, Math.min(1, Math.round(product * 1000) / 1000));
}

function simulatedInputs(input: ScoreInput, ...lists: ReadonlyArray<readonly ScoredFeature[]>): PropertyField[] {
  const { fieldSources } = input.property;
  const simulated: PropertyField[] = [];
  for (const list of lists) {
    for (const { raw, feature } of list) {
      if (raw === null) continue;
      for (const field of feature.fields) {
        if (fieldSources[field]?.simulated === true && !simulated.includes(field)) simulated.push(field);
      }
    }
  }
  return simulated.sort();
}

function featuresUsed(
  context: ScoringContext,
  entries: readonly ScoredFeature[],
): Record<string, number | string | null> {
  const used: Record<string, number | string | null> = {};
  for (const { feature, raw } of entries) used[feature.name] = raw;
  return Object.assign(used, {
    reference_price_kind: context.reference.kind,
    reference_price_cents: context.reference.cents,
    renovation_tier: context.deal.tier,
    value_source: context.value?.source ?? null,
    avm_value_cents: context.avm?.valueCents ?? null,
    comparables_value_cents: context.comparables.estimate?.valueCents ?? null,
    comparable_count: context.comparables.chosen.length,
    as_of: context.asOf,
  });
}
