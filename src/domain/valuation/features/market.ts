import type { ValuationFeature } from './feature.ts';

/**
 * How the market stood on that day, told by sales before it. The level is added to the model's output as it is and the
 * trees see no other clock: a tree cannot go beyond the times that it was trained on.
 */
export const MARKET_FEATURES: readonly ValuationFeature[] = [
  {
    name: 'price_level',
    unit: 'logarithm',
    family: 'market',
    source: 'past sales',
    meaning:
      'Level of prices against the average of training, as an exponentially weighted mean of what sales fetched.',
    nullPolicy: 'zero',
    isOffset: true,
    compute: ({ past }) => past.level,
  },
];
