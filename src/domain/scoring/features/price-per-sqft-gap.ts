import { type Feature, percent, ratio, usd } from '../feature.ts';

/** How far the reference price per square foot lies below that of the comparable sales. */
export const pricePerSqftGap: Feature = {
  name: 'price_per_sqft_gap',
  unit: 'ratio',
  family: 'value',
  better: 'higher',
  fields: ['sqft'],
  usesComparables: true,
  nullPolicy: 'doubt',
  compute: ({ property, reference, value }) => {
    const share = ratio(ratio(reference.cents, property.sqft), value?.pricePerSqftCents);
    return share === null ? null : 1 - share;
  },
  explain: (raw, { property, reference, value }) =>
    `${reference.label[0]?.toUpperCase()}${reference.label.slice(1)} is ${usd((reference.cents ?? 0) / (property.sqft ?? 1))} per sq ft, ${percent(Math.abs(raw))} ${raw >= 0 ? 'below' : 'above'} the ${usd(value?.pricePerSqftCents ?? null)} of comparable sales.`,
};
