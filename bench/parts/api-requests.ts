import { readPropertyDetail } from '../../src/db/queries/property-detail.ts';
import { listProperties, type PropertyFilter, type PropertySort } from '../../src/db/queries/property-list.ts';
import { type PropertySearch, searchProperties } from '../../src/db/queries/property-search.ts';
import type { TenantTrx } from '../../src/db/tenant.ts';
import { CITIES, cityAt, countyOf, idOf, PREFIXES, SUFFIXES, TYPES, WORDS } from './api-seed.ts';

export type Kind = 'list' | 'detail' | 'search';

/** One request, and the queries that it comes to. */
export interface Ask {
  kind: Kind;
  /** Which of the kind's forms. */
  shape: string;
  path: string;
  bare(trx: TenantTrx): Promise<unknown>;
}

/** A draw from 0 to 1. */
export type Random = () => number;

/** Numbers that are the same in every run (a linear congruential generator, the constants of Numerical Recipes). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const LIMIT = 50;
const below = (random: Random, n: number) => Math.floor(random() * n);
const one = (list: readonly string[], random: Random) => list[below(random, list.length)]!;
const cityOf = (random: Random) => Math.floor(CITIES.length * random() ** 2);
const degrees = (value: number) => Math.round(value * 1e5) / 1e5;
const text = (values: Record<string, string | number | boolean>) =>
  new URLSearchParams(
    Object.entries(values).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();

type Wanted = { query: Record<string, string | number | boolean>; search: PropertySearch; sort?: PropertySort };

/** Every form of a search. Prices in dollars outside, in cents inside. */
export const SEARCHES: Readonly<Record<string, (random: Random) => Wanted>> = {
  everything: () => ({ query: {}, search: {} }),
  'words, owner': (random) =>
    words(one(SUFFIXES, random), `${one(PREFIXES, random)}${one(SUFFIXES, random)}`.toLowerCase()),
  'words, street': (random) =>
    words(`${one(PREFIXES, random)}${one(PREFIXES, random).toLowerCase()}`, one(WORDS, random)),
  'words, frequent': (random) => words(WORDS[below(random, 3)]!),
  'words and city': (random) => {
    const city = CITIES[cityOf(random)]!;
    const q = WORDS[4 + below(random, 12)]!;
    return { query: { q, city }, search: { q, city } };
  },
  'words and box': (random) => both(words(WORDS[below(random, 10)]!), box(random, 0.05)),
  'words by price': (random) => ({
    ...words(`${one(PREFIXES, random)}${one(PREFIXES, random).toLowerCase()}`),
    sort: 'list_price',
  }),
  'box, small': (random) => box(random, 0.01),
  'box, large': (random) => box(random, 0.1),
  'box by time': (random) => ({ ...box(random, 0.05), sort: '-updated_at' }),
  radius: (random) => {
    const { latitude, longitude } = near(random);
    const radiusMeters = 500 + below(random, 4_000);
    return {
      query: { near: `${latitude},${longitude}`, radius_m: radiusMeters },
      search: { circle: { latitude, longitude, radiusMeters } },
    };
  },
  polygon: (random) => {
    const { latitude, longitude } = near(random);
    const corners = [
      [0, 0],
      [0.05, 0.01],
      [0.04, 0.06],
      [-0.01, 0.05],
    ].map(([up, right]) => ({ latitude: degrees(latitude + up!), longitude: degrees(longitude + right!) }));
    return {
      query: { polygon: corners.map((at) => `${at.latitude},${at.longitude}`).join(';') },
      search: { polygon: corners },
    };
  },
  price: (random) => price(random),
  'price by price': (random) => ({ ...price(random), sort: '-list_price' }),
  size: (random) => {
    const minSqft = 700 + below(random, 3_000);
    return { query: { min_sqft: minSqft, max_sqft: minSqft + 100 }, search: { minSqft, maxSqft: minSqft + 100 } };
  },
  score: (random) => {
    const minScore = Math.round((50 + random() * 45) * 100) / 100;
    return { query: { min_score: minScore }, search: { minScore } };
  },
  city: (random) => {
    const city = CITIES[cityOf(random)]!;
    return { query: { city: city.toLowerCase() }, search: { city: city.toLowerCase() } };
  },
  'city, type, price, size': (random) => {
    const city = CITIES[cityOf(random)]!;
    const { query, search } = price(random);
    return both(
      { query, search },
      {
        query: { city, property_type: TYPES[0]!, min_sqft: 900 },
        search: { city, propertyType: TYPES[0], minSqft: 900 },
      },
    );
  },
  'ZIP code': (random) => {
    const zipCode = String(98000 + below(random, CITIES.length * 4));
    return { query: { zip_code: zipCode }, search: { zipCode } };
  },
  county: (random) => {
    const countyFips = countyOf(cityOf(random));
    return { query: { county: countyFips }, search: { countyFips } };
  },
  type: (random) => {
    const propertyType = TYPES[below(random, TYPES.length)]!;
    return { query: { property_type: propertyType }, search: { propertyType } };
  },
};

