import type { ComparableSale } from '../property.ts';
import { COMPARABLE_CONSTANTS as K } from '../scoring/comparable-constants.ts';
import { type ComparableSubject, difference, logRatio } from './sale-match.ts';
import type { PlacedSale } from './sale-numbers.ts';

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
export const MOST = { time: 0.7, size: 0.6, lot: 0.15, grade: 0.4, condition: 0.15, bathrooms: 0.1, built: 0.1 };

/** Yearly growth as a logarithm; a market that more than halves in a year counts as halving. */
export const growthOf = (annualTrend: number): number => Math.log1p(Math.max(-0.5, annualTrend));

/** Within the limit; what is unknown changes nothing. */
export const held = (exponent: number, limit: number): number =>
  exponent >= -limit ? (exponent <= limit ? exponent : limit) : exponent < -limit ? -limit : 0;

/**
 * Brings a sale's price to the subject's time, size, lot, grade, condition, baths and age, one multiplying step after
 * the other, and then to its place; a characteristic that is unknown on either side changes nothing.
 * @param growth see `growthOf`
 * @param as its say, and the move to the subject's place (d ln(price))
 */
export function adjustSale(
  subject: ComparableSubject,
  sale: PlacedSale,
  growth: number,
  distanceMetres: number,
  ageDays: number,
  as: { weight: number; move: number },
): AdjustedComparable {
  const price = sale.closePriceCents;
  const timed = stepped(price, held((growth * ageDays) / 365.25, MOST.time));
  const sized = stepped(timed, held(logApart(sale.sqft, subject.sqft) * K.sizeElasticity, MOST.size));
  const landed = stepped(sized, held(logApart(sale.lotSizeSqft, subject.lotSizeSqft) * K.lotElasticity, MOST.lot));
  const graded = stepped(landed, held(apart(sale.grade, subject.grade) * K.gradeStep, MOST.grade));
  const kept = stepped(graded, held(apart(sale.condition, subject.condition) * K.conditionStep, MOST.condition));
  const bathed = stepped(kept, held(apart(sale.bathrooms, subject.bathrooms) * K.bathroomStep, MOST.bathrooms));
  const aged = stepped(bathed, held(apart(sale.yearBuilt, subject.yearBuilt) * K.yearBuiltStep, MOST.built));
  const moved = stepped(aged, as.move);
  return {
    propertyId: sale.propertyId,
    address: sale.address,
    apn: sale.apn,
    zipCode: sale.zipCode,
    latitude: sale.latitude,
    longitude: sale.longitude,
    distanceMetres,
    closeDate: sale.closeDate,
    closePriceCents: price,
    sqft: sale.sqft,
    bedrooms: sale.bedrooms,
    bathrooms: sale.bathrooms,
    yearBuilt: sale.yearBuilt,
    lotSizeSqft: sale.lotSizeSqft,
    grade: sale.grade,
    condition: sale.condition,
    weight: as.weight,
    ageDays,
    adjustments: {
      timeCents: timed - price,
      sizeCents: sized - timed,
      lotCents: landed - sized,
      gradeCents: graded - landed,
      conditionCents: kept - graded,
      bathroomsCents: bathed - kept,
      ageCents: aged - bathed,
      distanceCents: moved - aged,
    },
    adjustedPriceCents: moved,
    isSubject: sale.propertyId === subject.id,
  };
}

const stepped = (cents: number, exponent: number): number =>
  exponent === 0 ? cents : Math.round(cents * Math.exp(exponent));
const apart = (a: number | null, b: number | null): number => difference(a, b) ?? Number.NaN;
const logApart = (a: number | null, b: number | null): number => logRatio(a, b) ?? Number.NaN;
