import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listProperties, PROPERTY_SORTS } from '../../../src/db/queries/property-list.ts';
import {
  listPoints,
  type PropertySearch,
  searchProperties,
  wantedOf,
} from '../../../src/db/queries/property-search.ts';
import { type TenantTrx, withTenant } from '../../../src/db/tenant.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';

const ROWS = 12_000;

interface Found {
  properties: { id: string; city: string }[];
  total_count: number;
  total_count_is_estimate: boolean;
  facets?: Record<string, { value: string; count: number }[]>;
  next_cursor: string | null;
}

let api: TestApi;
let other: string;
beforeAll(async () => {
  api = await createTestApi();
  other = await api.addTenant('other');
  // A grid of 100 by 120 over a tenth of a degree. One in 400 has an orchard, one in 300 lies in Fall City. The other tenant
  // has a quarter as many, so that most rows are the first one's.
  for (const [tenant, count] of [
    [api.database.tenantId, ROWS],
    [other, 0.8 * ROWS],
  ]) {
    await api.database.query(
      `insert into properties (tenant_id, id, county_fips, status, address, city, state, zip_code, property_type, sqft, bedrooms,
         year_built, latitude, longitude, list_price_cents, bird_dog_score, public_remarks, updated_at)
       select $1, gen_random_uuid(), '53033', case when n % 10 = 0 then 'ready' else 'scored' end, n || ' Lake St',
         case when n % 300 = 0 then 'Fall City' else 'Seattle' end, 'WA', (98000 + n % 200)::text,
         case when n % 2 = 0 then 'Residential' else 'Land' end, 500 + n, n % 6, 1900 + n % 120,
         47 + (n / 100) / 1000.0, -122 + (n % 100) / 1000.0, n * 10000, (n * 37 % 1000) / 10.0,
         case when n % 400 = 0 then 'An old orchard behind the house' else 'House' end, now() - n * interval '1 minute'
       from generate_series(1, $2) n`,
      [tenant, count],
    );
  }
  await api.database.query('vacuum analyze properties');
});
afterAll(() => api.close());

