import { type Feature, percent } from '../feature.ts';

/** How far the value from comparable sales may be trusted, 0–1. */
export const comparableStrength: Feature = {
  name: 'comparable_strength',
  unit: 'confidence 0-1',
  family: 'risk',
  better: 'higher',
  fields: ['sqft', 'grade', 'condition'],
  usesComparables: true,
  nullPolicy: 'doubt',
  compute: ({ value }) => value?.confidence ?? null,
  explain: (raw, { value }) =>
    `The value rests on ${value?.count ?? 0} sales at ${Math.round(value?.distanceMetres ?? 0)} m and ${Math.round((value?.ageDays ?? 0) / 30.4)} months on average that differ by ${percent(value?.dispersion ?? 0)}: confidence ${percent(raw)}.`,
};
