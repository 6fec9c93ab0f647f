import { area, type Feature, percent, ratio } from '../feature.ts';

/** How much smaller it is than the comparable houses: the smaller house on a street gains most from its neighbours. */
export const sizeUpside: Feature = {
  name: 'size_upside',
  unit: 'ratio',
  family: 'property',
  better: 'higher',
  fields: ['sqft'],
  usesComparables: true,
  readsSales: true,
  nullPolicy: 'doubt',
  compute: ({ property, comparables }) => {
    const mean = comparables.chosen.reduce((sum, sale) => sum + sale.weight * sale.sqft, 0);
    const share = ratio(property.sqft, mean);
    return share === null ? null : 1 - share;
  },
  explain: (raw, { property }) =>
    `With ${area(property.sqft ?? 0)} sq ft it is ${percent(Math.abs(raw))} ${raw >= 0 ? 'smaller' : 'larger'} than the comparable houses.`,
};
