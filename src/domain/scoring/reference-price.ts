import { indexPrice } from '../deal-math.ts';
import type { ScoreInput, ScoringContext } from './feature.ts';

/**
 * The price the value is compared with: the asking price when it is for sale, else the last closed sale carried to the
 * date by the county's yearly change, else the assessed value. The label names it within a sentence.
 */
export function referencePrice({ property, county, asOf }: ScoreInput): ScoringContext['reference'] {
  if (isAmount(property.listPriceCents)) {
    return { cents: property.listPriceCents, kind: 'asking', label: 'the asking price' };
  }
  if (isAmount(property.lastSalePriceCents)) {
    const cents = indexPrice(
      property.lastSalePriceCents,
      property.lastSaleDate ?? asOf,
      asOf,
      county.appreciationAnnual,
    );
    return { cents, kind: 'last_sale_indexed', label: `its last sale price carried to ${asOf}` };
  }
  if (isAmount(property.assessedValueCents)) {
    return { cents: property.assessedValueCents, kind: 'assessed', label: 'its assessed value' };
  }
  return { cents: null, kind: 'none', label: 'an unknown price' };
}

const isAmount = (cents: number | null): cents is number => cents !== null && Number.isFinite(cents) && cents > 0;
