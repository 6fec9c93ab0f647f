import { type Feature, ratio, usd } from '../feature.ts';

/** Reference price over the neighbourhood's median household income: low means many households could buy it. */
export const priceToIncome: Feature = {
  name: 'price_to_income',
  unit: 'years of income',
  family: 'market',
  better: 'lower',
  fields: ['medianIncomeCents'],
  usesComparables: false,
  nullPolicy: 'doubt',
  compute: ({ property, reference }) => ratio(reference.cents, property.medianIncomeCents),
  explain: (raw, { property, reference }) =>
    `${usd(reference.cents)} is ${raw.toFixed(1)} times the median household income of its census area (${usd(property.medianIncomeCents)}).`,
};
