import type { ComparableSale, PropertyFacts } from '../property.ts';

/** What is needed of the house that is valued. `id` finds its own past sales among the candidates. */
export type ComparableSubject = { id: string } & Pick<
  PropertyFacts,
  'sqft' | 'bedrooms' | 'bathrooms' | 'yearBuilt' | 'lotSizeSqft' | 'grade' | 'condition'
> & {
    /** Degrees; without them prices are not adjusted for place. */
    latitude?: number | null;
    longitude?: number | null;
  };

/** b − a; null when either is unknown. */
export const difference = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : b - a;

/** ln(b / a); null when either is unknown or not above zero. */
export const logRatio = (a: number | null, b: number | null): number | null =>
  a === null || b === null || !(a > 0) || !(b > 0) ? null : Math.log(b / a);

/** Orders texts by code unit, the same everywhere. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Breaks ties, so that the candidates' order never shows in the result. */
export const compareSales = (a: ComparableSale, b: ComparableSale): number =>
  compareText(a.propertyId, b.propertyId) ||
  compareText(a.closeDate, b.closeDate) ||
  a.closePriceCents - b.closePriceCents ||
  a.distanceMetres - b.distanceMetres;
