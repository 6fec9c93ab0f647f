import type { Feature } from '../feature.ts';

/** Multiplier of the target neighbourhood it lies in; 1 outside. */
export const neighborhood: Feature = {
  name: 'neighborhood_multiplier',
  unit: 'multiplier',
  family: 'market',
  better: 'higher',
  fields: ['zipCode', 'latitude', 'longitude'],
  usesComparables: false,
  usesCounty: true,
  nullPolicy: 'doubt',
  compute: ({ county }) => (Number.isFinite(county.neighborhoodMultiplier) ? county.neighborhoodMultiplier : null),
  explain: (raw) =>
    raw === 1
      ? 'It lies in no target neighbourhood of the county.'
      : `It lies in a target neighbourhood with the multiplier ${raw.toFixed(2)} (county configuration).`,
};
