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
  readsSales: true,
  compute: ({ property, reference, comparables }) => {
    const share = ratio(ratio(reference.cents, property.sqft), comparables.estimate?.pricePerSqftCents);
    return share === null ? null : 1 - share;
  },
  explain: (raw, { property, reference, comparables }) =>
    `${reference.label[0]?.toUpperCase()}${reference.label.slice(1)} is ${usd((reference.cents ?? 0) / (property.sqft ?? 1))} per sq ft, ${percent(Math.abs(raw))} ${raw >= 0 ? 'below' : 'above'} the ${usd(comparables.estimate?.pricePerSqftCents ?? null)} of comparable sales.`,
};
