import { type Feature, percent, usd } from '../feature.ts';

/** How far the value (the valuation model's, or that of the comparable sales) may be trusted, 0–1. */
export const comparableStrength: Feature = {
  name: 'comparable_strength',
  unit: 'confidence 0-1',
  family: 'risk',
  better: 'higher',
  fields: ['sqft', 'grade', 'condition'],
  usesComparables: true,
  nullPolicy: 'doubt',
  compute: ({ value }) => value?.confidence ?? null,
  explain: (raw, { value, comparables }) => {
    if (value?.source === 'avm') {
      return `The valuation model expects a price between ${usd(value.lowCents)} and ${usd(value.highCents)} in 80 of 100 cases: confidence ${percent(raw)}.`;
    }
    const sales = comparables.estimate;
    return `The value rests on ${sales?.count ?? 0} sales at ${Math.round(sales?.distanceMetres ?? 0)} m and ${Math.round((sales?.ageDays ?? 0) / 30.4)} months on average that differ by ${percent(sales?.dispersion ?? 0)}: confidence ${percent(raw)}.`;
  },
};
