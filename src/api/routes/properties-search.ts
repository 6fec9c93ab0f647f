import { z } from '@hono/zod-openapi';
import { PROPERTY_SORTS, placeOf } from '../../db/queries/property-list.ts';
import {
  EXACT_COUNT,
  type FacetCount,
  listPoints,
  type PropertySearch,
  searchProperties,
} from '../../db/queries/property-search.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageQuery, readCursor, toPage } from '../kit/page.ts';
import { booleanQuery, id, numberQuery, text, wholeQuery } from '../kit/schemas.ts';
import { filterOf, findingOf, propertyFilterQuery, propertyFinding } from './properties-shapes.ts';
import { boxOf, clustersOf, cornersOf, degrees, place, wrong } from './search-places.ts';

const SQFT_PER_SQUARE_METER = 10.7639104167;

const BOX = text(200).openapi({ description: 'west,south,east,north in degrees', example: '-122.5,47.1,-121.0,47.8' });
const TAGS = text(2_000)
  .regex(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(,[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){0,49}$/i,
    'must be ids of 1 to 50 tags with commas between them',
  )
  .openapi({ description: 'Ids of tags, with commas between them: properties that have one of them' });
/** Everything a search can be narrowed by, as text of a query or values of a saved search. */
export const searchFields = {
  ...propertyFilterQuery,
  q: text(300)
    .optional()
    .openapi({ description: 'Words of address, owner, parcel number or remarks: `"corner lot" -pool`' }),
  location: text(100).optional().openapi({ description: 'A ZIP code, `City`, `City, ST` or a state’s two letters' }),
  min_sqm: numberQuery(0, 1e8).optional(),
  max_sqm: numberQuery(0, 1e8).optional(),
  min_bedrooms: numberQuery(0, 1e4).optional(),
  max_bedrooms: numberQuery(0, 1e4).optional(),
  min_year: wholeQuery(0, 9999).optional(),
  max_year: wholeQuery(0, 9999).optional(),
  tags: TAGS.optional(),
  needs_review: z.literal('true').optional().openapi({ description: 'Those alone that a person should look at' }),
  assigned_to: id.optional().openapi({ description: 'Id of a user: those that they look after and have not done' }),
  unseen_by: id.optional().openapi({ description: 'Id of a user: those that they have not marked as seen' }),
  bbox: BOX.optional(),
  near: text(100).optional().openapi({ description: 'latitude,longitude; with radius_m' }),
  radius_m: numberQuery(1, 200_000).optional(),
  polygon: text(4_000).optional().openapi({ description: 'latitude,longitude of each corner, between semicolons' }),
};
const searchQuery = z.object(searchFields);

/** Which page of a search's results, in which order, with or without counts. */
export const resultQuery = {
  ...pageQuery,
  facets: booleanQuery.default(false),
  sort: z.enum(PROPERTY_SORTS).default('-bird_dog_score'),
};

const facetCounts = z.array(z.object({ value: z.string(), count: z.number().int() }));
/** The answer of a search. */
export const found = z
  .object({
    properties: z.array(propertyFinding),
    total_count: z.number().int(),
    total_count_is_estimate: z.boolean(),
    query_time: z.number().openapi({ description: 'Milliseconds in the database' }),
    facets: z
      .object({ status: facetCounts, property_type: facetCounts, city: facetCounts, price_band: facetCounts })
      .optional()
      .openapi({ description: `Counts among ${EXACT_COUNT + 1} that fit at most, fewer where very many do` }),
    next_cursor: z.string().nullable(),
  })
  .openapi('PropertySearchResult');

const map = z
  .object({
    points: z.array(
      z.object({
        id,
        latitude: z.number(),
        longitude: z.number(),
        status: z.string(),
        bird_dog_score: z.number().nullable(),
        address: z.string().nullable(),
        apn: z.string().nullable(),
      }),
    ),
    clusters: z.array(z.object({ latitude: z.number(), longitude: z.number(), count: z.number().int() })),
    is_sampled: z.boolean().openapi({ description: `Whether the clusters count the first ${EXACT_COUNT} alone` }),
  })
  .openapi('PropertyMap');

/** `/api/v1/properties/search` and `/api/v1/properties/map`. */
export function propertySearchEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/properties/search',
        operationId: 'searchProperties',
        tag: 'Properties',
        summary: 'Search by words, place and ranges, with counts by facet',
        permission: 'properties:read',
        query: z.object({ ...searchFields, ...resultQuery }),
        answer: found,
        isPlainRead: true,
        cache: 'list',
      },
      ({ trx, query }) => answerSearch(trx, searchOf(query), query),
    ),
    endpoint(
      {
        method: 'get',
        path: '/api/v1/properties/map',
        operationId: 'mapProperties',
        tag: 'Properties',
        summary: 'Points in a box, or clusters of them when there are too many',
        permission: 'properties:read',
        query: z.object({ ...searchFields, bbox: BOX, limit: wholeQuery(1, 2_000).default(500) }),
        answer: map,
        isPlainRead: true,
        cache: 'list',
      },
      async ({ trx, query }) => {
        const search = searchOf(query);
        const points = await listPoints(trx, search, query.limit + 1);
        if (points.length <= query.limit) {
          const shown = points.map(({ birdDogScore, ...point }) => ({ ...point, bird_dog_score: birdDogScore }));
          return { points: shown, clusters: [], is_sampled: false };
        }
        const many = await listPoints(trx, search, EXACT_COUNT + 1);
        return { points: [], clusters: clustersOf(many, search.box!), is_sampled: many.length > EXACT_COUNT };
      },
    ),
  ];
}

