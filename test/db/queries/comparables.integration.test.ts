import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadComparableRules } from '../../../src/config/comparables.ts';
import { findComparables } from '../../../src/db/queries/comparables.ts';
import { readProperty } from '../../../src/db/queries/properties.ts';
import { nearbySales, newestSaleDate } from '../../../src/db/queries/scores.ts';
import { openSimilarityMarket, recommendSimilar } from '../../../src/db/queries/similarity.ts';
import { createSimilarityMarkets } from '../../../src/db/queries/similarity-markets.ts';
import { type TenantTrx, withTenant } from '../../../src/db/tenant.ts';
import { cellOf } from '../../../src/domain/comparables/cells.ts';
import { COMPARABLE_CONSTANTS } from '../../../src/domain/scoring/comparable-constants.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const AS_OF = '2026-07-01';
const rules = loadComparableRules('config/comparables.yaml');
let home: TestDatabase;
const inTenant = <T>(work: (trx: TenantTrx) => Promise<T>) => withTenant(home.db, home.tenantId, work);

const addHouse = async (over: Record<string, unknown> = {}) => {
  const row = {
    id: randomUUID(),
    latitude: 45.5,
    longitude: -110.5,
    sqft: 1800,
    type: 'Single Family Residence',
    ...over,
  };
  await home.query(
    `insert into properties (tenant_id, id, county_fips, status, latitude, longitude, sqft, property_type, property_sub_type, bedrooms, list_price_cents)
     values ($1, $2, '30031', 'ready', $3, $4, $5, 'Residential', $6, 3, 40000000)`,
    [home.tenantId, row.id, row.latitude, row.longitude, row.sqft, row.type],
  );
  return row.id;
};
const addSale = (id: string, date: string, cents = 40_000_000, armsLength = true) =>
  home.query(
    `insert into sales (tenant_id, property_id, close_date, close_price_cents, arms_length, arms_length_reason, source) values ($1, $2, $3, $4, $5, $6, 'test')`,
    [home.tenantId, id, date, cents, armsLength, armsLength ? null : 'between relatives'],
  );

beforeAll(async () => {
  home = await createTestDatabase();
  await home.query(
    `insert into properties (tenant_id, id, county_fips, status, latitude, longitude, sqft, property_sub_type)
     select $1, md5(i::text)::uuid, '53033', 'ready', 47.3 + random() * 0.4, -122.4 + random() * 0.5, 1000 + i % 1500, 'Single Family Residence'
     from generate_series(1, 20000) i`,
    [home.tenantId],
  );
  await home.query(
    `insert into sales (tenant_id, property_id, close_date, close_price_cents, arms_length, source)
     select tenant_id, id, date '${AS_OF}' - 1 - (random() * 1400)::int, 30000 * sqft, true, 'test' from properties`,
  );
  await home.query('vacuum analyze sales');
});
afterAll(() => home.close());

/** How often the server has used the indexes of sales, and read the table from end to end. */
const uses = async () => {
  const rows = await home.query<{ name: string; uses: string }>(
    `select indexrelname as name, idx_scan as uses from pg_stat_user_indexes where relname = 'sales'
     union all select 'seq', seq_scan from pg_stat_user_tables where relname = 'sales'`,
  );
  return Object.fromEntries(rows.map(({ name, uses }) => [name, Number(uses)]));
};

