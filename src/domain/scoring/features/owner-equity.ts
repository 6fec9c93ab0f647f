import { type Feature, percent, ratio, usd } from '../feature.ts';

/** The value less what the owner paid, as a share of the value, not carried forward: room to accept an offer below it. */
export const ownerEquity: Feature = {
  name: 'owner_equity',
  unit: 'ratio',
  family: 'seller',
  better: 'higher',
  fields: ['lastSalePriceCents'],
  usesComparables: true,
  nullPolicy: 'doubt',
  compute: ({ property, value }) => {
    const paid = property.lastSalePriceCents;
    const share = paid !== null && paid > 0 ? ratio(paid, value?.valueCents) : null;
    return share === null ? null : 1 - share;
  },
  explain: (raw, { property, value }) =>
    `The owner paid ${usd(property.lastSalePriceCents)}; at a value of ${usd(value?.valueCents ?? null)} ${raw >= 0 ? `${percent(raw)} of it is gain` : `that is a loss of ${percent(-raw)}`}, before any loan.`,
};
