import { type FieldSource, PROPERTY_FIELDS, type Property, type PropertyFacts } from '../property.ts';
import type { MemoFinancial, MemoInput } from './input.ts';
import { sampleComparables, sampleNearbySales } from './sample-sales.ts';

const ASSESSOR: FieldSource = {
  source: 'king-county-assessor',
  fetchedAt: '2025-03-10T08:00:00Z',
  confidence: 0.95,
  costMicros: 0,
  simulated: false,
};
const CENSUS: FieldSource = { ...ASSESSOR, source: 'census-acs', confidence: 0.85, simulated: true };
const FLOOD: FieldSource = { ...ASSESSOR, source: 'fema-nfhl', confidence: 0.9, simulated: true };
const LISTING: FieldSource = { ...ASSESSOR, source: 'fsbo-harbor-homes', confidence: 0.7 };

const FACTS: PropertyFacts = {
  apn: '3211700220',
  address: '418 Larkspur Lane',
  unit: null,
  city: 'Kirkland',
  state: 'WA',
  zipCode: '98033',
  latitude: 47.6781,
  longitude: -122.1932,
  propertyType: 'Residential',
  propertySubType: 'Single Family Residence',
  bedrooms: 3,
  bathrooms: 2.25,
  sqft: 1840,
  lotSizeSqft: 7200,
  yearBuilt: 1978,
  yearRenovated: null,
  stories: 1.5,
  condition: 4,
  grade: 8,
  waterfront: false,
  listPriceCents: 61_900_000,
  listDate: '2025-02-21',
  listingUrl: 'https://homes.example/listings/418-larkspur',
  standardStatus: 'Active',
  lastSalePriceCents: 38_750_000,
  lastSaleDate: '2014-06-18',
  assessedValueCents: 58_400_000,
  taxAnnualCents: 562_300,
  taxYear: 2025,
  ownerName: 'Example Family Trust',
  publicRemarks:
    'Sunny one-and-a-half-story home on a quiet street near the lake. Original kitchen and baths, solid bones, newer roof (2016), fenced yard with fruit trees. The owner is retiring and prefers a simple sale as is.',
  floodZone: 'X',
  floodRisk: 'low',
  censusTract: '53033022500',
  population: 36_420,
  medianIncomeCents: 14_880_000,
  medianHomeValueCents: 91_200_000,
  medianRentCents: 238_500,
  ownerOccupiedShare: 0.61,
};

const CENSUS_FIELDS = [
  'censusTract',
  'population',
  'medianIncomeCents',
  'medianHomeValueCents',
  'medianRentCents',
  'ownerOccupiedShare',
];
const LISTING_FIELDS = ['listPriceCents', 'listDate', 'listingUrl', 'standardStatus', 'publicRemarks'];

function sourceOf(field: string): FieldSource {
  if (CENSUS_FIELDS.includes(field)) return CENSUS;
  if (field.startsWith('flood')) return FLOOD;
  return LISTING_FIELDS.includes(field) ? LISTING : ASSESSOR;
}

/** An invented property with every field but two. */
export function sampleProperty(): Property {
  return {
    ...FACTS,
    tenantId: '6f0d8a52-2a1f-4c1d-9a53-0a5f8f1f7d11',
    id: '5b5d9f57-52a5-5c3e-8d20-9a3a4ce5a0b1',
    countyFips: '53033',
    fieldSources: Object.fromEntries(
      PROPERTY_FIELDS.filter((field) => FACTS[field] !== null).map((field) => [field, sourceOf(field)]),
    ),
  };
}

