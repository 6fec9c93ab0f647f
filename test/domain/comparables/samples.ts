import type { CandidateSale, PlacedSubject } from '../../../src/domain/comparables/candidate.ts';
import { type ComparableRules, METRES_PER_MILE } from '../../../src/domain/comparables/rules.ts';

export const AS_OF = '2026-07-01';

export const RULES: ComparableRules = {
  version: '2026.1.1',
  limits: { radiusMiles: 0.5, months: 12, sqftTolerance: 0.2 },
  minChosen: 3,
  maxChosen: 10,
  samePropertyType: true,
  excludedShown: 10,
  widening: [{ months: 18 }, { radiusMiles: 1 }, { radiusMiles: 2, sqftTolerance: 0.3 }],
};

export const SUBJECT: PlacedSubject = {
  id: 'subject',
  latitude: 47.6,
  longitude: -122.3,
  propertyType: 'Residential',
  propertySubType: 'Single Family Residence',
  sqft: 2000,
  bedrooms: 3,
  bathrooms: 2,
  yearBuilt: 1970,
  lotSizeSqft: 6000,
  grade: 7,
  condition: 3,
};

/** A sale that counts, a little north of the subject, with what is to differ. */
export function candidate(propertyId: string, over: Partial<CandidateSale> & { miles?: number } = {}): CandidateSale {
  const { miles = 0.2, ...rest } = over;
  return {
    propertyId,
    address: `${propertyId} Elm St`,
    apn: null,
    zipCode: '98000',
    latitude: 47.6 + miles / 69.1,
    longitude: -122.3,
    distanceMetres: miles * METRES_PER_MILE,
    closeDate: '2026-03-01',
    closePriceCents: 50_000_000,
    armsLength: true,
    armsLengthReason: null,
    propertyType: 'Residential',
    propertySubType: 'Single Family Residence',
    sqft: 2000,
    bedrooms: 3,
    bathrooms: 2,
    yearBuilt: 1970,
    lotSizeSqft: 6000,
    grade: 7,
    condition: 3,
    ...rest,
  };
}
