import { formatArea, yearText } from './facts.ts';
import { formatCents, formatNumber, formatPercent, isNumber } from './format.ts';
import type { MemoInput } from './input.ts';
import { estimateRow, marginShare, referenceCents, referenceLabel, referenceRow } from './price.ts';
import { derivedRow, fieldRow, type MemoRow } from './sourced.ts';

/** The eight numbers that an investor asks for first. */
export function metricRows(input: MemoInput): MemoRow[] {
  const { property, score } = input;
  const margin = marginShare(score);
  const priceName = referenceLabel(score).toLowerCase();
  return [
    referenceRow(input),
    estimateRow(input),
    derivedRow(
      property,
      [],
      'Estimate against price',
      margin === null ? null : `${margin < 0 ? '\u2212' : '+'}${formatPercent(Math.abs(margin))}`,
      `against the ${priceName}`,
      'estimate or price is missing',
    ),
    derivedRow(
      property,
      ['sqft'],
      'Price per sq ft',
      formatCents(centsPerSqft(input)),
      `${priceName} by living area`,
      'price or area is missing',
    ),
    fieldRow(property, 'sqft', 'Living area', formatArea(property.sqft)),
    fieldRow(property, 'lotSizeSqft', 'Lot', formatArea(property.lotSizeSqft)),
    derivedRow(
      property,
      ['bedrooms', 'bathrooms'],
      'Beds and baths',
      bedsAndBaths(input),
      bedsSource(input),
      'no source has given them',
    ),
    fieldRow(property, 'yearBuilt', 'Year built', yearText(property.yearBuilt)),
  ];
}

/** The reference price by living area, in cents. Null when either is unknown. */
export function centsPerSqft({ property, score }: MemoInput): number | null {
  const reference = referenceCents(score);
  return isNumber(property.sqft) && property.sqft > 0 && reference !== null ? reference / property.sqft : null;
}

function bedsAndBaths({ property }: MemoInput): string | null {
  const beds = formatNumber(property.bedrooms, 1);
  const baths = formatNumber(property.bathrooms, 2);
  if (beds === null && baths === null) return null;
  return `${beds ?? '?'} bd \u00b7 ${baths ?? '?'} ba`;
}

function bedsSource({ property }: MemoInput): string {
  const field = property.bedrooms === null ? 'bathrooms' : 'bedrooms';
  return fieldRow(property, field, '', 'known').source;
}
