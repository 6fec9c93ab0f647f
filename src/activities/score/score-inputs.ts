import { hash } from 'node:crypto';
import type { Counties } from '../../config/county-index.ts';
import { findNeighborhood } from '../../domain/county.ts';
import { PROPERTY_FIELDS, type Property } from '../../domain/property.ts';
import type { CountyMarket, ScoreInput } from '../../domain/scoring/feature.ts';
import type { AvmValue } from '../../domain/scoring/value.ts';

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

/** What a fact can be. */
type Known = string | number | boolean | null | undefined;

/** Stand among the figures for what is none: a fact that is not known, and a text, whose length follows. */
const UNKNOWN = Number.NEGATIVE_INFINITY;
const TEXT = Number.POSITIVE_INFINITY;
/** All of them, which the compiler sees to: one left out would change scores and no hash. */
const COUNTY_FIELDS = namesOf<CountyMarket>({
  medianPriceCents: true,
  medianPriceYear: true,
  marketHeat: true,
  appreciationAnnual: true,
  neighborhoodMultiplier: true,
});
const AVM_FIELDS = namesOf<AvmValue>({
  valueCents: true,
  lowCents: true,
  highCents: true,
  confidence: true,
  modelVersion: true,
});

/**
 * Hash of everything a score is worked out from: the same hash, the same score. Figures as the doubles that they are, texts
 * one after the other with their lengths among the figures; as JSON it would be twice the work.
 */
export function inputsHashOf(input: ScoreInput, weightsSha256: string): string {
  const { property, county, asOf, comparables, avm } = input;
  const { chosen } = comparables;
  const most = 5 * PROPERTY_FIELDS.length + COUNTY_FIELDS.length + AVM_FIELDS.length + 9 * chosen.length + 6;
  const figures = new Float64Array(2 * most);
  let count = 0;
  let texts = '';
  const put = (value: Known) => {
    if (typeof value === 'string') {
      figures[count] = TEXT;
      figures[count + 1] = value.length;
      count += 2;
      texts += value;
      return;
    }
    const figure = Number(value ?? Number.NaN);
    figures[count] = Number.isFinite(figure) ? figure : UNKNOWN;
    count += 1;
  };
  put(property.tenantId);
  put(property.id);
  put(property.countyFips);
  for (const field of PROPERTY_FIELDS) put(property[field]);
  // Of where a fact came from, what a score looks at: when it was fetched and what it cost change no score.
  for (const field of PROPERTY_FIELDS) {
    const from = property.fieldSources[field];
    if (from === undefined) continue;
    put(field);
    put(from.source);
    put(from.simulated);
    put(from.confidence);
  }
  for (const field of COUNTY_FIELDS) put(county[field]);
  put(asOf);
  put(chosen.length);
  // What a sale brings to a score. Named one by one, which is quicker than a list of names.
  for (const sale of chosen) {
    put(sale.propertyId);
    put(sale.closeDate);
    put(sale.closePriceCents);
    put(sale.adjustedPriceCents);
    put(sale.weight);
    put(sale.distanceMetres);
    put(sale.ageDays);
    put(sale.sqft);
    put(sale.condition);
  }
  for (const field of AVM_FIELDS) put(avm?.[field]);
  put(weightsSha256);
  return hash('sha256', Buffer.concat([Buffer.from(figures.buffer, 0, 8 * count), Buffer.from(texts)]), 'hex');
}

function namesOf<T>(all: { [Name in keyof T]-?: true }): ReadonlyArray<keyof T> {
  return Object.keys(all) as Array<keyof T>;
}
