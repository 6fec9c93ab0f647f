import type { ComparablesResult } from '../../../src/domain/comparables.ts';
import { selectComparables } from '../../../src/domain/comparables.ts';
import type { ComparableSale, Property } from '../../../src/domain/property.ts';
import { PROPERTY_FIELDS } from '../../../src/domain/property.ts';
import type { ScoreInput } from '../../../src/domain/scoring/feature.ts';

export const AS_OF = '2015-04-01';

/** An invented house; unknown in all fields that are not given. */
export function house(over: Partial<Property> = {}): Property {
  const blank = Object.fromEntries(PROPERTY_FIELDS.map((field) => [field, null])) as unknown as Property;
  return {
    ...blank,
    tenantId: 't',
    id: 'subject',
    countyFips: '53033',
    sqft: 1800,
    bedrooms: 3,
    bathrooms: 2,
    yearBuilt: 1975,
    lotSizeSqft: 6000,
    grade: 7,
    condition: 3,
    lastSalePriceCents: 38_000_000,
    lastSaleDate: '2008-06-01',
    assessedValueCents: 36_000_000,
    taxAnnualCents: 400_000,
    floodRisk: 'low',
    medianIncomeCents: 7_500_000,
    medianHomeValueCents: 42_000_000,
    medianRentCents: 160_000,
    fieldSources: {},
    ...over,
  };
}

/** Twelve invented sales around $450,000. */
export function sales(priceCents = 45_000_000): ComparableSale[] {
  return Array.from({ length: 12 }, (_, i) => ({
    propertyId: `sale-${i}`,
    address: null,
    apn: null,
    zipCode: '98000',
    latitude: 47.5,
    longitude: -122.3,
    distanceMetres: 150 + i * 60,
    closeDate: `2014-${String(1 + i).padStart(2, '0')}-15`,
    closePriceCents: Math.round(priceCents * (0.95 + (i % 5) * 0.025)),
    sqft: 1700 + i * 20,
    bedrooms: 3,
    bathrooms: 2,
    yearBuilt: 1970 + i,
    lotSizeSqft: 6000,
    grade: 7,
    condition: 3,
  }));
}

export const county = {
  medianPriceCents: 50_000_000,
  medianPriceYear: 2015,
  marketHeat: 0.6,
  appreciationAnnual: 0.04,
  neighborhoodMultiplier: 1,
};

export function inputFor(property: Property, comparables?: ComparablesResult): ScoreInput {
  return { property, comparables: comparables ?? selectComparables(property, sales(), AS_OF), county, asOf: AS_OF };
}
