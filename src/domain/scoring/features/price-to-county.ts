import { type Feature, percent, ratio, usd } from '../feature.ts';

/**
 * Reference price over the county's median: cheaper homes resell faster. Unknown when the median is more than three
 * years away from the date of the score, as prices of two times must not be compared.
 */
export const priceToCounty: Feature = {
  name: 'price_to_county_median',
  unit: 'ratio',
  family: 'market',
  better: 'lower',
  fields: [],
  usesComparables: false,
  usesCounty: true,
  nullPolicy: 'expected',
  compute: ({ county, reference, asOf }) => {
    const year = county.medianPriceYear ?? null;
    if (year !== null && Math.abs(year - Number(asOf.slice(0, 4))) > 3) return null;
    return ratio(reference.cents, county.medianPriceCents);
  },
  explain: (raw, { county, reference }) =>
    `${usd(reference.cents)} is ${percent(raw)} of the county's median price of ${usd(county.medianPriceCents)}.`,
};
