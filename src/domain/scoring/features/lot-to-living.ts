import { area, type Feature, ratio } from '../feature.ts';

/** Lot area over living area: much land under a small house leaves room to add or split. */
export const lotToLiving: Feature = {
  name: 'lot_to_living',
  unit: 'ratio',
  family: 'property',
  better: 'higher',
  fields: ['lotSizeSqft', 'sqft'],
  usesComparables: false,
  nullPolicy: 'doubt',
  compute: ({ property }) => ratio(property.lotSizeSqft, property.sqft),
  explain: (raw, { property }) =>
    `The lot of ${area(Math.round(property.lotSizeSqft ?? 0))} sq ft is ${raw.toFixed(1)} times the living area.`,
};
