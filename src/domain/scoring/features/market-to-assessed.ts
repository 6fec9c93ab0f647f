import { capital, type Feature, percent, ratio, usd } from '../feature.ts';

/** Value over the assessor's value: above 1 the assessment (and the tax) lags the market. */
export const marketToAssessed: Feature = {
  name: 'market_to_assessed',
  unit: 'ratio',
  family: 'value',
  better: 'higher',
  fields: ['assessedValueCents'],
  usesComparables: true,
  nullPolicy: 'doubt',
  compute: ({ property, value }) => ratio(value?.valueCents, property.assessedValueCents),
  explain: (raw, { property, value }) =>
    `${capital(value?.by ?? 'nobody suggests')} ${usd(value?.valueCents ?? null)}, ${percent(raw)} of the assessed ${usd(property.assessedValueCents)}.`,
};
