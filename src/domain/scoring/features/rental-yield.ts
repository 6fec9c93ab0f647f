import { type Feature, percent, usd } from '../feature.ts';

/** Net operating income of renting it out, as a share of the reference price. A loss counts as 0. */
export const rentalYield: Feature = {
  name: 'rental_yield',
  unit: 'ratio',
  family: 'return',
  better: 'higher',
  fields: ['medianRentCents', 'taxAnnualCents', 'sqft'],
  usesComparables: true,
  nullPolicy: 'doubt',
  // Below 0 a lower price would make the yield worse; the loss itself says nothing about the price.
  compute: ({ deal }) => (deal.capRate === null ? null : Math.max(0, deal.capRate)),
  explain: (raw, { deal, reference }) =>
    `Rented at about ${usd(deal.rentMonthlyCents)} a month (${deal.rentBasis}), it would yield ${percent(raw, 1)} a year on ${reference.label} of ${usd(reference.cents)}.`,
};
