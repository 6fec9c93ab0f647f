import { humanise } from '../../lib/format.ts';
import type { Property } from './property-query.ts';

/** The price that the score reckons with; else what is asked or was paid. Null when none is known. Dollars. */
export function priceOf(
  property: Pick<Property, 'score' | 'list_price' | 'last_sale_price'>,
): { value: number; kind: string } | null {
  const { score } = property;
  if (score?.reference_price != null) return { value: score.reference_price, kind: referenceKind(score) };
  if (property.list_price !== null) return { value: property.list_price, kind: 'asking' };
  if (property.last_sale_price !== null) return { value: property.last_sale_price, kind: 'last_sale' };
  return null;
}

function referenceKind(score: object): string {
  const kind = (score as { reference_price_kind?: unknown }).reference_price_kind;
  return typeof kind === 'string' ? kind : 'price';
}

/** The field of the property that a price of this kind comes from. */
export function fieldOfPrice(kind: string): 'list_price' | 'last_sale_price' | 'assessed_value' | undefined {
  if (/^(asking|list)/.test(kind)) return 'list_price';
  if (kind.startsWith('last_sale')) return 'last_sale_price';
  return kind.startsWith('assessed') ? 'assessed_value' : undefined;
}

/** A kind of price as a heading, and what it is in a few words. */
export function priceWords(kind: string): { title: string; note: string } {
  if (kind.startsWith('asking') || kind.startsWith('list'))
    return { title: 'Asking price', note: 'of the present listing' };
  if (kind === 'last_sale_indexed')
    return { title: 'Price reckoned with', note: 'last sale, carried to the score’s date' };
  if (kind === 'last_sale') return { title: 'Last sale', note: 'a closed sale is not an asking price' };
  if (kind.startsWith('assessed')) return { title: 'Assessed value', note: 'the county’s, for taxes' };
  if (kind === 'given') return { title: 'Your price', note: 'as you typed it' };
  return { title: 'Price', note: humanise(kind).toLowerCase() };
}
