import type { WeightedFeature } from './config.ts';
import type { Feature, ScoringContext } from './feature.ts';
import { featureNamed } from './registry.ts';

/** A feature worked out for one property. */
export interface ScoredFeature {
  feature: Feature;
  raw: number | null;
  /** 0–1; the neutral score when raw is null. */
  score: number;
  /** The score it would have when missing: reasons are told against it. */
  neutral: number;
  /** Share of its list, 0–1. */
  weight: number;
  /** Points to two decimals. */
  contribution: number;
}

/**
 * Beyond this a raw value is an accident of broken inputs and counts as this much. Not as missing: a ratio that grows
 * without bound as a price falls must not drop to neutral.
 */
const MAX_RAW = 1e9;

/** Works every listed feature out; weights become shares that sum to 1. */
export function scoreFeatures(context: ScoringContext, list: readonly WeightedFeature[]): ScoredFeature[] {
  const total = list.reduce((sum, entry) => sum + entry.weight, 0);
  const scored: ScoredFeature[] = [];
  for (const entry of list) {
    const feature = featureNamed(entry.feature);
    if (feature === undefined) continue;
    const computed = feature.compute(context);
    const raw = computed === null || Number.isNaN(computed) ? null : Math.max(-MAX_RAW, Math.min(MAX_RAW, computed));
    const score = raw === null ? entry.neutral : onCurve(entry.curve, raw);
    const weight = entry.weight / total;
    const contribution = Math.round(weight * score * 10_000) / 100;
    scored.push({ feature, raw, score, neutral: entry.neutral, weight, contribution });
  }
  return scored;
}

/** Straight lines between the points, flat outside them. */
export function onCurve(curve: ReadonlyArray<readonly [number, number]>, raw: number): number {
  let after = 0;
  while (after < curve.length && !(raw <= curve[after]![0])) after += 1;
  if (after === curve.length) return curve.at(-1)?.[1] ?? 0;
  const right = curve[after] ?? [0, 0];
  const left = curve[after - 1];
  if (left === undefined) return right[1];
  return left[1] + ((raw - left[0]) / (right[0] - left[0])) * (right[1] - left[1]);
}

/** Weighted mean of the scores, 0–1. */
export function weightedMean(entries: readonly ScoredFeature[]): number {
  const total = entries.reduce((sum, entry) => sum + entry.weight, 0);
  return total > 0 ? entries.reduce((sum, entry) => sum + entry.weight * entry.score, 0) / total : 0;
}
