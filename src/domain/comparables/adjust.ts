import type { ComparableSale } from '../property.ts';
import { COMPARABLE_CONSTANTS as K } from '../scoring/comparable-constants.ts';
import { type ComparableSubject, difference, logRatio } from './sale-match.ts';
import type { MeasuredSale, PlacedSale } from './sale-numbers.ts';

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

/** Of a past sale in the estimate, what a score looks at. */
export type ScoredSale = Pick<
  AdjustedComparable,
  | 'propertyId'
  | 'closePriceCents'
  | 'adjustedPriceCents'
  | 'weight'
  | 'distanceMetres'
  | 'ageDays'
  | 'sqft'
  | 'condition'
>;

/** How a sale stands to the house that is valued. */
export interface Standing {
  /** See `growthOf`. */
  growth: number;
  distanceMetres: number;
  ageDays: number;
  /** Its say. */
  weight: number;
  /** To the subject's place, d ln(price). */
  move: number;
}

/** Brings a sale to the subject. */
export type BringSale<Sale, Brought> = (subject: ComparableSubject, sale: Sale, by: Standing) => Brought;

/** The most that each step may move a price, d ln(price). */
export const MOST = { time: 0.7, size: 0.6, lot: 0.15, grade: 0.4, condition: 0.15, bathrooms: 0.1, built: 0.1 };

/** Yearly growth as a logarithm; a market that more than halves in a year counts as halving. */
export const growthOf = (annualTrend: number): number => Math.log1p(Math.max(-0.5, annualTrend));

/** Within the limit; what is unknown changes nothing. */
export const held = (exponent: number, limit: number): number =>
  exponent >= -limit ? (exponent <= limit ? exponent : limit) : exponent < -limit ? -limit : 0;

/** The price as paid and after each of the steps, of the sale that was brought last. */
const PRICES = new Float64Array(9);

/**
 * Brings a sale's price to the subject's time, size, lot, grade, condition, baths and age, one multiplying step after
 * the other, and then to its place; a characteristic that is unknown on either side changes nothing.
 * @returns the price in whole cents; those before it stand in `PRICES`
 */
function bringPrice(subject: ComparableSubject, sale: MeasuredSale, { growth, ageDays, move }: Standing): number {
  PRICES[0] = sale.closePriceCents;
  step(1, held((growth * ageDays) / 365.25, MOST.time));
  step(2, held(logApart(sale.sqft, subject.sqft) * K.sizeElasticity, MOST.size));
  step(3, held(logApart(sale.lotSizeSqft, subject.lotSizeSqft) * K.lotElasticity, MOST.lot));
  step(4, held(apart(sale.grade, subject.grade) * K.gradeStep, MOST.grade));
  step(5, held(apart(sale.condition, subject.condition) * K.conditionStep, MOST.condition));
  step(6, held(apart(sale.bathrooms, subject.bathrooms) * K.bathroomStep, MOST.bathrooms));
  step(7, held(apart(sale.yearBuilt, subject.yearBuilt) * K.yearBuiltStep, MOST.built));
  step(8, move);
  return PRICES[8]!;
}

function step(at: number, exponent: number): void {
  const before = PRICES[at - 1]!;
  PRICES[at] = exponent === 0 ? before : Math.round(before * Math.exp(exponent));
}

/** Brings a sale to the subject with no more than a score looks at: a re-score does it a million times. */
export const bringScored: BringSale<MeasuredSale, ScoredSale> = (subject, sale, by) => ({
  propertyId: sale.propertyId,
  closePriceCents: sale.closePriceCents,
  adjustedPriceCents: bringPrice(subject, sale, by),
  weight: by.weight,
  distanceMetres: by.distanceMetres,
  ageDays: by.ageDays,
  sqft: sale.sqft,
  condition: sale.condition,
});

/** Brings a sale to the subject, with the facts of its house and each step of its price. */
export const adjustSale: BringSale<PlacedSale, AdjustedComparable> = (subject, sale, by) => {
  const adjustedPriceCents = bringPrice(subject, sale, by);
  const stepCents = (at: number) => PRICES[at]! - PRICES[at - 1]!;
  return {
    propertyId: sale.propertyId,
    address: sale.address,
    apn: sale.apn,
    zipCode: sale.zipCode,
    latitude: sale.latitude,
    longitude: sale.longitude,
    distanceMetres: by.distanceMetres,
    closeDate: sale.closeDate,
    closePriceCents: sale.closePriceCents,
    sqft: sale.sqft,
    bedrooms: sale.bedrooms,
    bathrooms: sale.bathrooms,
    yearBuilt: sale.yearBuilt,
    lotSizeSqft: sale.lotSizeSqft,
    grade: sale.grade,
    condition: sale.condition,
    weight: by.weight,
    ageDays: by.ageDays,
    adjustments: {
      timeCents: stepCents(1),
      sizeCents: stepCents(2),
      lotCents: stepCents(3),
      gradeCents: stepCents(4),
      conditionCents: stepCents(5),
      bathroomsCents: stepCents(6),
      ageCents: stepCents(7),
      distanceCents: stepCents(8),
    },
    adjustedPriceCents,
    isSubject: sale.propertyId === subject.id,
  };
};

const apart = (a: number | null, b: number | null): number => difference(a, b) ?? Number.NaN;
const logApart = (a: number | null, b: number | null): number => logRatio(a, b) ?? Number.NaN;
