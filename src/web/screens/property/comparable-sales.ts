/** A sale beside the property. Money in dollars. */
export interface Sale {
  property_id: string;
  address: string | null;
  apn: string | null;
  latitude: number | null;
  longitude: number | null;
  distance_metres: number | null;
  close_date: string;
  close_price: number;
  sqft: number | null;
  bedrooms: number | null;
  bathrooms: number | null;
  year_built: number | null;
  condition: number | null;
  similarity: number | null;
  reasons: Array<{ code: string; message: string }>;
  /** Of those that take part. */
  weight?: number;
  adjusted_price?: number;
  adjustments?: Record<string, number>;
  is_by_hand?: boolean;
}

/** The sales under a choice, and the value that they give. */
export interface Comparison {
  as_of_note: string;
  limits: { radius_miles: number; months: number; sqft_tolerance: number };
  steps_widened: string[];
  value: number | null;
  value_low: number | null;
  value_high: number | null;
  confidence: number | null;
  why_not: string | null;
  included: Sale[];
  excluded: Sale[];
  excluded_counts: Record<string, number>;
}

/** A sale in the table: whether it takes part, and whether the rules alone would have it. */
export interface SaleRow extends Sale {
  isIn: boolean;
  isByRules: boolean;
  /** A sale of the house itself proves nothing about it. */
  isOwn: boolean;
}

/**
 * Every sale of either answer once, in the order of the rules' own choice, so that no row jumps away from the pointer
 * when it is taken in or left out.
 */
export function saleRows(rules: Comparison, chosen: Comparison): SaleRow[] {
  const present = new Map<string, { sale: Sale; isIn: boolean }>();
  for (const sale of chosen.excluded) present.set(keyOf(sale), { sale, isIn: false });
  for (const sale of chosen.included) present.set(keyOf(sale), { sale, isIn: true });
  const byRules = new Set(rules.included.map(keyOf));
  const order = [...rules.included, ...rules.excluded, ...chosen.included, ...chosen.excluded];
  const rows = new Map<string, SaleRow>();
  for (const sale of order) {
    const key = keyOf(sale);
    const now = present.get(key);
    if (rows.has(key)) continue;
    rows.set(key, {
      ...(now?.sale ?? { ...sale, reasons: sale.reasons }),
      isIn: now?.isIn ?? false,
      isByRules: byRules.has(key),
      isOwn: sale.reasons.some(({ code }) => code === 'own_sale'),
    });
  }
  return [...rows.values()];
}

/** Names a row: a property may have several sales. */
export function keyOf({ property_id: id, close_date: date }: Pick<Sale, 'property_id' | 'close_date'>): string {
  return `${id}/${date}`;
}

/** How many sales were left out for each reason and are not listed: `16 too far, 12 too large`. */
export function countsInWords(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([code, count]) => count > 0 && code !== 'own_sale')
    .sort(([, a], [, b]) => b - a)
    .map(([code, count]) => `${count} ${code.replace(/_/g, ' ')}`)
    .join(', ');
}