describe('comparables from the database', () => {
  it('are found by the indexes of sales, under the role that row-level security binds', async () => {
    const [{ id } = { id: '' }] = await home.query<{ id: string }>('select md5(7::text)::uuid as id');
    const before = await uses();
    const found = await inTenant(async (trx) => {
      const subject = await readProperty(trx, id);
      expect(await newestSaleDate(trx, '53033')).toBe('2026-06-30');
      expect((await nearbySales(trx, subject, AS_OF)).length).toBe(COMPARABLE_CONSTANTS.candidates);
      const found = await findComparables(trx, subject, rules, { asOf: AS_OF });
      await sql`select pg_stat_force_next_flush()`.execute(trx.db);
      return found;
    });
    expect(found.included.length).toBeGreaterThanOrEqual(3);
    const after = await uses();
    expect(after['sales_by_place']).toBeGreaterThan(before['sales_by_place']!);
    expect(after['sales_newest']).toBeGreaterThan(before['sales_newest']!);
    expect(after['seq']).toBe(before['seq']);
  });

  it('are the nearest ones: the same as looking at every sale', async () => {
    const [{ id } = { id: '' }] = await home.query<{ id: string }>('select md5(11::text)::uuid as id');
    const near = await inTenant(async (trx) => nearbySales(trx, await readProperty(trx, id), AS_OF));
    const all = await home.query<{ id: string }>(
      `select s.property_id as id from sales s join properties p on p.id = s.property_id, properties me
       where me.id = $1 and s.close_date >= date '${AS_OF}' - interval '24 months' and p.county_fips = '53033'
       order by ((p.latitude - me.latitude) ^ 2 + ((p.longitude - me.longitude) * cos(radians(me.latitude))) ^ 2) limit $2`,
      [id, COMPARABLE_CONSTANTS.candidates],
    );
    const missing = all.filter(({ id: wanted }) => !near.some(({ propertyId }) => propertyId === wanted));
    expect(missing.length).toBeLessThanOrEqual(1);
  });

  it('follow a house whose place or size becomes known later', async () => {
    const subject = await addHouse();
    const late = await addHouse({ latitude: null, longitude: null, sqft: null });
    await addSale(late, '2026-05-01');
    const find = () =>
      inTenant(async (trx) => findComparables(trx, await readProperty(trx, subject), rules, { asOf: AS_OF }));
    expect((await find()).included).toEqual([]);
    await home.query('update properties set latitude = 45.501, longitude = -110.5, sqft = 1850 where id = $1', [late]);
    const [sale] = await home.query<{ cell: string }>('select cell from sales where property_id = $1', [late]);
    expect(Number(sale?.cell)).toBe(cellOf({ latitude: 45.501, longitude: -110.5 }));
    expect((await find()).included.map(({ propertyId }) => propertyId)).toEqual([late]);
  });

  it('weigh a short list by a model’s likeness, where there is one', async () => {
    const [{ id } = { id: '' }] = await home.query<{ id: string }>('select md5(23::text)::uuid as id');
    const find = (more: object = {}) =>
      inTenant(async (trx) => findComparables(trx, await readProperty(trx, id), rules, { asOf: AS_OF, ...more }));
    const plain = await find();
    expect(plain.included.map(({ leafSimilarity }) => leafSimilarity)).toEqual(plain.included.map(() => null));
    const last = plain.included.at(-1)!.propertyId;
    let asked: readonly string[] = [];
    const likeness = async (ids: readonly string[]) => {
      asked = ids;
      return ({ propertyId }: { propertyId: string }) => (propertyId === last ? 1 : ids.includes(propertyId) ? 0.2 : 0);
    };
    const found = await find({ likeness });
    expect(asked.length).toBeGreaterThanOrEqual(plain.included.length);
    expect(asked.length).toBeLessThanOrEqual(30);
    expect(found.included).toHaveLength(plain.included.length);
    for (const { propertyId, leafSimilarity } of found.included) {
      expect(leafSimilarity).toBe(propertyId === last ? 1 : 0.2);
    }
    const weightOf = (of: typeof plain) => of.included.find(({ propertyId }) => propertyId === last)!.weight;
    expect(weightOf(found)).toBeGreaterThan(weightOf(plain));
    expect(await find({ likeness: async () => null })).toEqual(plain);
  });

  it('widen, tell near misses, and obey the hand', async () => {
    const at = { latitude: 46.5, longitude: -111.5 };
    const subject = await addHouse(at);
    const near = await Promise.all([1, 2, 3].map((i) => addHouse({ ...at, latitude: at.latitude + i / 1000 })));
    for (const id of near) await addSale(id, '2026-02-01');
    const relative = await addHouse({ ...at, latitude: at.latitude + 0.0015 });
    await addSale(relative, '2026-04-01', 10_000_000, false);
    const far = await addHouse({ ...at, latitude: at.latitude + 0.012 });
    await addSale(far, '2026-04-01', 90_000_000);
    const find = (options = {}) =>
      inTenant(async (trx) =>
        findComparables(trx, await readProperty(trx, subject), rules, { asOf: AS_OF, ...options }),
      );
    const plain = await find();
    expect(plain.included.map(({ propertyId }) => propertyId).sort()).toEqual([...near].sort());
    const reasonOf = (id: string) => plain.excluded.find(({ propertyId }) => propertyId === id)?.reasons[0];
    expect(reasonOf(relative)).toEqual({ code: 'not_arms_length', message: "Not at arm's length: between relatives." });
    expect(reasonOf(far)?.code).toBe('too_far');
    const handPicked = await find({ include: [far], exclude: [near[0]] });
    expect(handPicked.included.map(({ propertyId }) => propertyId)).toContain(far);
    expect(handPicked.included.map(({ propertyId }) => propertyId)).not.toContain(near[0]);
    expect(handPicked.estimate!.valueCents).toBeGreaterThan(plain.estimate!.valueCents);
    await expect(find({ include: [randomUUID()] })).rejects.toThrow('knows no sale of it before 2026-07-01');
    expect((await find({ limits: { radiusMiles: 1 } })).included.map(({ propertyId }) => propertyId)).toContain(far);
    const early = await find({ asOf: '2026-01-01' });
    expect(early).toMatchObject({ included: [], estimate: null });
  });
});