async function search(query: string): Promise<Found> {
  const viewer = await api.as('viewer');
  const answer = await viewer('GET', `/api/v1/properties/search?${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as Found;
}

describe('search', () => {
  it('finds words of one tenant alone', async () => {
    expect(await search('q=orchards')).toMatchObject({ total_count: 30, total_count_is_estimate: false });
    expect(await search('q="old orchard" -house')).toMatchObject({ total_count: 0, properties: [] });
    expect((await search(`q=${other}`)).total_count).toBe(0);
    expect((await search('q=-house -garden')).total_count).toBe(0);
    // Whose rows are few finds them by a word of its own, whose are most by the words alone.
    const both = await Promise.all(
      [api.database.tenantId, other].map(async (tenant) => {
        const [row] = await api.database.query<{ wanted: object }>(
          `select narrowed_search($1, '{"q": "orchards"}') as wanted`,
          [tenant],
        );
        const wanted = { sort: '-bird_dog_score', after: undefined, limit: 50, withFacets: true } as const;
        const { count, facets } = await withTenant(api.database.db, tenant, (trx) =>
          searchProperties(trx, { q: 'orchards' }, wanted),
        );
        const inCities = facets.filter(({ facet }) => facet === 'city').reduce((sum, each) => sum + each.count, 0);
        return [row?.wanted, count, inCities];
      }),
    );
    expect(both).toEqual([
      [{ q_of_all: 'orchards' }, 30, 30],
      [{ q: 'orchards' }, 24, 24],
    ]);
  });

  it('says of each what its newest score says, and whether a simulator made something up', async () => {
    const rows = await api.database.query<{ id: string }>(
      `update properties set apn = '0203101370', field_sources = '{"city": {"simulated": true}, "apn": {"simulated": false}}'
       where tenant_id = $1 and list_price_cents = 110000000 returning id`,
      [api.database.tenantId],
    );
    for (const [minutes, label] of [
      [9, 'An older reason'],
      [1, 'Below what it is worth'],
    ]) {
      await api.database.query(
        `insert into property_scores (tenant_id, property_id, bird_dog_score, investment_score, risk_score, confidence,
           value_low_cents, value_high_cents, as_of, score_components, reasons, features_used, weights_version,
           model_version, inputs_hash, scored_at)
         values ($1, $2, 80, 80, 10, 0.6, 29000000, 40000000, '2026-01-01', '[]',
           jsonb_build_array(jsonb_build_object('label', $4::text)), '{}', 'w', 'm', 'h', now() - $3 * interval '1 minute')`,
        [api.database.tenantId, rows[0]!.id, minutes, label],
      );
    }
    expect((await search('q="11000 Lake"')).properties).toEqual([
      expect.objectContaining({
        apn: '0203101370',
        value_low: 290_000,
        value_high: 400_000,
        score_confidence: 0.6,
        top_reason: 'Below what it is worth',
        simulated_fields: 1,
      }),
    ]);
    const [bare] = (await search('q="11001 Lake"')).properties;
    expect(bare).toMatchObject({ top_reason: null, score_confidence: null, simulated_fields: 0 });
  });

  it('finds by place', async () => {
    expect((await search('bbox=-122,47,-121.9905,47.0095')).total_count).toBe(99);
    expect((await search('near=47.06,-121.95&radius_m=150')).total_count).toBe(9);
    expect((await search('polygon=47,-122;47.0055,-122;47,-121.9945')).total_count).toBeGreaterThan(10);
    expect((await search('location=98007')).total_count).toBe(60);
    expect((await search('location=fall city, wa')).total_count).toBe(40);
  });

  it('finds by ranges, and pages through all of it', async () => {
    expect((await search('min_sqft=501&max_sqft=600&min_bedrooms=5&property_type=Land')).total_count).toBe(16);
    expect((await search('min_sqm=46.5&max_sqm=47')).total_count).toBeGreaterThan(3);
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Found = await search(`q=orchard&limit=7${cursor === null ? '' : `&cursor=${cursor}`}`);
      ids.push(...page.properties.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect([ids.length, new Set(ids).size]).toEqual([30, 30]);
  });

  it('counts exactly to 10,000, then estimates; facets beside', async () => {
    const all = await search('facets=true&limit=1');
    expect(all.total_count_is_estimate).toBe(true);
    expect(Math.abs(all.total_count - ROWS)).toBeLessThan(ROWS * 0.1);
    const fall = await search('location=Fall City&facets=true');
    expect(fall.facets).toMatchObject({
      status: [{ value: 'ready', count: 40 }],
      city: [{ value: 'Fall City', count: 40 }],
    });
    expect(fall.facets?.price_band?.reduce((sum, { count }) => sum + count, 0)).toBe(40);
  });

  it('finds by tags, those of others as unknown ones', async () => {
    const tag = async (tenant: string, name: string, every: number) => {
      const [row] = await api.database.query<{ id: string }>(
        'insert into tags (tenant_id, name) values ($1, $2) returning id',
        [tenant, name],
      );
      await api.database.query(
        `insert into property_tags (tenant_id, property_id, tag_id, created_by)
         select tenant_id, id, $2, 'test' from properties where tenant_id = $1 and sqft - 500 <= $3`,
        [tenant, row!.id, every],
      );
      return row!.id;
    };
    const [hot, cold, foreign] = [
      await tag(api.database.tenantId, 'hot', 30),
      await tag(api.database.tenantId, 'cold', 5),
      await tag(other, 'hot', 30),
    ];
    expect((await search(`tags=${hot}`)).total_count).toBe(30);
    expect((await search(`tags=${hot},${cold}&property_type=Land&facets=true`)).facets).toMatchObject({
      property_type: [{ value: 'Land', count: 15 }],
    });
    expect(await search(`tags=${foreign}&facets=true`)).toMatchObject({ total_count: 0, properties: [] });
    const viewer = await api.as('viewer');
    expect((await viewer('GET', '/api/v1/properties/search?tags=hot')).status).toBe(400);
    const wanted = { tagIds: [cold] };
    const page = { sort: '-bird_dog_score', after: undefined, limit: 51, withFacets: true } as const;
    const used = await usedBy((trx) => searchProperties(trx, wanted, page));
    expect(used.walked).toBe(0);
  });

  it('maps points, or clusters of too many', async () => {
    const viewer = await api.as('viewer');
    const few = (await viewer('GET', '/api/v1/properties/map?bbox=-122,47,-121.9955,47.0045')).body as {
      points: object[];
    };
    expect(few.points).toHaveLength(24);
    const many = (await viewer('GET', '/api/v1/properties/map?bbox=-122,47,-121.9,47.05')).body as {
      clusters: { count: number }[];
    };
    expect(many.clusters.reduce((sum, { count }) => sum + count, 0)).toBe(5099);
  });

  it('names the field of a place that is none', async () => {
    const viewer = await api.as('viewer');
    for (const [query, field] of [
      ['bbox=1,2,3', 'bbox'],
      ['bbox=10,50,5,60', 'bbox'],
      ['near=47,-122', 'radius_m'],
      ['near=95,0&radius_m=5', 'near'],
      ['polygon=1,1;2,2', 'polygon'],
    ]) {
      const answer = await viewer('GET', `/api/v1/properties/search?${query}`);
      expect([answer.status, answer.text.includes(`${field}:`)], query).toEqual([400, true]);
    }
  });
});

/** How often the work walked the whole table, and which of its indexes it used: the plans that ran, those inside functions too. */
async function usedBy(work: (trx: TenantTrx) => Promise<unknown>): Promise<{ walked: number; indexes: string[] }> {
  return withTenant(api.database.db, api.database.tenantId, async (trx) => {
    // A connection's counters go on from one transaction to the next.
    const counters = async () => {
      const { rows } = await sql<{ name: string; scans: number }>`
        select indexrelid::regclass::text as name, pg_stat_get_xact_numscans(indexrelid) as scans from pg_index
        where indrelid = 'properties'::regclass
        union all select 'walked', pg_stat_get_xact_numscans('properties'::regclass)`.execute(trx.db);
      return new Map(rows.map(({ name, scans }) => [name, scans]));
    };
    const before = await counters();
    await work(trx);
    const used = [...(await counters())].filter(([name, scans]) => scans > (before.get(name) ?? 0));
    const indexes = used.flatMap(([name]) => (name === 'walked' ? [] : [name])).sort();
    return { walked: used.length - indexes.length, indexes };
  });
}

describe('a page of a search', () => {
  interface Row {
    id: string;
    city: string;
    zip: string;
    price: string;
    latitude: number;
    longitude: number;
    remarks: string;
    score: number;
    updated: string;
  }
  const BOX = { west: -121.98, south: 47.01, east: -121.95, north: 47.05 };
  const parts: [PropertySearch, (row: Row) => boolean][][] = [
    [
      [{}, () => true],
      [{ q: 'orchard' }, ({ remarks }) => remarks.includes('orchard')],
      [{ q: 'lake house' }, () => true],
      [{ q: 'house -old' }, ({ remarks }) => !remarks.includes('old')],
    ],
    [
      [{}, () => true],
      [{ city: 'fall city' }, ({ city }) => city === 'Fall City'],
      [{ zipCode: '98100' }, ({ zip }) => zip === '98100'],
      [
        { box: BOX },
        ({ latitude, longitude }) =>
          latitude >= BOX.south && latitude <= BOX.north && longitude >= BOX.west && longitude <= BOX.east,
      ],
    ],
    [
      [{}, () => true],
      [{ minPriceCents: 30_000_000 }, ({ price }) => Number(price) >= 30_000_000],
    ],
  ];
  const orders: Record<string, (row: Row) => number | string> = {
    '-bird_dog_score': ({ score }) => score,
    '-updated_at': ({ updated }) => updated,
    list_price: ({ price }) => Number(price),
    '-list_price': ({ price }) => Number(price),
  };

  it('holds what it should, whether all that fits was looked up or the order was followed', async () => {
    const rows = await api.database.query<Row & Record<string, unknown>>(
      `select id, city, zip_code as zip, list_price_cents as price, latitude, longitude, public_remarks as remarks,
         bird_dog_score as score, updated_at::text as updated from properties where tenant_id = $1`,
      [api.database.tenantId],
    );
    const forms = parts[0]!.flatMap((words) =>
      parts[1]!.flatMap((place) => parts[2]!.map((price) => [words, place, price] as const)),
    );
    await withTenant(api.database.db, api.database.tenantId, async (trx) => {
      for (const [at, form] of forms.entries()) {
        const wanted: PropertySearch = Object.assign({}, ...form.map(([search]) => search));
        const fitting = rows.filter((row) => form.every(([, fits]) => fits(row)));
        for (const [n, [sort, keyOf]] of Object.entries(orders).entries()) {
          const down = sort.startsWith('-') ? -1 : 1;
          const compare = (a: Row, b: Row) => {
            const [x, y] = [keyOf(a), keyOf(b)];
            return down * (x < y ? -1 : x > y ? 1 : a.id < b.id ? -1 : 1);
          };
          const sorted = [...fitting].sort(compare);
          const after = n % 2 === 0 ? undefined : sorted[Math.floor(sorted.length / 3)];
          const expected = sorted.slice(after === undefined ? 0 : sorted.indexOf(after) + 1).slice(0, 7);
          for (const most of [2, 40, 1_500, 20_000]) {
            const { rows: found } = await sql<{ facet: string; value: string; count: number }>`
              select facet, value, count from search_properties(${JSON.stringify(wantedOf(wanted))}::jsonb, ${sort}::text,
                ${after === undefined ? null : String(keyOf(after))}::text, ${after?.id ?? null}::uuid, 7, ${most}::int, true)`.execute(
              trx.db,
            );
            const ids = found.filter(({ facet }) => facet === 'id').sort((a, b) => a.count - b.count);
            const what = `${at} ${JSON.stringify(wanted)} ${sort} ${most}`;
            expect([what, ...ids.map(({ value }) => value)]).toEqual([what, ...expected.map(({ id }) => id)]);
            const total = found.find(({ facet }) => facet === 'total')?.count;
            expect([what, total]).toEqual([what, Math.min(most, fitting.length)]);
          }
        }
      }
    });
  });
});

describe('the app’s role uses an index', () => {
  const page = { sort: '-bird_dog_score', after: undefined, limit: 51 } as const;
  const shapes: [string, PropertySearch, string][] = [
    ['words', { q: 'orchard' }, 'properties_by_words'],
    ['a box', { box: { west: -122, south: 47, east: -121.998, north: 47.002 } }, 'properties_by_place'],
    ['a circle', { circle: { latitude: 47.06, longitude: -121.95, radiusMeters: 150 } }, 'properties_by_place'],
    [
      'a polygon',
      {
        polygon: [
          { latitude: 47, longitude: -122 },
          { latitude: 47.002, longitude: -122 },
          { latitude: 47, longitude: -121.998 },
        ],
      },
      'properties_by_place',
    ],
    ['a price range', { minPriceCents: 100_000, maxPriceCents: 200_000 }, 'properties_price_order'],
    ['a size range', { minSqft: 600, maxSqft: 610 }, 'properties_by_size'],
    ['a city', { city: 'fall city' }, 'properties_by_city'],
    ['a ZIP code', { zipCode: '98007' }, 'properties_by_zip_code'],
    ['a score range', { minScore: 99.9 }, 'properties_score_order'],
    ['words and a place', { q: 'orchard', city: 'Fall City' }, 'properties_by_words'],
  ];

  it.each(shapes)('to search by %s', async (_name, wanted, index) => {
    for (const withFacets of [false, true]) {
      const used = await usedBy((trx) => searchProperties(trx, wanted, { ...page, withFacets }));
      expect(used).toMatchObject({ walked: 0, indexes: expect.arrayContaining([index]) });
    }
    const places = await usedBy((trx) => listPoints(trx, wanted, 10_001));
    expect(places).toMatchObject({ walked: 0, indexes: expect.arrayContaining([index]) });
  });

  it.each(PROPERTY_SORTS)('to list in the order %s', async (sort) => {
    const [value, index] = {
      '-bird_dog_score': [50, 'properties_score_order'],
      '-updated_at': ['2026-01-01 00:00:00+00', 'properties_update_order'],
      list_price: [50_000_000, 'properties_price_order'],
      '-list_price': [50_000_000, 'properties_price_order'],
    }[sort] as [string | number, string];
    for (const after of [undefined, { value, id: '00000000-0000-4000-8000-000000000000' }]) {
      const used = await usedBy((trx) => listProperties(trx, {}, { sort, after, limit: 51 }));
      expect(used).toEqual({ walked: 0, indexes: [index] });
    }
  });
});
