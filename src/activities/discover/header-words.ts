import type { ValueUnit } from './recipe-schema.ts';

/** 'Sale Price', ' SALE PRICE ', 'sale_price' and 'salePrice' are one name. */
export function normaliseHeader(header: string): string {
  return header
    .replaceAll('²', '2')
    .replace(/ß/g, 'ss')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

/** Words of a header that name a unit; null for a currency or a word that only says "amount". */
const UNIT_WORDS: Readonly<Record<string, ValueUnit | null>> = {
  m2: 'sqm',
  mt2: 'sqm',
  mq: 'sqm',
  qm: 'sqm',
  sqm: 'sqm',
  sqmt: 'sqm',
  sqmtr: 'sqm',
  meters: 'sqm',
  metres: 'sqm',
  squaremeters: 'sqm',
  squaremetres: 'sqm',
  acre: 'acres',
  acres: 'acres',
  ac: 'acres',
  ha: 'hectares',
  hectare: 'hectares',
  hectares: 'hectares',
  sqft: 'sqft',
  sf: 'sqft',
  ft2: 'sqft',
  sft: 'sqft',
  squarefeet: 'sqft',
  k: 'thousands',
  thousand: 'thousands',
  thousands: 'thousands',
  '000': 'thousands',
  '000s': 'thousands',
  '1000s': 'thousands',
  million: 'millions',
  millions: 'millions',
  mio: 'millions',
  mm: 'millions',
  usd: null,
  aud: null,
  gbp: null,
  eur: null,
  brl: null,
  cad: null,
  nzd: null,
  dollars: null,
  in: null,
  of: null,
};

/** Two words that name one unit. */
const PAIRS: Readonly<Record<string, string>> = {
  'sq ft': 'sqft',
  'sq feet': 'sqft',
  'square feet': 'sqft',
  'square ft': 'sqft',
  'sq m': 'sqm',
  'sq mt': 'sqm',
  'sq meters': 'sqm',
  'sq metres': 'sqm',
  'square meters': 'sqm',
  'square metres': 'sqm',
  'square meter': 'sqm',
  'sq mtrs': 'sqm',
};

/** The words of a header: split at everything that is no letter or digit, and where a capital follows a small letter. */
export function headerWords(header: string): string[] {
  return header
    .replaceAll('²', '2')
    .replace(/ß/g, 'ss')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/**
 * A header taken apart into a unit and the rest: `Lot Size (Acres)` is `lotsize` (words `lot size`) in acres, `price_usd`
 * is `price`. Null when no word names a unit or nothing else is left.
 */
export function headerUnit(header: string): { unit: ValueUnit | null; rest: string; restWords: string } | null {
  const words = headerWords(header);
  let unit: ValueUnit | null = null;
  let seen = false;
  const rest: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const pair = PAIRS[`${words[i]} ${words[i + 1] ?? ''}`];
    const word = pair ?? words[i] ?? '';
    if (pair !== undefined) i += 1;
    if (word in UNIT_WORDS) {
      seen = true;
      unit = UNIT_WORDS[word] ?? unit;
    } else rest.push(word);
  }
  return seen && rest.length > 0 ? { unit, rest: rest.join(''), restWords: rest.join(' ') } : null;
}
