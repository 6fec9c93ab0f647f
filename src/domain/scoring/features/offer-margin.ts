import { type Feature, percent, ratio, usd } from '../feature.ts';

/** Maximum allowable offer (70% rule) against the reference price; 0 = exactly at it. */
export const offerMargin: Feature = {
  name: 'offer_margin',
  unit: 'ratio',
  family: 'return',
  better: 'higher',
  fields: ['sqft', 'condition'],
  usesComparables: true,
  nullPolicy: 'doubt',
  compute: ({ deal, reference }) => {
    const share = ratio(deal.maxOfferCents, reference.cents);
    return share === null ? null : share - 1;
  },
  explain: (raw, { deal, reference }) =>
    `The most to offer under the 70% rule, ${usd(deal.maxOfferCents)}, is ${percent(Math.abs(raw))} ${raw >= 0 ? 'above' : 'below'} ${reference.label} of ${usd(reference.cents)}.`,
};
