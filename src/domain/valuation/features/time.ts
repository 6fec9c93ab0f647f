import type { ValuationFeature } from './feature.ts';

/** When the value is meant for. */
export const TIME_FEATURES: readonly ValuationFeature[] = [
  {
    name: 'years_since_own_sale',
    unit: 'years',
    family: 'time',
    source: 'past sales',
    meaning: 'Years since this parcel last sold in the data.',
    nullPolicy: 'missing',
    compute: ({ past }) => past.ownDays / 365.25,
  },
];
