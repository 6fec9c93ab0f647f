import { type Feature, percent, ratio, usd } from '../feature.ts';

/** How far the asking price lies below the value, as a share of the value, damped where the value is unsure. */
export const askingDiscount: Feature = {
  name: 'asking_discount',
  unit: 'ratio',
  family: 'value',
  better: 'higher',
  fields: ['listPriceCents'],
  usesComparables: true,
  nullPolicy: 'doubt',
  compute: ({ value, reference }) => {
    if (value === null || reference.kind !== 'asking') return null;
    const paid = ratio(reference.cents, value.valueCents);
    return paid === null ? null : (1 - paid) * (0.5 + 0.5 * value.confidence);
  },
  explain: (_, { value, reference }) => {
    const share = 1 - (reference.cents ?? 0) / (value?.valueCents ?? 1);
    const side = share >= 0 ? `${percent(share)} below` : `${percent(-share)} above`;
    return `The asking price of ${usd(reference.cents)} is ${side} the ${usd(value?.valueCents ?? null)} that ${value?.by ?? 'nobody suggests'}.`;
  },
};
