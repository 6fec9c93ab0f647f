import { COMPARABLE_FEATURES } from './comparables.ts';
import type { ValuationFeature } from './feature.ts';
import { LOCATION_FEATURES } from './location.ts';
import { MARKET_FEATURES } from './market.ts';
import { PROPERTY_FEATURES } from './property.ts';

/** Every feature of the valuation model, in the order of its rows. A new one is an entry in its family's table and a test. */
export const VALUATION_FEATURES: readonly ValuationFeature[] = [
  ...PROPERTY_FEATURES,
  ...LOCATION_FEATURES,
  ...MARKET_FEATURES,
  ...COMPARABLE_FEATURES,
];
