import type { components } from '../../../sdk/schema.ts';
import { formatAgo, formatCount, formatDollarsShort, formatNumber } from '../../lib/format.ts';
import { streetName } from '../../lib/names.ts';

/** A property of the list. */
export type Row = components['schemas']['PropertyFinding'];

/** What a row is called: its address, or its parcel number where it has none. */
export function nameOf(row: Pick<Row, 'address' | 'unit' | 'apn'>): string {
  if (row.address) return [streetName(row.address), row.unit].filter(Boolean).join(', ');
  return row.apn ? `Parcel ${row.apn}` : 'No address or parcel number';
}

/** `3 bd · 1.75 ba · 1,720 sq ft · 1978`, of what is known. */
export function factsOf(row: Pick<Row, 'bedrooms' | 'bathrooms' | 'sqft' | 'year_built'>): string {
  const facts = [
    row.bedrooms === null ? null : `${formatNumber(row.bedrooms, 1)} bd`,
    row.bathrooms === null ? null : `${formatNumber(row.bathrooms, 2)} ba`,
    row.sqft === null ? null : `${formatCount(Math.round(row.sqft))} sq ft`,
    row.year_built === null ? null : String(row.year_built),
  ];
  return facts.filter((one) => one !== null).join(' · ');
}

/** `3 bd 1.75 ba 1,720 sf`, for little room. */
export function shortFactsOf(row: Pick<Row, 'bedrooms' | 'bathrooms' | 'sqft'>): string {
  return factsOf({ ...row, year_built: null })
    .replaceAll(' · ', ' ')
    .replace(' sq ft', ' sf');
}

/** `17 h ago`, for little room. */
export function shortAgo(iso: string, now: number = Date.now()): string {
  return formatAgo(iso, now).replace(/(\d+) (month|minute|second|hour|day|year)s?/, (_, count, unit: string) =>
    unit === 'month' ? `${count} mo` : unit === 'minute' ? `${count} min` : `${count} ${unit[0]}`,
  );
}

/** The 80% interval of the value: its ends, and half its width as a share of the value; null where there is none. */
export function intervalOf(row: Pick<Row, 'estimated_value' | 'value_low' | 'value_high'>) {
  const { estimated_value: value, value_low: low, value_high: high } = row;
  if (value === null || value <= 0 || low === null || high === null || high < low) return null;
  return {
    text: `${formatDollarsShort(low)}–${formatDollarsShort(high)}`,
    halfWidth: (high - low) / 2 / value,
  };
}

/** Price against value: -0.2 is 20% below; null where one is unknown. */
export function priceGap(row: Pick<Row, 'list_price' | 'estimated_value'>): number | null {
  const { list_price: price, estimated_value: value } = row;
  return price === null || value === null || value <= 0 ? null : price / value - 1;
}
