import type { Feature } from '../feature.ts';

/** How far its condition lies below that of the comparable houses, in the assessor's steps. */
export const renovationUpside: Feature = {
  name: 'renovation_upside',
  unit: 'condition steps',
  family: 'property',
  better: 'higher',
  fields: ['condition'],
  usesComparables: true,
  readsSales: true,
  nullPolicy: 'doubt',
  compute: ({ property, comparables }) => {
    const known = comparables.chosen.filter((sale) => sale.condition !== null);
    const total = known.reduce((sum, sale) => sum + sale.weight, 0);
    if (property.condition === null || !(total > 0)) return null;
    return known.reduce((sum, sale) => sum + sale.weight * (sale.condition ?? 0), 0) / total - property.condition;
  },
  explain: (raw, { property }) =>
    `Its condition, ${property.condition} of 5, is ${Math.abs(raw).toFixed(1)} steps ${raw >= 0 ? 'below' : 'above'} that of the comparable houses${raw > 0.3 ? ': room to renovate' : ''}.`,
};
