import { indexPrice } from '../../deal-math.ts';
import { type Feature, percent, ratio, type ScoringContext, usd } from '../feature.ts';

const indexed = ({ property, county, asOf }: ScoringContext): number | null =>
  property.lastSalePriceCents === null || !(property.lastSalePriceCents > 0)
    ? null
    : indexPrice(property.lastSalePriceCents, property.lastSaleDate ?? asOf, asOf, county.appreciationAnnual);

/** How far the owner's last purchase price, carried to the date, lies below the value; damped where the value is unsure. */
export const equitySinceSale: Feature = {
  name: 'equity_since_sale',
  unit: 'ratio',
  family: 'value',
  better: 'higher',
  fields: ['lastSalePriceCents', 'lastSaleDate'],
  usesComparables: true,
  usesCounty: true,
  nullPolicy: 'doubt',
  compute: (context) => {
    if (context.value === null) return null;
    const paid = ratio(indexed(context), context.value.valueCents);
    return paid === null ? null : (1 - paid) * (0.5 + 0.5 * context.value.confidence);
  },
  explain: (_, context) => {
    const { value, property, county, asOf } = context;
    const carried = indexed(context) ?? 0;
    const share = 1 - carried / (value?.valueCents ?? 1);
    const side = share >= 0 ? `${percent(share)} below` : `${percent(-share)} above`;
    return `Its last sale (${usd(property.lastSalePriceCents)}${property.lastSaleDate === null ? '' : ` on ${property.lastSaleDate.slice(0, 10)}`}; ${usd(carried)} carried to ${asOf} at ${percent(Number.isFinite(county.appreciationAnnual) ? county.appreciationAnnual : 0, 1)} a year) is ${side} the ${usd(value?.valueCents ?? null)} that ${value?.by ?? 'nobody suggests'}. A closed sale is not an asking price.`;
  },
};
