/** Where one field's value came from. Kept per field in `properties.field_sources`. */
export interface FieldSource {
  /** Source or provider name, such as `king-county-sales` or `census-acs`. */
  source: string;
  /** ISO 8601 time at which the source gave the value. */
  fetchedAt: string;
  /** YYYY-MM-DD of the day the value tells of, where that is not the day it was fetched: a past sale's. */
  asOf?: string;
  /** 0–1, as the source rates itself. */
  confidence: number;
  /** What the call that brought it cost, in 1e-6 USD; 0 for free sources. */
  costMicros: number;
  /** True when an offline simulator made the value up: never a fact about the house. */
  simulated: boolean;
}

export type FloodRisk = 'low' | 'moderate' | 'high' | 'very_high' | 'undetermined';

/**
 * What is known about a property, under the names of its columns. Null means unknown. Money in whole US cents,
 * areas in square feet, dates as YYYY-MM-DD, shares 0–1.
 */
export interface PropertyFacts {
  apn: string | null;
  address: string | null;
  unit: string | null;
  city: string | null;
  state: string | null;
  zipCode: string | null;
  latitude: number | null;
  longitude: number | null;
  /** RESO PropertyType, such as `Residential`. */
  propertyType: string | null;
  /** RESO PropertySubType, such as `Single Family Residence`. */
  propertySubType: string | null;
  bedrooms: number | null;
  /** Baths with fractions as assessors count them (2.25 = two full, one quarter). */
  bathrooms: number | null;
  sqft: number | null;
  lotSizeSqft: number | null;
  yearBuilt: number | null;
  yearRenovated: number | null;
  stories: number | null;
  /** Assessor's condition, 1 (poor) to 5 (very good). */
  condition: number | null;
  /** Assessor's construction grade, 1 to 13 (King County's scale). */
  grade: number | null;
  waterfront: boolean | null;
  /** Asking price of the current listing. A closed sale is never an asking price. */
  listPriceCents: number | null;
  listDate: string | null;
  listingUrl: string | null;
  /** RESO StandardStatus, such as `Active`. */
  standardStatus: string | null;
  lastSalePriceCents: number | null;
  lastSaleDate: string | null;
  assessedValueCents: number | null;
  taxAnnualCents: number | null;
  taxYear: number | null;
  ownerName: string | null;
  publicRemarks: string | null;
  floodZone: string | null;
  floodRisk: FloodRisk | null;
  /** 11-digit census tract GEOID. */
  censusTract: string | null;
  population: number | null;
  medianIncomeCents: number | null;
  medianHomeValueCents: number | null;
  medianRentCents: number | null;
  ownerOccupiedShare: number | null;
}

export type PropertyField = keyof PropertyFacts;

/** The facts with their sources: what scoring and the memo read. */
export interface Property extends PropertyFacts {
  tenantId: string;
  id: string;
  countyFips: string;
  fieldSources: Partial<Record<PropertyField, FieldSource>>;
}

/** Every field of PropertyFacts, once, in the order of the table. */
export const PROPERTY_FIELDS = [
  'apn',
  'address',
  'unit',
  'city',
  'state',
  'zipCode',
  'latitude',
  'longitude',
  'propertyType',
  'propertySubType',
  'bedrooms',
  'bathrooms',
  'sqft',
  'lotSizeSqft',
  'yearBuilt',
  'yearRenovated',
  'stories',
  'condition',
  'grade',
  'waterfront',
  'listPriceCents',
  'listDate',
  'listingUrl',
  'standardStatus',
  'lastSalePriceCents',
  'lastSaleDate',
  'assessedValueCents',
  'taxAnnualCents',
  'taxYear',
  'ownerName',
  'publicRemarks',
  'floodZone',
  'floodRisk',
  'censusTract',
  'population',
  'medianIncomeCents',
  'medianHomeValueCents',
  'medianRentCents',
  'ownerOccupiedShare',
] as const satisfies readonly PropertyField[];

/** One past sale used as a comparable. Distance in metres from the subject. */
export interface ComparableSale {
  propertyId: string;
  address: string | null;
  apn: string | null;
  zipCode: string | null;
  latitude: number;
  longitude: number;
  distanceMetres: number;
  closeDate: string;
  closePriceCents: number;
  sqft: number;
  bedrooms: number | null;
  bathrooms: number | null;
  yearBuilt: number | null;
  lotSizeSqft: number | null;
  grade: number | null;
  condition: number | null;
}
