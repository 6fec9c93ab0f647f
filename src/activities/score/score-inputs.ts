import type { Counties } from '../../config/county-index.ts';
import { findNeighborhood } from '../../domain/county.ts';
import type { Property } from '../../domain/property.ts';
import type { CountyMarket } from '../../domain/scoring/feature.ts';

/** What the county's configuration says about a property's market. @throws ReosError `not_found` for an unknown county */
export function marketOf(counties: Counties, property: Property): CountyMarket {
  const county = counties.find(property.countyFips);
  return {
    medianPriceCents: county.median_price.amount * 100,
    medianPriceYear: county.median_price.year,
    marketHeat: county.scoring.market_heat,
    appreciationAnnual: county.scoring.appreciation_annual,
    neighborhoodMultiplier: findNeighborhood(county, property)?.multiplier ?? 1,
  };
}
