import { cleanText, formatCents, formatDay, formatPercent, formatShortDollars, isNumber } from './format.ts';
import type { MemoInput, MemoScore } from './input.ts';
import { derivedRow, fieldRow, type MemoRow, unknownRow } from './sourced.ts';

/** The reference price in words: never an asking price unless somebody asks it. */
const REFERENCE_LABELS = {
  asking: 'Asking price',
  last_sale_indexed: 'Last sale at today\u2019s prices',
  assessed: 'Assessed value',
  none: 'Reference price',
} as const;

/** The name of the price that the estimate is compared with. */
export function referenceLabel(score: MemoScore): string {
  return REFERENCE_LABELS[score.referencePriceKind];
}

/** The reference price in whole cents; null when its kind is `none`, whatever number came with it. */
export function referenceCents(score: MemoScore): number | null {
  if (score.referencePriceKind === 'none' || !isNumber(score.referencePriceCents)) return null;
  return score.referencePriceCents > 0 ? score.referencePriceCents : null;
}

/** How far the estimate lies above (positive) or below the reference price, as a share of the reference. Null when either is unknown. */
export function marginShare(score: MemoScore): number | null {
  const reference = referenceCents(score);
  if (reference === null || !isNumber(score.estimatedValueCents)) return null;
  return (score.estimatedValueCents - reference) / reference;
}

/** The line of the reference price with where it came from. */
export function referenceRow({ property, score }: MemoInput): MemoRow {
  const label = referenceLabel(score);
  const value = formatCents(referenceCents(score));
  switch (score.referencePriceKind) {
    case 'asking':
      return fieldRow(property, 'listPriceCents', label, value);
    case 'assessed':
      return fieldRow(property, 'assessedValueCents', label, value);
    case 'last_sale_indexed': {
      const sale = formatCents(property.lastSalePriceCents);
      const day = formatDay(property.lastSaleDate);
      const basis = `computed from the sale${sale === null ? '' : ` at ${sale}`}${day === null ? '' : ` on ${day}`}`;
      return derivedRow(property, ['lastSalePriceCents', 'lastSaleDate'], label, value, basis, 'no sale is recorded');
    }
    case 'none':
      return unknownRow(label, 'no asking price, sale or assessment is known');
  }
}

/** The estimate's line, its interval in the note. */
export function estimateRow({ score }: MemoInput): MemoRow {
  const value = formatCents(score.estimatedValueCents);
  if (value === null) return unknownRow('Estimated value', 'too little is known to estimate it');
  const { valueLowCents: low, valueHighCents: high } = score;
  const model = cleanText(score.modelVersion, 40);
  const range =
    isNumber(low) && isNumber(high)
      ? `${formatShortDollars(low / 100)} to ${formatShortDollars(high / 100)}`
      : 'no range';
  const source = `${model ?? 'range'}: ${range}`;
  return { label: 'Estimated value', value, known: true, source, simulated: false };
}

/** What an owner of the property would hold against the price: at the low end, at the estimate, at the high end. */
export function marginRows({ score }: MemoInput): MemoRow[] {
  const reference = referenceCents(score);
  const name = referenceLabel(score).toLowerCase();
  const row = (label: string, cents: number | null): MemoRow => {
    if (!isNumber(cents) || reference === null) return unknownRow(label, 'estimate or price is missing');
    const gap = cents - reference;
    const sign = gap < 0 ? '\u2212' : '+';
    const share = formatPercent(Math.abs(gap / reference)) ?? '0%';
    const value = `${sign}${formatCents(Math.abs(gap)) ?? ''} (${sign}${share})`;
    return { label, value, known: true, source: `${formatCents(cents)} less the ${name}`, simulated: false };
  };
  return [
    row('At the low end of the range', score.valueLowCents),
    row('At the estimate', score.estimatedValueCents),
    row('At the high end of the range', score.valueHighCents),
  ];
}

/** What is compared with what, in sentences a reader can check against the tables. */
export function comparisonSentences(input: MemoInput): string[] {
  const { score } = input;
  const estimate = formatCents(score.estimatedValueCents);
  const reference = formatCents(referenceCents(score));
  const sentences = [referenceSentence(input, reference)];
  if (estimate === null) {
    sentences.push('Too little is known about the property to estimate its value, so no margin can be stated.');
    return sentences;
  }
  const margin = marginShare(score);
  if (reference === null || margin === null) {
    sentences.push(`The estimated value is ${estimate}; it stands alone, with no price beside it.`);
    return sentences;
  }
  sentences.push(`${marginSentence(score, margin, estimate, reference)} ${intervalSentence(score)}`.trim());
  return sentences;
}

function referenceSentence({ property, score }: MemoInput, reference: string | null): string {
  const sale = saleText(property.lastSalePriceCents, property.lastSaleDate);
  if (reference === null || score.referencePriceKind === 'none') {
    return 'No asking price, recorded sale or assessment of this property is known to us.';
  }
  switch (score.referencePriceKind) {
    case 'asking': {
      const day = formatDay(property.listDate);
      return `The property is offered for sale at ${reference}${day === null ? '' : ` (listed ${day})`}. We compare our estimate with this asking price.`;
    }
    case 'last_sale_indexed':
      return `We know of no offer to sell this property. We compare our estimate with its last recorded sale${sale}, brought to today\u2019s price level: ${reference}. That is a closed sale and no asking price; the owner may want more, or may not sell.`;
    case 'assessed':
      return `We know of no offer to sell this property. We compare our estimate with the county\u2019s assessed value of ${reference}, which is set for taxes and is no asking price.`;
  }
}

function saleText(cents: number | null, date: string | null): string {
  const price = formatCents(cents);
  const day = formatDay(date);
  if (price === null) return day === null ? '' : ` of ${day}`;
  return day === null ? ` (${price})` : ` (${price} on ${day})`;
}

function marginSentence(score: MemoScore, margin: number, estimate: string, reference: string): string {
  const name = referenceLabel(score).toLowerCase();
  const gap = formatCents(Math.abs((score.estimatedValueCents ?? 0) - (referenceCents(score) ?? 0)));
  const share = formatPercent(Math.abs(margin));
  if (Math.abs(margin) < 0.005) return `Our estimate of ${estimate} is level with the ${name} of ${reference}.`;
  const side = margin > 0 ? 'above' : 'below';
  return `Our estimate of ${estimate} lies ${gap} (${share}) ${side} the ${name} of ${reference}.`;
}

function intervalSentence(score: MemoScore): string {
  const reference = referenceCents(score);
  const { valueLowCents: low, valueHighCents: high } = score;
  if (reference === null || !isNumber(low) || !isNumber(high)) return '';
  if (reference < low) return 'Even the low end of the range lies above it.';
  if (reference > high) return 'Even the high end of the range lies below it.';
  return 'The range of the estimate includes it, so the difference may be no more than uncertainty.';
}
