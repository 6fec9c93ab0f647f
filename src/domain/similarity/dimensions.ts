import type { PropertyFacts } from '../property.ts';

/** A property's facts with what its county's market says about it: what similarity is reckoned from. */
export type SimilarityFacts = Pick<
  PropertyFacts,
  | 'latitude'
  | 'longitude'
  | 'propertyType'
  | 'propertySubType'
  | 'bedrooms'
  | 'bathrooms'
  | 'sqft'
  | 'lotSizeSqft'
  | 'yearBuilt'
  | 'yearRenovated'
  | 'stories'
  | 'condition'
  | 'grade'
  | 'waterfront'
  | 'listPriceCents'
  | 'lastSalePriceCents'
  | 'lastSaleDate'
  | 'assessedValueCents'
  | 'taxAnnualCents'
  | 'floodRisk'
  | 'population'
  | 'medianIncomeCents'
  | 'medianHomeValueCents'
  | 'medianRentCents'
> & {
  estimatedValueCents: number | null;
};

/**
 * One dimension: what it is, in which unit, how it is read. A null becomes the county's median (0 once standardised),
 * so what is unknown neither joins nor parts two houses.
 */
export interface SimilarityDimension {
  name: string;
  /** As a person reads it. */
  label: string;
  /** Of the value after the transform. */
  unit: string;
  read(facts: SimilarityFacts, asOf: string): number | null;
}

type Read = SimilarityDimension['read'];
const of = (name: string, label: string, unit: string, read: Read): SimilarityDimension => ({
  name,
  label,
  unit,
  read,
});

/** ln of a positive amount: ratios count, not differences. */
const ln = (value: number | null) => (value !== null && value > 0 ? Math.log(value) : null);
const ratio = (a: number | null, b: number | null) => (a !== null && b !== null && b > 0 ? a / b : null);
const lnRatio = (a: number | null, b: number | null) => ln(ratio(a, b));
const yearOf = (date: string) => Number(date.slice(0, 4)) + (Number(date.slice(5, 7)) - 1) / 12;
const flag = (value: boolean | null) => (value === null ? null : Number(value));
const FLOOD_LEVELS = { low: 0, moderate: 1, high: 2, very_high: 3, undetermined: null } as const;
const KM_PER_DEGREE = 111.195;
const kindIs = (facts: SimilarityFacts, words: RegExp) => {
  const kind = facts.propertySubType ?? facts.propertyType;
  return kind === null ? null : Number(words.test(kind));
};
/** Asking price, else the estimate, else the last price, else the assessed value: the best word on what it costs. */
export const priceOf = (facts: SimilarityFacts): number | null =>
  facts.listPriceCents ?? facts.estimatedValueCents ?? facts.lastSalePriceCents ?? facts.assessedValueCents;

/**
 * The 35 dimensions. Facts of the house, its price and its market; nothing about the people who live there: no protected
 * class, and no stand-in for one (population, income and rent describe the market of the census area).
 */
export const SIMILARITY_DIMENSIONS: readonly SimilarityDimension[] = [
  of('sqft', 'living area', 'ln sqft', (f) => ln(f.sqft)),
  of('lot_size', 'lot size', 'ln sqft', (f) => ln(f.lotSizeSqft)),
  of('lot_to_living', 'lot against living area', 'ln ratio', (f) => lnRatio(f.lotSizeSqft, f.sqft)),
  of('bedrooms', 'bedrooms', 'rooms', (f) => f.bedrooms),
  of('bathrooms', 'baths', 'rooms', (f) => f.bathrooms),
  of('baths_per_bedroom', 'baths per bedroom', 'ratio', (f) => ratio(f.bathrooms, f.bedrooms)),
  of('sqft_per_bedroom', 'living area per bedroom', 'ln sqft', (f) => lnRatio(f.sqft, f.bedrooms)),
  of('stories', 'stories', 'floors', (f) => f.stories),
  of('sqft_per_story', 'living area per floor', 'ln sqft', (f) => lnRatio(f.sqft, f.stories)),
  of('year_built', 'year built', 'year', (f) => f.yearBuilt),
  of('effective_year', 'year built or renovated', 'year', (f) => f.yearRenovated || f.yearBuilt),
  of('is_renovated', 'renovated', '0 or 1', (f) => (f.yearRenovated === null ? null : Number(f.yearRenovated > 0))),
  of('condition', 'condition', '1–5', (f) => f.condition),
  of('grade', 'construction grade', '1–13', (f) => f.grade),
  of('waterfront', 'on the water', '0 or 1', (f) => flag(f.waterfront)),
  of('is_single_family', 'single family house', '0 or 1', (f) => kindIs(f, /single|detached|residential$/i)),
  of('is_shared_building', 'condominium or town house', '0 or 1', (f) => kindIs(f, /condo|town|attached|apartment/i)),
  of('is_multi_unit', 'several units', '0 or 1', (f) => kindIs(f, /multi|duplex|triplex|quadruplex|income/i)),
  of('is_land', 'land', '0 or 1', (f) => kindIs(f, /land|lot|vacant/i)),
  of('north', 'place north to south', 'km', (f) => (f.latitude === null ? null : f.latitude * KM_PER_DEGREE)),
  of('east', 'place east to west', 'km', (f) =>
    f.latitude === null || f.longitude === null
      ? null
      : f.longitude * KM_PER_DEGREE * Math.cos((f.latitude * Math.PI) / 180),
  ),
  of('price', 'price', 'ln dollars', (f) => ln(priceOf(f))),
  of('price_per_sqft', 'price per square foot', 'ln dollars', (f) => lnRatio(priceOf(f), f.sqft)),
  of('assessed_value', 'assessed value', 'ln dollars', (f) => ln(f.assessedValueCents)),
  of('price_to_assessed', 'price against assessed value', 'ln ratio', (f) => lnRatio(priceOf(f), f.assessedValueCents)),
  of('last_sale_price', 'last sale price', 'ln dollars', (f) => ln(f.lastSalePriceCents)),
  of('years_since_sale', 'years since the last sale', 'years', (f, asOf) =>
    f.lastSaleDate === null ? null : yearOf(asOf) - yearOf(f.lastSaleDate),
  ),
  of('gain_since_sale', 'price against last sale', 'ln ratio', (f) =>
    lnRatio(f.listPriceCents ?? f.estimatedValueCents, f.lastSalePriceCents),
  ),
  of('tax_rate', 'tax against price', 'ratio', (f) => ratio(f.taxAnnualCents, priceOf(f))),
  of('is_for_sale', 'for sale', '0 or 1', (f) => Number(f.listPriceCents !== null)),
  of('flood_risk', 'flood risk', '0 (low) to 3', (f) => (f.floodRisk === null ? null : FLOOD_LEVELS[f.floodRisk])),
  of('area_population', 'population of the area', 'ln people', (f) => ln(f.population)),
  of('area_income', 'median income of the area', 'ln dollars', (f) => ln(f.medianIncomeCents)),
  of('area_home_value', 'median home value of the area', 'ln dollars', (f) => ln(f.medianHomeValueCents)),
  of('area_rent_yield', 'rent against home value of the area', 'ratio', (f) =>
    ratio(f.medianRentCents, f.medianHomeValueCents),
  ),
];
