import type { operations } from '../../../sdk/schema.ts';
import { boxText, readBox } from '../../ui/map/view.ts';

type SearchQuery = NonNullable<operations['searchProperties']['parameters']['query']>;
export type ListSort = NonNullable<SearchQuery['sort']>;
export type Status = NonNullable<SearchQuery['status']>;

/** What the list is narrowed by: names and units of the API's search. Tags are ids with commas between them. */
export type ListFilter = Pick<
  SearchQuery,
  | 'q'
  | 'location'
  | 'county'
  | 'city'
  | 'state'
  | 'zip_code'
  | 'status'
  | 'property_type'
  | 'tags'
  | 'needs_review'
  | 'assigned_to'
  | 'unseen_by'
  | 'bbox'
> & { [K in RangeName]?: number };

/** What the address says of the screen. */
export interface ListState {
  filter: ListFilter;
  sort: ListSort;
  /** What is looked for by meaning, in plain words; then there is no sort. */
  meaning?: string;
  view: 'both' | 'list' | 'map';
  /** The property whose detail is open beside the list. */
  property?: string;
  /** The part of it that is looked at: `memo`, `comparables`… */
  at?: string;
  /** The saved search that was opened. */
  saved?: string;
}

export const SORTS: ReadonlyArray<{ value: ListSort; text: string }> = [
  { value: '-bird_dog_score', text: 'Best score' },
  { value: '-updated_at', text: 'Newest change' },
  { value: 'list_price', text: 'Lowest price' },
  { value: '-list_price', text: 'Highest price' },
];
export const STATUSES: readonly Status[] = [
  'new',
  'ready',
  'enriched',
  'scored',
  'packet_ready',
  'contacted',
  'engaged',
  'closed',
  'failed',
  'suppressed',
];
/** Ranges: their names, units and the most the API takes. */
export const RANGES = [
  { key: 'price', label: 'List price', unit: '$', most: 1e12, step: 10_000 },
  { key: 'score', label: 'Score', unit: '0–100', most: 100, step: 1 },
  { key: 'bedrooms', label: 'Bedrooms', unit: '', most: 1e4, step: 1 },
  { key: 'sqft', label: 'Living area', unit: 'sq ft', most: 1e9, step: 50 },
  { key: 'year', label: 'Year built', unit: '', most: 9999, step: 1 },
] as const;
export type RangeKey = (typeof RANGES)[number]['key'];
export type RangeName = `${'min' | 'max'}_${RangeKey}`;

const WORDS = [
  ['q', 300],
  ['location', 100],
  ['city', 100],
  ['state', 50],
  ['zip_code', 20],
  ['property_type', 100],
] as const;
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const ONE_ID = new RegExp(`^${UUID}$`, 'i');
const TAGS = new RegExp(`^${UUID}(?:,${UUID}){0,49}$`, 'i');
const DEFAULT_SORT: ListSort = '-bird_dog_score';

/** The state that an address holds. What is not understood is left out, so that an old link still opens. */
export function readParams(search: Readonly<Record<string, unknown>>): ListState {
  const filter: ListFilter = {};
  for (const [name, most] of WORDS) {
    const text = textOf(search[name], most);
    if (text !== undefined) filter[name] = text;
  }
  const county = textOf(search.county, 5);
  if (county !== undefined && /^\d{5}$/.test(county)) filter.county = county;
  const status = STATUSES.find((one) => one === search.status);
  if (status !== undefined) filter.status = status;
  const tags = textOf(search.tags, 2_000);
  if (tags !== undefined && TAGS.test(tags)) filter.tags = tags.toLowerCase();
  if (String(search.needs_review) === 'true') filter.needs_review = 'true';
  for (const name of ['assigned_to', 'unseen_by'] as const) {
    const user = textOf(search[name], 36);
    if (user !== undefined && ONE_ID.test(user)) filter[name] = user.toLowerCase();
  }
  const box = readBox(textOf(search.bbox, 200));
  if (box !== null) filter.bbox = boxText(box);
  for (const { key, most } of RANGES) {
    for (const end of ['min', 'max'] as const) {
      const value = numberOf(search[`${end}_${key}`], most);
      if (value !== undefined) filter[`${end}_${key}`] = key === 'year' ? Math.round(value) : value;
    }
  }
  const state: ListState = {
    filter,
    sort: SORTS.find(({ value }) => value === search.sort)?.value ?? DEFAULT_SORT,
    view: search.view === 'list' || search.view === 'map' ? search.view : 'both',
  };
  const meaning = textOf(search.meaning, 500);
  if (meaning !== undefined) state.meaning = meaning;
  const at = textOf(search.at, 30);
  if (at !== undefined && /^[a-z]+$/.test(at)) state.at = at;
  for (const name of ['property', 'saved'] as const) {
    const value = textOf(search[name], 36);
    if (value !== undefined && ONE_ID.test(value)) state[name] = value.toLowerCase();
  }
  return state;
}

/** The address of a state: nothing that is as it would be anyway. */
export function writeParams(state: ListState): Record<string, string | number | boolean> {
  const params: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(state.filter)) {
    if (value !== undefined && value !== '') params[name] = value;
  }
  if (state.filter.needs_review) params.needs_review = true;
  if (state.sort !== DEFAULT_SORT) params.sort = state.sort;
  if (state.meaning) params.meaning = state.meaning;
  if (state.view !== 'both') params.view = state.view;
  if (state.property) params.property = state.property;
  if (state.property && state.at) params.at = state.at;
  if (state.saved) params.saved = state.saved;
  return params;
}

/** Whether the address names a saved search and nothing else: its filter is to be fetched. */
export function isOnlySaved({ saved, filter, sort, meaning }: ListState): boolean {
  return saved !== undefined && countFilters(filter) === 0 && sort === DEFAULT_SORT && meaning === undefined;
}

/** What is kept of a list under a name: its filter, and the order or meaning that it was looked at in. */
export function savedFilter({ filter, sort, meaning }: Pick<ListState, 'filter' | 'sort' | 'meaning'>) {
  return { ...filter, ...(sort !== DEFAULT_SORT && { sort }), ...(meaning && { meaning }) };
}

/** One and the same text for filters that mean the same: the key of lists and maps. */
export function filterKey(filter: ListFilter): string {
  const entries = Object.entries(filter).filter(([, value]) => value !== undefined && value !== '');
  return JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** How many filters are set; a range counts once. */
export function countFilters(filter: ListFilter): number {
  const names = Object.entries(filter)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name]) => name.replace(/^(min|max)_/, ''));
  return new Set(names).size;
}

/** The filter with some of it changed; `undefined` takes a part away. */
export function changed(filter: ListFilter, change: Partial<ListFilter>): ListFilter {
  const entries = Object.entries({ ...filter, ...change });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== '')) as ListFilter;
}

/** The prices of a band of the facets (`250000-500000`, `1000000-`); null for `none`: no filter finds that. */
export function bandPrices(band: string): Pick<ListFilter, 'min_price' | 'max_price'> | null {
  const [, low, high] = /^(\d+)-(\d*)$/.exec(band) ?? [];
  if (low === undefined) return null;
  return {
    min_price: low === '0' ? undefined : Number(low),
    // A band ends before the price at which the next begins.
    max_price: high ? Number(high) - 1 : undefined,
  };
}

function textOf(value: unknown, most: number): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  return text === '' || text.length > most ? undefined : text;
}

function numberOf(value: unknown, most: number): number | undefined {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
  const number = isNumber ? Number(value) : Number.NaN;
  return Number.isFinite(number) && number >= 0 && number <= most ? number : undefined;
}