function words(...list: string[]): Wanted {
  const q = list.join(' ');
  return { query: { q }, search: { q } };
}

function near(random: Random): { latitude: number; longitude: number } {
  const { latitude, longitude } = cityAt(cityOf(random));
  return {
    latitude: degrees(latitude + (random() - 0.5) * 0.1),
    longitude: degrees(longitude + (random() - 0.5) * 0.1),
  };
}

function box(random: Random, half: number): Wanted {
  const { latitude, longitude } = near(random);
  const [west, south, east, north] = [longitude - half, latitude - half, longitude + half, latitude + half].map(
    degrees,
  ) as [number, number, number, number];
  return { query: { bbox: `${west},${south},${east},${north}` }, search: { box: { west, south, east, north } } };
}

function price(random: Random): Wanted {
  const low = 150_000 + below(random, 700_000);
  return {
    query: { min_price: low, max_price: low + 40_000 },
    search: { minPriceCents: low * 100, maxPriceCents: (low + 40_000) * 100 },
  };
}

const both = (one: Wanted, other: Wanted): Wanted => ({
  query: { ...one.query, ...other.query },
  search: { ...one.search, ...other.search },
});

/** A search with facets. `_` makes each one new to the kept answers. */
export function searchAsk(shape: string, random: Random, n: number): Ask {
  const { query, search, sort = '-bird_dog_score' } = SEARCHES[shape]!(random);
  return {
    kind: 'search',
    shape,
    path: `/api/v1/properties/search?${text({ ...query, sort, facets: true, limit: LIMIT, _: n })}`,
    async bare(trx) {
      await searchProperties(trx, search, { sort, after: undefined, limit: LIMIT + 1, withFacets: true });
    },
  };
}

const LISTS: readonly ((random: Random) => {
  query: Record<string, string | number>;
  filter: PropertyFilter;
  sort: PropertySort;
})[] = [
  () => ({ query: {}, filter: {}, sort: '-bird_dog_score' }),
  () => ({ query: {}, filter: {}, sort: '-updated_at' }),
  (random) => {
    const minScore = Math.round(random() * 90);
    return { query: { min_score: minScore }, filter: { minScore }, sort: '-bird_dog_score' };
  },
  (random) => {
    const city = CITIES[cityOf(random)]!;
    return { query: { city }, filter: { city }, sort: '-bird_dog_score' };
  },
  (random) => {
    const countyFips = countyOf(cityOf(random));
    return {
      query: { county: countyFips, status: 'scored' },
      filter: { countyFips, status: 'scored' },
      sort: '-bird_dog_score',
    };
  },
  (random) => {
    const low = 150_000 + below(random, 700_000);
    return {
      query: { min_price: low, max_price: low + 50_000 },
      filter: { minPriceCents: low * 100, maxPriceCents: (low + 50_000) * 100 },
      sort: 'list_price',
    };
  },
  (random) => {
    const zipCode = String(98000 + below(random, CITIES.length * 4));
    return {
      query: { zip_code: zipCode, property_type: TYPES[0]! },
      filter: { zipCode, propertyType: TYPES[0] },
      sort: '-updated_at',
    };
  },
  () => ({ query: { status: 'packet_ready' }, filter: { status: 'packet_ready' }, sort: '-bird_dog_score' }),
];

/** A first page of the list. */
export function listAsk(random: Random, n: number): Ask {
  const form = below(random, LISTS.length);
  const { query, filter, sort } = LISTS[form]!(random);
  return {
    kind: 'list',
    shape: `list ${Object.keys(query).join('+') || 'all'} ${sort}`,
    path: `/api/v1/properties?${text({ ...query, sort, limit: LIMIT, _: n })}`,
    bare: (trx) => listProperties(trx, filter, { sort, after: undefined, limit: LIMIT + 1 }),
  };
}

/** One property out of so many. */
export function detailAsk(random: Random, n: number, properties: number): Ask {
  const id = idOf(1 + below(random, properties));
  return {
    kind: 'detail',
    shape: 'detail',
    path: `/api/v1/properties/${id}?_=${n}`,
    bare: (trx) => readPropertyDetail(trx, id),
  };
}
