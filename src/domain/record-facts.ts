import { normaliseAddress } from './address.ts';
import { normaliseApn } from './apn.ts';
import type { DiscoveredRecord } from './listing.ts';
import { toCents } from './money.ts';
import type { PropertyFacts } from './property.ts';

/** The identities of one record, strongest first: `apn:<normalised>`, `address:<key>`. Never empty for a valid record. */
export function identitiesOf(record: DiscoveredRecord, countyFips: string): string[] {
  const apn = normaliseApn(record.ParcelNumber, countyFips);
  const address = addressOf(record);
  return [...(apn === null ? [] : [`apn:${apn}`]), ...(address?.key ? [`address:${address.key}`] : [])];
}

function addressOf(record: DiscoveredRecord) {
  const street = [record.StreetNumber, record.StreetName].filter((part) => part !== null).join(' ');
  const line = record.UnparsedAddress ?? (street === '' ? null : street);
  if (line === null) return null;
  return normaliseAddress({
    line,
    unit: record.UnitNumber,
    city: record.City,
    state: record.StateOrProvince,
    zip: record.PostalCode,
  });
}

/**
 * What a discovered record says about the property, under the names of the property's columns. Only known fields are
 * set. A closed sale's price is the last sale, never an asking price; a listing's is the asking price.
 */
export function factsOf(record: DiscoveredRecord, countyFips: string): Partial<PropertyFacts> {
  const address = addressOf(record);
  const isListing = record.record_kind === 'listing';
  const isSale = record.CloseDate !== null && record.ArmsLengthYN !== false;
  const facts: PropertyFactsDraft = {
    apn: normaliseApn(record.ParcelNumber, countyFips),
    address: address?.line ?? null,
    unit: address?.unit ?? null,
    city: address?.city ?? record.City,
    state: address?.state ?? record.StateOrProvince,
    zipCode: address?.zip5 ?? record.PostalCode?.slice(0, 5) ?? null,
    latitude: record.Latitude,
    longitude: record.Longitude,
    propertyType: record.PropertyType,
    propertySubType: record.PropertySubType,
    bedrooms: record.BedroomsTotal,
    bathrooms: record.BathroomsTotalDecimal ?? record.BathroomsTotalInteger,
    sqft: record.LivingArea,
    lotSizeSqft: record.LotSizeSquareFeet,
    yearBuilt: record.YearBuilt,
    yearRenovated: record.YearRenovated,
    stories: record.Stories,
    condition: conditionGrade(record.PropertyCondition),
    grade: leadingNumber(record.ConstructionGrade),
    waterfront: record.WaterfrontYN,
    listPriceCents: isListing ? centsOrNull(record.ListPrice) : null,
    listDate: isListing ? record.ListingContractDate : null,
    listingUrl: isListing ? record.url : null,
    standardStatus: isListing ? (record.StandardStatus ?? 'Active') : null,
    // A price without its day would be taken for that of another sale.
    lastSalePriceCents: isSale ? centsOrNull(record.ClosePrice) : null,
    lastSaleDate: isSale ? record.CloseDate : null,
    assessedValueCents: centsOrNull(record.TaxAssessedValue),
    taxAnnualCents: centsOrNull(record.TaxAnnualAmount),
    taxYear: record.TaxYear,
    ownerName: record.OwnerName,
    publicRemarks: record.PublicRemarks,
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null && value !== undefined));
}

type PropertyFactsDraft = Partial<PropertyFacts>;

function centsOrNull(dollars: number | null): number | null {
  return dollars === null || dollars <= 0 ? null : toCents(dollars);
}

const CONDITIONS: Readonly<Record<string, number>> = {
  poor: 1,
  fair: 2,
  average: 3,
  good: 4,
  'very good': 5,
  excellent: 5,
};

/** The assessor's condition as 1 (poor) to 5 (very good), from its number or its word. */
function conditionGrade(text: string | null): number | null {
  return leadingNumber(text) ?? CONDITIONS[text?.trim().toLowerCase() ?? ''] ?? null;
}

/** '7', '7 Average' → 7; 'Average' → null. */
function leadingNumber(text: string | null): number | null {
  const match = text === null ? null : /^\s*(\d+(?:\.\d+)?)/.exec(text);
  return match ? Number(match[1]) : null;
}
