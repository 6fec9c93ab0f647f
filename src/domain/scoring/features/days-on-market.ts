import { daysBetween } from '../../comparables.ts';
import type { Feature } from '../feature.ts';

/** Days since the listing appeared: a seller who has waited negotiates. */
export const daysOnMarket: Feature = {
  name: 'days_on_market',
  unit: 'days',
  family: 'seller',
  better: 'higher',
  fields: ['listDate'],
  usesComparables: false,
  nullPolicy: 'expected',
  compute: ({ property, asOf }) => {
    if (property.listDate === null) return null;
    const days = daysBetween(property.listDate, asOf);
    return Number.isFinite(days) && days >= 0 ? days : null;
  },
  explain: (raw, { property }) => `Listed since ${property.listDate?.slice(0, 10)}, ${raw} days.`,
};
