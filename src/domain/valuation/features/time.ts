import { dateOfDay } from '../days.ts';
import type { ValuationFeature } from './feature.ts';

/** When the value is meant for. */
export const TIME_FEATURES: readonly ValuationFeature[] = [
  {
    name: 'month',
    unit: 'month 1-12',
    family: 'time',
    source: 'day of the valuation',
    meaning: 'Month of the year: seasons.',
    nullPolicy: 'missing',
    compute: ({ day }) => Number(dateOfDay(day)?.slice(5, 7) ?? Number.NaN),
  },
  {
    name: 'years_since_own_sale',
    unit: 'years',
    family: 'time',
    source: 'past sales',
    meaning: 'Years since this parcel last sold in the data.',
    nullPolicy: 'missing',
    compute: ({ past }) => past.ownDays / 365.25,
  },
];
