import { type Feature, percent } from '../feature.ts';

/** Yearly price change of the county, as its configuration states it. */
export const appreciation: Feature = {
  name: 'appreciation_annual',
  unit: 'ratio a year',
  family: 'market',
  better: 'higher',
  fields: [],
  usesComparables: false,
  usesCounty: true,
  nullPolicy: 'doubt',
  compute: ({ county }) => (Number.isFinite(county.appreciationAnnual) ? county.appreciationAnnual : null),
  explain: (raw) => `Prices in the county move by ${percent(raw, 1)} a year (county configuration).`,
};
