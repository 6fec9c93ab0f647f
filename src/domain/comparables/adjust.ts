import type { ComparableSale } from '../property.ts';
import { COMPARABLE_CONSTANTS as K } from '../scoring/comparable-constants.ts';
import type { PlacedSale } from './sale-columns.ts';
import { type ComparableSubject, difference, logRatio } from './sale-match.ts';

/** The steps from a comparable's price to what it says about the subject, in whole cents; they sum to adjusted − price. */
export interface Adjustments {
  timeCents: number;
  sizeCents: number;
  lotCents: number;
  gradeCents: number;
  conditionCents: number;
  bathroomsCents: number;
  ageCents: number;
  /** From the local slope of prices; 0 where none is seen. */
  distanceCents: number;
}

/** A past sale with its say in the estimate. */
export interface AdjustedComparable extends ComparableSale {
  /** Share of the estimate's total weight, 0–1; the chosen ones sum to 1. */
  weight: number;
  /** Days from the sale to the date of the estimate. */
  ageDays: number;
  adjustments: Adjustments;
  adjustedPriceCents: number;
  /** True for an earlier sale of the subject itself. */
  isSubject: boolean;
}

/** The most that each step may move a price, d ln(price). */
const MOST = { time: 0.7, size: 0.6, lot: 0.15, grade: 0.4, condition: 0.15, bathrooms: 0.1, built: 0.1 };

/** How a sold house differs from the subject (subject less sale; sizes as logarithms), NaN where either is unknown. */
export interface Differences {
  ageDays: number;
  size: number;
  lot: number;
  grade: number;
  condition: number;
  bathrooms: number;
  built: number;
}

/** Yearly growth as a logarithm; a market that more than halves in a year counts as halving. */
export const growthOf = (annualTrend: number): number => Math.log1p(Math.max(-0.5, annualTrend));

/** The sum of the steps that bring a sale's price to the subject, d ln(price): those of `adjustSale` but for whole cents. */
export const logAdjustment = (by: Differences, growth: number): number =>
  held((growth * by.ageDays) / 365.25, MOST.time) +
  held(by.size * K.sizeElasticity, MOST.size) +
  held(by.lot * K.lotElasticity, MOST.lot) +
  held(by.grade * K.gradeStep, MOST.grade) +
  held(by.condition * K.conditionStep, MOST.condition) +
  held(by.bathrooms * K.bathroomStep, MOST.bathrooms) +
  held(by.built * K.yearBuiltStep, MOST.built);

/** Within the limit; what is unknown changes nothing. */
const held = (exponent: number, limit: number): number =>
  exponent > limit ? limit : exponent < -limit ? -limit : Number.isNaN(exponent) ? 0 : exponent;

/**
 * Brings a sale's price to the subject's time, size, lot, grade, condition, baths and age, one multiplying step after
 * the other, and then to its place; a characteristic that is unknown on either side changes nothing.
 * @param growth see `growthOf`
 * @param at distance in metres, age in days, say, and the move to the subject's place (d ln(price))
 */
export function adjustSale(
  subject: ComparableSubject,
  sale: PlacedSale,
  growth: number,
  at: { distanceMetres: number; ageDays: number; weight: number; move: number },
): AdjustedComparable {
  const { distanceMetres, ageDays, weight, move } = at;
  const apart = (a: number | null, b: number | null) => difference(a, b) ?? Number.NaN;
  let price = sale.closePriceCents;
  const step = (exponent: number) => {
    if (exponent === 0) return 0;
    const next = Math.round(price * Math.exp(exponent));
    const cents = next - price;
    price = next;
    return cents;
  };
  const size = (a: number | null, b: number | null) => logRatio(a, b) ?? Number.NaN;
  const adjustments: Adjustments = {
    timeCents: step(held((growth * ageDays) / 365.25, MOST.time)),
    sizeCents: step(held(size(sale.sqft, subject.sqft) * K.sizeElasticity, MOST.size)),
    lotCents: step(held(size(sale.lotSizeSqft, subject.lotSizeSqft) * K.lotElasticity, MOST.lot)),
    gradeCents: step(held(apart(sale.grade, subject.grade) * K.gradeStep, MOST.grade)),
    conditionCents: step(held(apart(sale.condition, subject.condition) * K.conditionStep, MOST.condition)),
    bathroomsCents: step(held(apart(sale.bathrooms, subject.bathrooms) * K.bathroomStep, MOST.bathrooms)),
    ageCents: step(held(apart(sale.yearBuilt, subject.yearBuilt) * K.yearBuiltStep, MOST.built)),
    distanceCents: step(move),
  };
  return {
    ...sale,
    distanceMetres,
    weight,
    ageDays,
    adjustments,
    adjustedPriceCents: price,
    isSubject: sale.propertyId === subject.id,
  };
}
