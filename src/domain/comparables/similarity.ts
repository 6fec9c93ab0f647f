import type { ComparableSale } from '../property.ts';
import { COMPARABLE_CONSTANTS as K } from '../scoring/comparable-constants.ts';
import { decay } from '../valuation/decay.ts';
import { daysBetween } from './dates.ts';
import { type ComparableSubject, difference, logRatio } from './sale-match.ts';

/**
 * How alike a valuation model finds a sold house and the subject: the share of its trees in which both fall into the
 * same leaf, 0–1; null when the model cannot say.
 */
export type LeafSimilarity = (sale: Pick<ComparableSale, 'propertyId'>) => number | null;

/** Asks a model about the houses of a short list, by property id; null when it cannot say anything. */
export type AskLikeness = (propertyIds: readonly string[]) => Promise<LeafSimilarity | null>;

/** Share of leaves that costs one step when it is missing: a house that shares none loses e⁻². */
const LEAF_SCALE = 0.5;
/** Steps of each difference: to multiply takes a fraction of the time that dividing by the scales does. */
export const STEPS_PER = {
  metre: 1 / K.distanceScaleMetres,
  day: 1 / K.recencyScaleDays,
  size: 1 / K.sizeScale,
  lot: 1 / K.lotScale,
  grade: 1 / K.gradeScale,
  condition: 1 / K.conditionScale,
  yearBuilt: 1 / K.yearBuiltScale,
  leaves: 1 / LEAF_SCALE,
};
/** Steps at which the shown similarity falls to 37 of 100. */
const SHOWN_SCALE = 4;
/** Beyond it a weight is nothing beside any other. */
const MAX_STEPS = 500;

/**
 * How far a sale is from the subject in place, time and kind, ≥ 0: each difference counted in scales of
 * `COMPARABLE_CONSTANTS` and summed, as `weighSales` does it; an unknown characteristic counts a fixed step. With a model's
 * leaves, the share of trees that tell the two apart is one more difference.
 */
export function stepsApart(
  subject: ComparableSubject,
  sale: ComparableSale,
  asOf: string,
  leafSimilarity?: LeafSimilarity,
): number {
  const apart = (a: number | null, b: number | null) => difference(a, b) ?? Number.NaN;
  const steps =
    sale.distanceMetres * STEPS_PER.metre +
    daysBetween(sale.closeDate, asOf) * STEPS_PER.day +
    gap(logRatio(sale.sqft, subject.sqft) ?? Number.NaN, STEPS_PER.size) +
    gap(logRatio(sale.lotSizeSqft, subject.lotSizeSqft) ?? Number.NaN, STEPS_PER.lot) +
    gap(apart(sale.grade, subject.grade), STEPS_PER.grade) +
    gap(apart(sale.condition, subject.condition), STEPS_PER.condition) +
    gap(apart(sale.yearBuilt, subject.yearBuilt), STEPS_PER.yearBuilt);
  return steps + (leafSimilarity === undefined ? 0 : leafSteps(leafSimilarity(sale)));
}

/** What a model's likeness multiplies a sale's say by. */
export const leafShare = (share: number | null): number => sayOf(leafSteps(share));

/** What a model's likeness adds to the steps. */
const leafSteps = (share: number | null): number =>
  gap(share === null ? Number.NaN : 1 - Math.max(0, Math.min(1, share)), STEPS_PER.leaves);

/** A sale's say before the weights are brought to sum 1, > 0: it falls to 1/e with each step. */
export const sayOf = (steps: number): number => decay(Math.min(steps, MAX_STEPS));

/** The steps as a number from 0 (nothing alike) to 100 (the same house, next door, yesterday), one decimal. */
export function similarityOf(steps: number): number {
  const similarity = Math.round(1000 * Math.exp(-Math.max(0, steps) / SHOWN_SCALE)) / 10;
  return Number.isFinite(similarity) ? similarity : 0;
}

/** Steps of one difference; an unknown one (NaN) counts a fixed step. @param stepsPer see `STEPS_PER` */
export function gap(value: number, stepsPer: number): number {
  const steps = Math.abs(value) * stepsPer;
  return steps >= 0 ? steps : K.unknownStep;
}
