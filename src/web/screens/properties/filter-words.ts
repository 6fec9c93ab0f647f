import { formatCount, formatDollarsShort, humanise } from '../../lib/format.ts';
import { placeName } from '../../lib/names.ts';
import { type ListFilter, RANGES, type RangeKey } from './search-params.ts';

/** What names stand for that the filter holds by code. */
export interface Names {
  county: (fips: string) => string;
  tag: (id: string) => string;
  /** Who reads it, by id. */
  me?: string | undefined;
}

/** A part of a filter in words, and the change that takes it away. */
export interface FilterChip {
  text: string;
  without: Partial<ListFilter>;
}

/** The filter in words, one part each. */
export function chipsOf(filter: ListFilter, names: Names): FilterChip[] {
  const chips: FilterChip[] = [];
  const add = (text: string, without: Partial<ListFilter>) => chips.push({ text, without });
  if (filter.q) add(`“${filter.q}”`, { q: undefined });
  if (filter.location) add(`In ${filter.location}`, { location: undefined });
  if (filter.county) add(names.county(filter.county), { county: undefined });
  if (filter.city) add(placeName(filter.city), { city: undefined });
  if (filter.state) add(filter.state, { state: undefined });
  if (filter.zip_code) add(`ZIP ${filter.zip_code}`, { zip_code: undefined });
  if (filter.status) add(humanise(filter.status), { status: undefined });
  if (filter.needs_review) add('A person should look', { needs_review: undefined });
  if (filter.assigned_to) {
    add(filter.assigned_to === names.me ? 'Assigned to me' : 'Assigned to a colleague', { assigned_to: undefined });
  }
  if (filter.unseen_by) {
    add(filter.unseen_by === names.me ? 'Not looked at yet' : 'Not looked at by a colleague', { unseen_by: undefined });
  }
  if (filter.property_type) add(filter.property_type, { property_type: undefined });
  for (const { key, label } of RANGES) {
    const low = filter[`min_${key}`];
    const high = filter[`max_${key}`];
    if (low === undefined && high === undefined) continue;
    add(`${label} ${rangeWords(key, low, high)}`, { [`min_${key}`]: undefined, [`max_${key}`]: undefined });
  }
  const tags = filter.tags?.split(',') ?? [];
  for (const id of tags) {
    add(`Tag ${names.tag(id)}`, { tags: tags.filter((one) => one !== id).join(',') || undefined });
  }
  if (filter.bbox) add('Map area', { bbox: undefined });
  return chips;
}

/** `$250K–$500K`, `at least 3`, `up to 1990`. */
export function rangeWords(key: RangeKey, low: number | undefined, high: number | undefined): string {
  const write = (value: number) =>
    key === 'price' ? formatDollarsShort(value) : key === 'year' ? String(value) : formatCount(value);
  if (low !== undefined && high !== undefined) return low === high ? write(low) : `${write(low)}–${write(high)}`;
  return low !== undefined ? `at least ${write(low)}` : `up to ${write(high ?? 0)}`;
}

/** A band of the price facet in words. */
export function bandWords(band: string): string {
  const [, low, high] = /^(\d+)-(\d*)$/.exec(band) ?? [];
  if (low === undefined) return 'No list price';
  if (!high) return `${formatDollarsShort(Number(low))} and more`;
  return low === '0'
    ? `Below ${formatDollarsShort(Number(high))}`
    : `${formatDollarsShort(Number(low))}–${formatDollarsShort(Number(high))}`;
}

/** Bands in the order of their prices; those without one last. */
export function byPrice<T extends { value: string }>(bands: readonly T[]): T[] {
  const start = ({ value }: T) => (/^\d/.test(value) ? Number.parseInt(value, 10) : Number.POSITIVE_INFINITY);
  return bands.toSorted((a, b) => start(a) - start(b));
}
