import type { Feature } from '../feature.ts';

/** Years since it was built or last renovated: what may fail unseen. */
export const buildingAge: Feature = {
  name: 'building_age',
  unit: 'years',
  family: 'risk',
  better: 'lower',
  fields: ['yearBuilt', 'yearRenovated'],
  usesComparables: false,
  nullPolicy: 'doubt',
  compute: ({ property, asOf }) => {
    const since = Math.max(property.yearBuilt ?? 0, property.yearRenovated ?? 0);
    return since > 0 ? Math.max(0, Number(asOf.slice(0, 4)) - since) : null;
  },
  explain: (raw, { property }) =>
    `${raw} years since it was ${(property.yearRenovated ?? 0) > (property.yearBuilt ?? 0) ? `renovated (${property.yearRenovated})` : `built (${property.yearBuilt})`}.`,
};
