import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pullSource } from '../../../../src/activities/market/sources/pull.ts';
import type { MarketSource, ResoSource, SqlSource } from '../../../../src/config/market-sources.ts';
import { createHttpClient } from '../../../../src/http/client.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { type FakeReso, type ResoListing, startFakeReso } from '../../../support/fake-reso.ts';

let database: TestDatabase;
let other: Awaited<ReturnType<typeof createEmptyDatabase>>;
let admin: pg.Client;
let now = new Date('2026-03-10T12:00:00Z');

beforeAll(async () => {
  database = await createTestDatabase();
  other = await createEmptyDatabase();
  admin = new pg.Client({ connectionString: other.adminUrl });
  await admin.connect();
  await admin.query(`create table crm_offers (id text primary key, house text, metro text, amount numeric,
    is_accepted boolean, made timestamptz, changed timestamptz(3))`);
});
afterAll(async () => {
  await admin.end();
  await other.drop();
  await database.close();
});

const pull = (source: MarketSource, trusted: string[] = []) => {
  const http = createHttpClient({ userAgent: 'reos-test', trustedOrigins: trusted });
  return pullSource({ db: database.db, clock: () => now, http }, database.tenantId, source);
};
const state = async (name: string) =>
  (
    await database.query<{ cursor: string; reconciled: boolean }>(
      `select cursor, reconciled_at is not null as reconciled from raw.pulls where source = $1`,
      [name],
    )
  )[0];

describe('another Postgres', () => {
  const source = (more: Partial<SqlSource> = {}): SqlSource => ({
    name: 'crm-offers',
    tenant: 'test',
    kind: 'sql',
    url: other.adminUrl,
    tls: 'off',
    feed: 'offer_events',
    query: `select id as event_id, house as property_ref, metro as market, amount as offer_price,
      is_accepted as seller_accepted_offer, made as offered_at, changed from crm_offers;`,
    cursor: { column: 'changed', overlap_seconds: 0 },
    page: 2,
    timeout_seconds: 10,
    ...more,
  });
  const offers = () =>
    database.query(
      `select event_id, offer_price, seller_accepted_offer as accepted, offered_at from raw.offer_events order by 1`,
    );
  const offer = (id: string, changed: string, accepted: boolean | null = null, amount = 300_000) =>
    admin.query(
      `insert into crm_offers values ($1, 'h-' || $1, 'Boise, ID', $2, $3, '2026-03-01 10:00+00', $4)
       on conflict (id) do update set is_accepted = excluded.is_accepted, amount = excluded.amount, changed = excluded.changed`,
      [id, amount, accepted, changed],
    );

  it('is read page by page, rows of one moment together, and then only what is new', async () => {
    await offer('a', '2026-03-02 08:00:00.001+00');
    // More of one moment than a page holds.
    for (const id of ['b', 'c', 'd']) await offer(id, '2026-03-02 08:00:00.002+00');
    await offer('e', '2026-03-02 08:00:00.003+00', true);
    const first = await pull(source());
    expect(first).toMatchObject({ pages: 2, rows: 5, kept: 5, rejected: 0, problem: null });
    expect(await offers()).toHaveLength(5);
    expect((await offers())[4]).toEqual({
      event_id: 'e',
      offer_price: 300_000,
      accepted: true,
      offered_at: new Date('2026-03-01T10:00:00Z'),
    });
    expect(await pull(source())).toMatchObject({ pages: 0, rows: 0 });
    await offer('a', '2026-03-02 08:00:00.004+00', false);
    expect(await pull(source())).toMatchObject({ pages: 1, rows: 1, kept: 1 });
    expect((await offers())[0]).toMatchObject({ accepted: false });
    const loads = await database.query(`select origin, layout, status from raw.loads where origin = 'crm-offers'`);
    expect(loads).toHaveLength(3);
    expect(loads[0]).toEqual({ origin: 'crm-offers', layout: 'feed', status: 'success' });
    expect((await state('crm-offers'))!.cursor).toBe('2026-03-02 08:00:00.004+00');
  });

  it('is read a little back again, for what was committed late', async () => {
    await offer('late', '2026-03-02 07:59:59+00');
    expect(await pull(source())).toMatchObject({ rows: 0 });
    const overlapping = source({ cursor: { column: 'changed', overlap_seconds: 60 }, page: 100 });
    expect(await pull(overlapping)).toMatchObject({ kept: 1 });
    expect(await offers()).toHaveLength(6);
  });

  it('keeps refused rows aside and goes on; a page with too many of them is not taken', async () => {
    await offer('bad', '2026-03-03 00:00+00', null, -5);
    await offer('good', '2026-03-03 00:01+00');
    expect(await pull(source())).toMatchObject({ kept: 1, rejected: 1, problem: null });
    const [rejected] = await database.query<{ reasons: string[] }>(`select reasons from raw.rejected_rows`);
    expect(rejected!.reasons.join()).toMatch(/offer_price: '-5'/);
    await admin.query(`insert into crm_offers select 'n' || i, 'h', 'Boise, ID', case when i % 5 = 0 then -1 else 200000 end,
      null, '2026-03-01', '2026-03-04'::timestamptz + i * interval '1 second' from generate_series(1, 300) i`);
    const before = await state('crm-offers');
    expect(await pull(source({ page: 500 }))).toMatchObject({
      kept: 0,
      rejected: 60,
      problem: expect.stringMatching(/60 of 300 rows refused/),
    });
    expect(await state('crm-offers')).toEqual(before);
    await admin.query(`delete from crm_offers where id like 'n%'`);
  });

  it.each<[string, () => Partial<SqlSource>, RegExp]>([
    ['a query that is wrong', () => ({ query: 'select nothing from nowhere' }), /does not exist/],
    [
      'a query that writes',
      () => ({ query: `with gone as (delete from crm_offers returning *) select * from gone` }),
      /WITH clause containing a data-modifying statement|read-only/i,
    ],
    [
      'two statements',
      () => ({ query: 'select 1 as changed) q; drop table crm_offers; select * from (select 1 as changed' }),
      /multiple commands|syntax/,
    ],
    ['a cursor that is no column', () => ({ cursor: { column: 'nix', overlap_seconds: 0 } }), /nix/],
    ['a server without TLS where it is asked for', () => ({ tls: 'verify' }), /SSL.*See tls/],
    [
      'a wrong password',
      () => ({ url: other.adminUrl.replace(/\/\/[^@]*@/, '//nobody:wrong@') }),
      /user and password|does not exist|authentication/,
    ],
  ])('refuses %s and says so', async (_name, more, message) => {
    await expect(pull(source(more()))).rejects.toThrow(message);
    expect((await admin.query('select from crm_offers')).rowCount).toBeGreaterThan(0);
  });

  it('is transient when it is away', async () => {
    const away = source({ url: 'postgres://nobody@127.0.0.1:9/x' });
    await expect(pull(away)).rejects.toMatchObject({ code: 'transient' });
  });
});

