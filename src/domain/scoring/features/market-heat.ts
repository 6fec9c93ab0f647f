import type { Feature } from '../feature.ts';

/** How fast the county's market moves, as its configuration states it. */
export const marketHeat: Feature = {
  name: 'market_heat',
  unit: 'index 0-1',
  family: 'market',
  better: 'higher',
  fields: [],
  usesComparables: false,
  usesCounty: true,
  nullPolicy: 'doubt',
  compute: ({ county }) => (Number.isFinite(county.marketHeat) ? county.marketHeat : null),
  explain: (raw) => `The county's market heat is ${raw.toFixed(2)} on a scale of 0 to 1 (county configuration).`,
};
