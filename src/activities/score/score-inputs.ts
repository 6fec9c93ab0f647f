import { hash } from 'node:crypto';
import type { Counties } from '../../config/county-index.ts';
import { findNeighborhood } from '../../domain/county.ts';
import type { Property } from '../../domain/property.ts';
import type { CountyMarket, ScoreInput } from '../../domain/scoring/feature.ts';

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

/** Hash of everything a score is worked out from: the same hash, the same score. */
export function inputsHashOf(input: ScoreInput, weightsSha256: string): string {
  const { property, county, asOf, comparables, avm } = input;
  // What the chosen sales bring to a score, in a fixed order: however they were read, they hash alike.
  const chosen = comparables.chosen.map((sale) => [
    sale.propertyId,
    sale.closeDate,
    sale.closePriceCents,
    sale.adjustedPriceCents,
    sale.weight,
    sale.distanceMetres,
    sale.ageDays,
    sale.sqft,
    sale.condition,
  ]);
  // Of where a fact came from, what a score looks at: when it was fetched and what it cost change no score.
  const { fieldSources, ...facts } = property;
  const sources: unknown[] = [];
  for (const field in fieldSources) {
    const { source, simulated, confidence } = fieldSources[field as keyof typeof fieldSources]!;
    sources.push(field, source, simulated, confidence);
  }
  const inputs = { facts, sources, county, asOf, chosen, avm: avm ?? null, weights: weightsSha256 };
  return hash('sha256', JSON.stringify(inputs), 'hex');
}
