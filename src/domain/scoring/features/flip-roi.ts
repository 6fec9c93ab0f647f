import { type Feature, percent, usd } from '../feature.ts';

/** Return of renovating and reselling, bought at the reference price. */
export const flipRoi: Feature = {
  name: 'flip_roi',
  unit: 'ratio',
  family: 'return',
  better: 'higher',
  fields: ['sqft', 'condition', 'yearBuilt', 'yearRenovated'],
  usesComparables: true,
  nullPolicy: 'doubt',
  compute: ({ deal }) => deal.flipRoi,
  explain: (raw, { deal, reference }) =>
    `Bought at ${reference.label} (${usd(reference.cents)}), a ${deal.tier.replace('_', ' ')} renovation for ${usd(deal.renovationCents)} and a resale at ${usd(deal.arvCents)} would return ${percent(raw)}.`,
};
