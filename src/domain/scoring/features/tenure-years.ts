import { daysBetween } from '../../comparables.ts';
import type { Feature } from '../feature.ts';

/** Years since the last sale: long owners sell more readily, and seldom with a loan as large as the value. */
export const tenureYears: Feature = {
  name: 'tenure_years',
  unit: 'years',
  family: 'seller',
  better: 'higher',
  fields: ['lastSaleDate'],
  usesComparables: false,
  nullPolicy: 'doubt',
  compute: ({ property, asOf }) => {
    if (property.lastSaleDate === null) return null;
    const days = daysBetween(property.lastSaleDate, asOf);
    return Number.isFinite(days) && days >= 0 ? days / 365.25 : null;
  },
  explain: (raw, { property }) =>
    `Last sold on ${property.lastSaleDate?.slice(0, 10)}, ${raw.toFixed(1)} years before the date of this score.`,
};
