/** What an investor or a tenant buys. Null (or an empty list) means any. Prices in whole US cents, areas in sqft. */
export interface BuyBox {
  countyFips: readonly string[] | null;
  propertyTypes: readonly string[] | null;
  zipCodes: readonly string[] | null;
  minPriceCents: number | null;
  maxPriceCents: number | null;
  minScore: number | null;
  minBedrooms: number | null;
  minSqft: number | null;
}

/** What of a property a buy box looks at. Null means unknown. */
export interface BuyBoxSubject {
  countyFips: string;
  zipCode: string | null;
  propertyType: string | null;
  propertySubType: string | null;
  listPriceCents: number | null;
  /** Our valuation: stands in for the price of a property that has no asking price. */
  estimatedValueCents: number | null;
  bedrooms: number | null;
  sqft: number | null;
}

export type BuyBoxMatch = { matches: true } | { matches: false; reason: string };

/**
 * Whether the property lies inside the buy box. What the box asks for must be known: an unknown price, size or type is
 * outside a box that limits it. The price is the asking price, or the estimated value where nothing is asked.
 * @param score bird_dog_score, 0–100
 */
export function matchesBuyBox(box: BuyBox, property: BuyBoxSubject, score: number): BuyBoxMatch {
  const price = property.listPriceCents ?? property.estimatedValueCents;
  const types = [property.propertyType, property.propertySubType].filter((type) => type !== null);
  const reason =
    outsideList('county', box.countyFips, [property.countyFips]) ??
    outsideList('ZIP code', box.zipCodes, property.zipCode === null ? [] : [property.zipCode]) ??
    outsideList('property type', box.propertyTypes, types) ??
    below('price', price, box.minPriceCents, dollars) ??
    above('price', price, box.maxPriceCents, dollars) ??
    below('score', score, box.minScore, String) ??
    below('bedrooms', property.bedrooms, box.minBedrooms, String) ??
    below('living area', property.sqft, box.minSqft, (sqft) => `${sqft} sqft`);
  return reason === null ? { matches: true } : { matches: false, reason };
}

function outsideList(name: string, wanted: readonly string[] | null, actual: readonly string[]): string | null {
  if (wanted === null || wanted.length === 0) return null;
  if (actual.length === 0) return `its ${name} is unknown and the buy box asks for ${wanted.join(', ')}`;
  const known = new Set(wanted.map((word) => word.toLowerCase()));
  if (actual.some((word) => known.has(word.toLowerCase()))) return null;
  return `${name} ${actual.join(' / ')} is not among ${wanted.join(', ')}`;
}

function below(name: string, value: number | null, min: number | null, show: (value: number) => string): string | null {
  if (min === null) return null;
  if (value === null) return `its ${name} is unknown and the buy box asks for at least ${show(min)}`;
  return value < min ? `${name} ${show(value)} is below ${show(min)}` : null;
}

function above(name: string, value: number | null, max: number | null, show: (value: number) => string): string | null {
  if (max === null) return null;
  if (value === null) return `its ${name} is unknown and the buy box asks for at most ${show(max)}`;
  return value > max ? `${name} ${show(value)} is above ${show(max)}` : null;
}

function dollars(cents: number): string {
  return `$${Math.round(cents / 100).toLocaleString('en-US')}`;
}