const resultObject = z.object(resultQuery);

/** One page of a search, as the search route and saved searches answer it. */
export async function answerSearch(
  trx: TenantTrx,
  search: PropertySearch,
  page: z.output<typeof resultObject>,
): Promise<z.input<typeof found>> {
  const { sort, limit } = page;
  const started = performance.now();
  const after = placeOf(sort, readCursor(sort, page.cursor, 2));
  const { rows, ...total } = await searchProperties(trx, search, {
    sort,
    after,
    limit: limit + 1,
    withFacets: page.facets,
  });
  const shown = toPage(rows, limit, sort, (row) => [row.sortKey, row.id], findingOf);
  return {
    properties: shown.items,
    total_count: total.count,
    total_count_is_estimate: total.isEstimate,
    query_time: Math.round((performance.now() - started) * 10) / 10,
    facets: page.facets ? facetsOf(total.facets) : undefined,
    next_cursor: shown.next_cursor,
  };
}

/** The search that a query asks for. @throws ReosError `validation` for a place that is none */
export function searchOf(query: z.output<typeof searchQuery>): PropertySearch {
  const sqft = (meters: number | undefined) => (meters === undefined ? undefined : meters * SQFT_PER_SQUARE_METER);
  const filter = filterOf(query);
  if ((query.near === undefined) !== (query.radius_m === undefined)) {
    throw wrong(query.near === undefined ? 'near' : 'radius_m', 'near and radius_m belong together');
  }
  const [latitude, longitude] = query.near === undefined ? [] : degrees('near', query.near, 2);
  return {
    ...filter,
    ...locationOf(query.location),
    minSqft: filter.minSqft ?? sqft(query.min_sqm),
    maxSqft: filter.maxSqft ?? sqft(query.max_sqm),
    q: query.q,
    minBedrooms: query.min_bedrooms,
    maxBedrooms: query.max_bedrooms,
    minYear: query.min_year,
    maxYear: query.max_year,
    needsReview: query.needs_review === undefined ? undefined : true,
    assignedTo: query.assigned_to,
    unseenBy: query.unseen_by,
    tagIds: query.tags?.toLowerCase().split(','),
    box: query.bbox === undefined ? undefined : boxOf(query.bbox),
    circle:
      latitude === undefined || longitude === undefined
        ? undefined
        : { ...place('near', latitude, longitude), radiusMeters: query.radius_m! },
    polygon: query.polygon === undefined ? undefined : cornersOf(query.polygon),
  };
}

function locationOf(location: string | undefined): Pick<PropertySearch, 'city' | 'state' | 'zipCode'> {
  const words = location?.trim() ?? '';
  if (words === '') return {};
  if (/^\d{5}(-\d{4})?$/.test(words)) return { zipCode: words };
  if (/^[a-z]{2}$/i.test(words)) return { state: words.toUpperCase() };
  const [, city, state] = /^(.+?),\s*([a-z]{2})$/i.exec(words) ?? [];
  return city === undefined ? { city: words } : { city, state: state!.toUpperCase() };
}

function facetsOf(rows: readonly FacetCount[]) {
  const of = (facet: string) => rows.filter((row) => row.facet === facet).map(({ value, count }) => ({ value, count }));
  return {
    status: of('status'),
    property_type: of('property_type'),
    city: of('city'),
    price_band: of('price_band'),
  };
}