describe('similar properties from the database', () => {
  it('pass the filters, and need no second reading of the market', async () => {
    const subject = await addHouse({ latitude: 46.7, sqft: 1810 });
    const twin = await addHouse({ latitude: 46.7, sqft: 1812 });
    const big = await addHouse({ latitude: 46.7, sqft: 4000, type: 'Condominium' });
    const result = await inTenant(async (trx) => {
      const market = await openSimilarityMarket(trx, ['30031'], AS_OF);
      return recommendSimilar(trx, subject, { asOf: AS_OF, limit: 50, filters: { maxSqft: 3000 }, market });
    });
    expect(result.similar[0]?.id).toBe(twin);
    expect(result.similar.map(({ id }) => id)).not.toContain(big);
    expect(result.compared).toBe(result.similar.length);
    const condos = { asOf: AS_OF, limit: 5, filters: { propertyType: 'condominium' } };
    const found = await inTenant((trx) => recommendSimilar(trx, subject, condos));
    expect(found.similar.map(({ id }) => id)).toEqual([big]);
    await expect(inTenant((trx) => recommendSimilar(trx, randomUUID(), condos))).rejects.toThrow(
      'The tenant has no property',
    );
  });

  it('keep an opened market for a while, and show nothing that is gone or made up', async () => {
    const at = { latitude: 46.9 };
    const [subject, twin, other] = [
      await addHouse(at),
      await addHouse({ ...at, sqft: 1805 }),
      await addHouse({ ...at, sqft: 1900 }),
    ];
    let time = 0;
    const markets = createSimilarityMarkets({ now: () => time, keptMs: 1_000 });
    const ask = (more: object = {}) =>
      inTenant((trx) => recommendSimilar(trx, subject, { asOf: AS_OF, limit: 3, markets, ...more }));
    const first = await ask();
    expect(first.similar[0]?.id).toBe(twin);
    // Kept: the search goes by the old size, what is shown is as it is now, and what is gone is not shown.
    await home.query('update properties set sqft = 9000, city = $2 where id = $1', [twin, 'Now']);
    await home.query('delete from properties where id = $1', [other]);
    const kept = await ask();
    expect(kept.compared).toBe(first.compared);
    expect(kept.similar[0]).toMatchObject({ id: twin, property: { city: 'Now', sqft: 9000 } });
    expect(kept.similar.map(({ id }) => id)).not.toContain(other);
    expect((await ask({ filters: { maxSqft: 3000 } })).similar.map(({ id }) => id)).not.toContain(twin);
    // A house that came later opens it anew, and so does time.
    const late = await addHouse({ ...at, sqft: 1801 });
    const found = await inTenant((trx) => recommendSimilar(trx, late, { asOf: AS_OF, limit: 3, markets }));
    expect(found.similar[0]?.id).toBe(subject);
    await home.query(
      `update properties set sqft = 1801, field_sources = '{"sqft": {"source": "x", "at": "2026-01-01T00:00:00Z", "simulated": true}}' where id = $1`,
      [twin],
    );
    time = 2_000;
    const again = await inTenant((trx) => recommendSimilar(trx, twin, { asOf: AS_OF, limit: 3, markets }));
    expect(again.subject.sqft).toBeNull();
  });
});