/** Fourteen metrics, one of each unit and one unknown. */
export function sampleFinancials(): MemoFinancial[] {
  const row = (code: string, label: string, value: number | null, unit: MemoFinancial['unit'], basis: string) => ({
    code,
    label,
    value,
    unit,
    basis,
  });
  return [
    row('price_per_sqft', 'Price per square foot', 336, 'usd', 'asking price by living area'),
    row('value_gap', 'Estimate above price', 92_000, 'usd', 'estimated value less asking price'),
    row('discount', 'Discount to the estimate', 0.129, 'percent', 'gap as a share of the estimate'),
    row('assessed_ratio', 'Price to assessed value', 1.06, 'ratio', 'asking price by assessed value'),
    row('county_ratio', 'Price to county median', 0.73, 'ratio', 'asking price by the county\u2019s median'),
    {
      ...row('gross_yield', 'Gross rental yield', 0.0462, 'percent', 'median rent of the area, twelve months'),
      simulated: true,
    },
    {
      ...row('net_income', 'Net operating income', 17_170, 'usd', 'rent less 40% for costs and vacancy'),
      simulated: true,
    },
    { ...row('cap_rate', 'Capitalisation rate', 0.0277, 'percent', 'net operating income by price'), simulated: true },
    { ...row('rent_multiplier', 'Gross rent multiplier', 21.6, 'years', 'price by yearly rent'), simulated: true },
    row('monthly_payment', 'Monthly mortgage payment', 3_212, 'usd', '20% down, 30 years at 6.8%'),
    { ...row('cash_flow', 'Monthly cash flow', -1_781.4, 'usd', 'net income less the mortgage'), simulated: true },
    row('tax_rate', 'Effective tax rate', 0.0091, 'percent', 'yearly tax by price'),
    row('hold', 'Holding period to break even', 14, 'months', 'at the county\u2019s appreciation'),
    row('dscr', 'Debt service coverage', null, 'ratio', 'needs the investor\u2019s own loan terms'),
  ];
}

/** A memo's whole input, everything invented. */
export function sampleInput(): MemoInput {
  const component = (name: string, score: number, weight: number) => ({
    name,
    value: score / 100,
    score,
    weight,
    contribution: Math.round(score * weight * 10) / 10,
  });
  return {
    property: sampleProperty(),
    county: {
      name: 'King County',
      state: 'WA',
      medianPriceCents: 85_000_000,
      medianPriceSource: 'State housing survey',
      medianPriceYear: 2024,
    },
    score: {
      birdDogScore: 72.4,
      investmentScore: 76,
      riskScore: 31,
      roiEstimate: 0.149,
      confidence: 0.78,
      estimatedValueCents: 71_100_000,
      valueLowCents: 65_200_000,
      valueHighCents: 77_300_000,
      referencePriceCents: 61_900_000,
      referencePriceKind: 'asking',
      components: [
        component('price_to_value', 88, 0.3),
        component('neighbourhood', 81, 0.15),
        component('assessed_ratio', 64, 0.12),
        component('market_heat', 70, 0.12),
        component('condition', 62, 0.1),
        component('rental_yield', 38, 0.08),
        component('time_owned', 75, 0.07),
        { name: 'flood_risk', value: 0, score: 0, weight: 0.06, contribution: -1.2 },
      ],
      reasons: [
        {
          code: 'below_estimate',
          label: 'Asking price is 13% below our estimate',
          contribution: 26.4,
          sources: ['fsbo-harbor-homes', 'king-county-assessor'],
        },
        {
          code: 'strong_area',
          label: 'Home values around are well above the asking price',
          contribution: 12.2,
          sources: ['census-acs'],
        },
        {
          code: 'long_owner',
          label: 'Same owner for more than ten years',
          contribution: 5.3,
          sources: ['king-county-assessor'],
        },
        { code: 'weak_yield', label: 'Rent covers little of the price', contribution: -4.1, sources: ['census-acs'] },
        {
          code: 'old_kitchen',
          label: 'Not renovated since 1978 as far as is recorded',
          contribution: -2.6,
          sources: ['king-county-assessor'],
        },
      ],
      weightsVersion: '2025-03-01',
      modelVersion: 'comparables-2',
      scoredAt: '2025-03-12T09:30:00Z',
    },
    comparables: sampleComparables(),
    financials: sampleFinancials(),
    tenant: {
      name: 'Harbor Street Capital',
      callToAction: {
        text: 'Want to see the house or the numbers behind this memo? Write to us and we arrange a visit within two days.',
        email: 'deals@harborstreet.example',
        url: 'https://harborstreet.example/deals',
      },
    },
    nearbySales: sampleNearbySales(),
    salesSources: ['king-county-sales'],
    images: [],
    generatedAt: '2025-03-12T10:00:00Z',
  };
}
