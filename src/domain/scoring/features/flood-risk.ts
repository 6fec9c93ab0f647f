import type { FloodRisk } from '../../property.ts';
import type { Feature } from '../feature.ts';

const LEVELS: Readonly<Record<FloodRisk, number | null>> = {
  low: 0,
  moderate: 1,
  high: 2,
  very_high: 3,
  undetermined: null,
};

/** FEMA flood hazard as a level from 0 (low) to 3 (very high); undetermined counts as unknown. */
export const floodRisk: Feature = {
  name: 'flood_risk',
  unit: 'level 0-3',
  family: 'risk',
  better: 'lower',
  fields: ['floodRisk', 'floodZone'],
  usesComparables: false,
  nullPolicy: 'doubt',
  compute: ({ property }) => (property.floodRisk === null ? null : LEVELS[property.floodRisk]),
  explain: (_, { property }) =>
    `Flood risk is ${(property.floodRisk ?? 'unknown').replace('_', ' ')}${property.floodZone === null ? '' : ` (FEMA zone ${property.floodZone})`}.`,
};