describe('an MLS over the RESO Web API', () => {
  let fake: FakeReso;
  const listing = (key: string, minute: number, more: ResoListing = {}): ResoListing => ({
    ListingKey: key,
    ModificationTimestamp: `2026-03-05T10:${String(minute).padStart(2, '0')}:00.000Z`,
    City: 'Boise',
    StateOrProvince: 'ID',
    PostalCode: '83702',
    ListPrice: 400_000,
    LivingArea: 1_800,
    LivingAreaUnits: 'Square Feet',
    DaysOnMarket: 3,
    ListingContractDate: '2026-03-02',
    StandardStatus: 'Active',
    PropertySubType: 'Single Family Residence',
    ...more,
  });
  const source = (more: Partial<ResoSource> = {}): ResoSource => ({
    name: 'mls',
    tenant: 'test',
    kind: 'reso',
    url: `${fake.url}/odata`,
    resource: 'Property',
    token: 'a-token',
    market: '{City}, {StateOrProvince}',
    page: 200,
    reconcile_hours: 0,
    ...more,
  });
  const pullMls = (more: Partial<ResoSource> = {}) => pull(source(more), [fake.url]);
  const listings = () =>
    database.query<{ listing_id: string }>(
      `select listing_id, market, segment, zip, list_price, sale_price, living_area_sqft, close_date::text from raw.mls_listings order by 1`,
    );
  beforeEach(async () => {
    fake = await startFakeReso(Array.from({ length: 7 }, (_, n) => listing(`k${n}`, n)));
    await database.query(`delete from raw.mls_listings`);
    await database.query(`delete from raw.pulls where source = 'mls'`);
  });
  afterEach(() => fake.close());

  it('is read to the last page, then from the newest change on', async () => {
    const segmented = { segment: 'PropertySubType' };
    expect(await pullMls({ ...segmented, filter: `StateOrProvince eq 'ID'` })).toMatchObject({
      pages: 3,
      rows: 7,
      kept: 7,
    });
    expect(fake.asked[0]).toContain(`$filter=StateOrProvince eq 'ID'`);
    expect((await listings())[0]).toEqual({
      listing_id: 'k0',
      market: 'Boise, ID',
      segment: 'Single Family Residence',
      zip: '83702',
      list_price: 400_000,
      sale_price: null,
      living_area_sqft: 1_800,
      close_date: null,
    });
    fake.listings.push(listing('k7', 9, { LivingArea: 100, LivingAreaUnits: 'Square Meters' }));
    fake.listings[0] = listing('k0', 8, { StandardStatus: 'Closed', ClosePrice: 390_000, CloseDate: '2026-03-05' });
    fake.asked.length = 0;
    // The newest of before comes again: others may have its moment.
    expect(await pullMls(segmented)).toMatchObject({ pages: 1, rows: 3, kept: 2 });
    expect(fake.asked).toEqual([expect.stringContaining('ModificationTimestamp ge 2026-03-05T10:06:00.000Z')]);
    const rows = await listings();
    expect(rows[0]).toMatchObject({ sale_price: 390_000, close_date: '2026-03-05' });
    expect(Number((rows[7] as unknown as Record<string, number>)['living_area_sqft'])).toBeCloseTo(1_076.39, 2);
  });

  it('takes away what is withdrawn, and once a day what is no longer shown', async () => {
    await pullMls({ reconcile_hours: 24 });
    expect(await state('mls')).toMatchObject({ reconciled: true });
    fake.listings[1] = listing('k1', 20, { StandardStatus: 'Delete' });
    fake.listings[2] = listing('k2', 21, { MlgCanView: false });
    fake.listings.splice(5, 1);
    expect(await pullMls({ reconcile_hours: 24, visible: 'MlgCanView' })).toMatchObject({ removed: 2 });
    now = new Date(now.getTime() + 25 * 3_600_000);
    expect(await pullMls({ reconcile_hours: 24, visible: 'MlgCanView' })).toMatchObject({ removed: 1 });
    expect((await listings()).map(({ listing_id: id }) => id)).toEqual(['k0', 'k3', 'k4', 'k6']);
  });

  it('does not empty itself because an MLS shows nothing', async () => {
    fake.listings = Array.from({ length: 60 }, (_, n) => listing(`m${n}`, n));
    await pullMls({ reconcile_hours: 24, page: 200 });
    fake.listings = [];
    now = new Date(now.getTime() + 25 * 3_600_000);
    expect(await pullMls({ reconcile_hours: 24 })).toMatchObject({
      removed: 0,
      problem: expect.stringMatching(/60 of 60/),
    });
    expect(await listings()).toHaveLength(60);
  });

  it('gets a token with client credentials, and another one when it has run out', async () => {
    const oauth = { token_url: fake.tokenUrl, client_id: 'id', client_secret: 'secret' };
    expect(await pullMls({ token: undefined, oauth })).toMatchObject({ rows: 7 });
    expect(fake.tokens).toHaveLength(1);
    await expect(pullMls({ token: undefined, oauth: { ...oauth, client_secret: 'no' } })).rejects.toMatchObject({
      code: 'auth_revoked',
    });
    await expect(pullMls({ token: 'old' })).rejects.toMatchObject({ code: 'auth_revoked' });
  });

  it('waits as the MLS says, goes on from the last page, follows no link elsewhere', async () => {
    fake.failNext = { status: 429, retryAfter: '7' };
    await expect(pullMls()).rejects.toMatchObject({ code: 'transient', retryAfterSeconds: 7 });
    fake.failNext = { status: 400 };
    await expect(pullMls()).rejects.toMatchObject({ code: 'validation', message: expect.stringMatching(/not now/) });
    fake.mood = 'leads away';
    await expect(pullMls()).rejects.toMatchObject({ code: 'blocked' });
    // The page before it is kept, and how far that was.
    expect(await listings()).toHaveLength(3);
    expect((await state('mls'))!.cursor).toBe('2026-03-05T10:02:00.000Z');
    fake.mood = 'good';
    fake.asked.length = 0;
    await pullMls();
    expect(fake.asked[0]).toContain('ge 2026-03-05T10:02:00.000Z');
    expect(await listings()).toHaveLength(7);
  });

  it('moves its mark at the end alone where rows come in no order', async () => {
    fake.mood = 'unordered';
    await pullMls();
    expect(await listings()).toHaveLength(7);
    expect((await state('mls'))!.cursor).toBe('2026-03-05T10:06:00.000Z');
  });
});
