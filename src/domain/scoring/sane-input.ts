import { PROPERTY_FIELDS } from '../property.ts';
import type { CountyMarket, ScoreInput } from './feature.ts';

/** No fact of a house is larger: 10^12 cents are ten billion dollars. */
const MAX_FACT = 1e12;
/** Square feet; the largest building of the world has 19 million. */
const MAX_LIVING_AREA = 2e7;

const FIELDS = PROPERTY_FIELDS.map((name) => ({
  name,
  isMoney: name.endsWith('Cents'),
  isSigned: name === 'latitude' || name === 'longitude',
  most: name === 'sqft' ? MAX_LIVING_AREA : MAX_FACT,
}));

/**
 * The input with numbers that cannot be facts (NaN, infinite, negative other than a coordinate, beyond any house) as
 * unknown, and a county's heat and growth that are no numbers as missing (NaN, which every feature turns to null). Amounts
 * become whole cents; one beyond ten billion dollars counts as that much, not as unknown: else a still higher price
 * could score better.
 */
export function withoutNonsense(input: ScoreInput): ScoreInput {
  let { property } = input;
  for (const { name, isMoney, isSigned, most } of FIELDS) {
    const value = property[name];
    if (typeof value !== 'number') continue;
    const isFact = Math.abs(value) <= most && (isSigned || value >= 0);
    const sane = isMoney ? wholeCents(value) : isFact ? value : null;
    // Hardly ever: copying every house would take longer than looking at it.
    if (sane !== value) property = { ...property, [name]: sane };
  }
  const { county } = input;
  const market: CountyMarket = {
    ...county,
    marketHeat: within(county.marketHeat, 1),
    appreciationAnnual: within(county.appreciationAnnual, 1),
    neighborhoodMultiplier: within(county.neighborhoodMultiplier, 100),
  };
  return { ...input, property, county: market };
}

const within = (value: number, limit: number) => (Math.abs(value) <= limit ? value : Number.NaN);

function wholeCents(value: number): number | null {
  if (!Number.isFinite(value) || value < 0) return null;
  return value === 0 ? 0 : Math.min(MAX_FACT, Math.max(1, Math.round(value)));
}
