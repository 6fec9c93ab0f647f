import type { ComparableSale } from '../property.ts';
import { COMPARABLE_CONSTANTS as K } from '../scoring/comparable-constants.ts';
import { daysBetween } from './dates.ts';
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

/**
 * Brings a sale's price to the subject's time, size, lot, grade, condition, baths and age, one multiplying step after
 * the other; a characteristic that is unknown on either side changes nothing. `weight` is 0 until the sales are weighed against
 * each other, `distanceCents` until `moveToPlace`.
 * @param annualTrend yearly price change as a ratio
 */
export function adjustSale(
  subject: ComparableSubject,
  sale: ComparableSale,
  asOf: string,
  annualTrend: number,
): AdjustedComparable {
  const ageDays = daysBetween(sale.closeDate, asOf);
  let price = sale.closePriceCents;
  const step = (exponent: number | null, limit: number) => {
    const bounded = Math.max(-limit, Math.min(limit, exponent ?? 0));
    const next = Math.round(price * Math.exp(bounded));
    const cents = next - price;
    price = next;
    return cents;
  };
  const scaled = (value: number | null, factor: number) => (value === null ? null : value * factor);
  const adjustments: Adjustments = {
    timeCents: step((Math.log1p(Math.max(-0.5, annualTrend)) * ageDays) / 365.25, 0.7),
    sizeCents: step(scaled(logRatio(sale.sqft, subject.sqft), K.sizeElasticity), 0.6),
    lotCents: step(scaled(logRatio(sale.lotSizeSqft, subject.lotSizeSqft), K.lotElasticity), 0.15),
    gradeCents: step(scaled(difference(sale.grade, subject.grade), K.gradeStep), 0.4),
    conditionCents: step(scaled(difference(sale.condition, subject.condition), K.conditionStep), 0.15),
    bathroomsCents: step(scaled(difference(sale.bathrooms, subject.bathrooms), K.bathroomStep), 0.1),
    ageCents: step(scaled(difference(sale.yearBuilt, subject.yearBuilt), K.yearBuiltStep), 0.1),
    distanceCents: 0,
  };
  return {
    ...sale,
    weight: 0,
    ageDays,
    adjustments,
    adjustedPriceCents: price,
    isSubject: sale.propertyId === subject.id,
  };
}
