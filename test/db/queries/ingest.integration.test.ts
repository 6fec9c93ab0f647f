import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { footprint, ingest, listing, newTenant, properties, record, sale } from './records.ts';

let home: TestDatabase;
let t: TestDatabase;

beforeAll(async () => {
  home = await createTestDatabase();
});
afterAll(() => home.close());
beforeEach(async () => {
  t = await newTenant(home);
});

const house = { UnparsedAddress: '12 Alder St', City: 'Seattle', StateOrProvince: 'WA', PostalCode: '98101' };

describe('ingesting records', () => {
  it('writes nothing for the same batch a second time', async () => {
    const batch = [
      sale('0011223344', '2014-05-02', 300_000),
      listing('a', { ...house, Media: ['https://x.example/1.jpg'] }),
    ];
    expect(await ingest(t, batch)).toMatchObject({ stored: 2, unchanged: 0, merged: 0, newProperties: 2 });
    const before = await footprint(t);
    expect(await ingest(t, batch)).toMatchObject({ stored: 0, unchanged: 2, merged: 0, newProperties: 0 });
    expect(await footprint(t)).toEqual(before);
  });

  it('does not take another address of the same page for a change', async () => {
    await ingest(t, [listing('a', { ...house, url: 'http://127.0.0.1:4000/a' })]);
    const before = await footprint(t);
    await ingest(t, [listing('a', { ...house, url: 'http://127.0.0.1:5000/a' })]);
    expect(await footprint(t)).toEqual(before);
  });

  it('makes one property with three provenances of one house from three sources', async () => {
    await ingest(t, [
      record({
        source: 'king-county-parcels',
        source_id: 'p1',
        ParcelNumber: '001122-3344',
        LivingArea: 1_480,
        YearBuilt: 1950,
        ...house,
      }),
    ]);
    await ingest(t, [sale('0011223344', '2014-05-02', 300_000, { LivingArea: 1_470 })]);
    const counts = await ingest(t, [
      listing('a', { ...house, UnparsedAddress: '12 alder street', LivingArea: 1_600, BedroomsTotal: 3 }),
    ]);
    expect(counts).toMatchObject({ stored: 1, merged: 1, newProperties: 0 });
    const [row, ...others] = await properties(t);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ apn: '0011223344', bedrooms: 3, year_built: 1950 });
    // Both public records outrank the seller's word about the size; only the listing knows the price asked.
    expect(row!.sqft).not.toBe(1_600);
    expect(row!.field_sources).toMatchObject({
      listPriceCents: { source: 'fsbo-site' },
      lastSalePriceCents: { source: 'king-county-sales' },
      yearBuilt: { source: 'king-county-parcels' },
    });
    expect(await footprint(t)).toMatchObject({ prospect_queue: 3, source_records: 3, event_log: 1 });
  });

  it('keeps the id of a property first known by address when its parcel number arrives', async () => {
    await ingest(t, [listing('a', house)]);
    const [before] = await properties(t);
    await ingest(t, [record({ source_id: 'p1', ParcelNumber: '0011223344', ...house })]);
    await ingest(t, [sale('001122-3344', '2014-05-02', 300_000)]);
    const rows = await properties(t);
    expect(rows.map(({ id }) => id)).toEqual([before!.id]);
    const aliases = await home.query<{ identity: string }>(
      'select identity from property_aliases where tenant_id = $1 order by 1',
      [t.tenantId],
    );
    expect(aliases.map(({ identity }) => identity.split(':')[0])).toEqual(['address', 'apn']);
    expect(rows[0]!.apn_hash).not.toBeNull();
  });

  it('keeps the address key of a batch whose last record of the house has no address', async () => {
    await ingest(t, [
      record({ source_id: 'p1', ParcelNumber: '0011223344', ...house }),
      sale('0011223344', '2014-05-02', 300_000),
    ]);
    expect((await properties(t))[0]!.address_key).not.toBeNull();
  });

  it('finds one house in a batch whatever row ties its parcel number to its address', async () => {
    const rows = [
      listing('a', house),
      sale('0011223344', '2014-05-02', 300_000),
      record({ source_id: 'p1', ParcelNumber: '0011223344', ...house }),
    ];
    await ingest(t, rows);
    expect(await properties(t)).toHaveLength(1);
  });

  it('asks a person when a record ties two known properties together', async () => {
    await ingest(t, [listing('a', house)]);
    await ingest(t, [sale('0011223344', '2014-05-02', 300_000)]);
    await ingest(t, [record({ source_id: 'p1', ParcelNumber: '0011223344', ...house })]);
    const rows = await properties(t);
    expect(rows).toHaveLength(2);
    expect(rows.map((row) => row.needs_review)).toEqual([true, true]);
    const told = await home.query<{ property_id: string; payload: Record<string, unknown> }>(
      `select property_id, payload from event_log where tenant_id = $1 and event_type = 'timeline.updated'`,
      [t.tenantId],
    );
    expect(told).toHaveLength(1);
    expect(told[0]!.payload).toMatchObject({ what: 'possible_duplicate' });
    expect([told[0]!.property_id, told[0]!.payload.other].sort()).toEqual(rows.map(({ id }) => id).sort());
  });

  it('never makes an asking price of a sale', async () => {
    await ingest(t, [sale('0011223344', '2014-05-02', 300_000, { ListPrice: 310_000, StandardStatus: 'Closed' })]);
    const [row] = await properties(t);
    expect(row).toMatchObject({ list_price_cents: null, standard_status: null, last_sale_price_cents: 30_000_000 });
  });

  it.each([
    ['oldest first', [0, 1, 2]],
    ['newest first', [2, 1, 0]],
    ['newest in the middle', [0, 2, 1]],
  ])('keeps every sale of a parcel and takes the newest as the last one: %s', async (_name, order) => {
    const sales = [
      sale('0011223344', '2014-05-02', 300_000, { PropertyCondition: '2' }),
      sale('0011223344', '2014-11-20', 410_000, { PropertyCondition: '3' }),
      sale('0011223344', '2015-03-01', 390_000, { PropertyCondition: '5' }),
    ];
    for (const index of order)
      await ingest(t, [{ ...sales[index]!, fetchedAt: new Date(Date.UTC(2026, 2, 1 + index)) }]);
    const [row] = await properties(t);
    expect(row).toMatchObject({ last_sale_date: '2015-03-01', last_sale_price_cents: 39_000_000 });
    expect(await footprint(t)).toMatchObject({ properties: 1, sales: 3 });
  });

  it('describes the house as its newest sale found it, also within one batch', async () => {
    const old = sale('0011223344', '2014-05-02', 300_000, { PropertyCondition: '2', LivingArea: 1_200 });
    const recent = sale('0011223344', '2015-03-01', 390_000, { PropertyCondition: '5', LivingArea: 1_500 });
    await ingest(t, [old, recent]);
    await ingest(t, [sale('9911223344', '2015-03-01', 390_000, { PropertyCondition: '5' })]);
    await ingest(t, [sale('9911223344', '2014-05-02', 390_000, { PropertyCondition: '2' })]);
    expect((await properties(t)).map(({ condition, sqft }) => [condition, sqft])).toEqual([
      [5, 1_500],
      [5, null],
    ]);
  });

  it('keeps a transfer that was no market sale, marked, and not as the last sale', async () => {
    await ingest(t, [sale('0011223344', '2014-05-02', 300_000)]);
    await ingest(t, [sale('0011223344', '2015-02-02', 10, { ArmsLengthYN: false })]);
    const rows = await home.query(
      'select close_date, arms_length, arms_length_reason is not null as why from sales where tenant_id = $1 order by 1',
      [t.tenantId],
    );
    expect(rows).toEqual([
      { close_date: '2014-05-02', arms_length: true, why: false },
      { close_date: '2015-02-02', arms_length: false, why: true },
    ]);
    expect((await properties(t))[0]).toMatchObject({ last_sale_date: '2014-05-02', last_sale_price_cents: 30_000_000 });
  });

  it('keeps a price and its date together: a price without a date is no last sale', async () => {
    await ingest(t, [sale('0011223344', '2014-05-02', 300_000)]);
    await ingest(t, [record({ source_id: 'p1', ParcelNumber: '0011223344', ClosePrice: 999_000 })]);
    expect((await properties(t))[0]).toMatchObject({ last_sale_date: '2014-05-02', last_sale_price_cents: 30_000_000 });
  });

  it('makes one property of one house that two imports bring at the same moment', async () => {
    const batches = Array.from({ length: 6 }, (_, index) =>
      ingest(t, [record({ source: `county-parcels-${index}`, source_id: 'x', ParcelNumber: '0011223344', ...house })]),
    );
    const counts = await Promise.all(batches);
    expect(counts.reduce((sum, { newProperties }) => sum + newProperties, 0)).toBe(1);
    expect(await footprint(t)).toMatchObject({ properties: 1, prospect_queue: 6, event_log: 1 });
  });

  it('updates the property of a changed record and asks for a new score where there is one', async () => {
    const later = { fetchedAt: new Date('2026-03-05T12:00:00Z') };
    await ingest(t, [listing('a', house)]);
    await ingest(t, [listing('a', { ...house, ListPrice: 380_000 }, later)]);
    let [row] = await properties(t);
    expect(row).toMatchObject({ list_price_cents: 38_000_000, rescore_requested_at: null });
    await home.query('update properties set bird_dog_score = 55 where id = $1', [row!.id]);
    await ingest(t, [listing('a', { ...house, ListPrice: 350_000 }, { fetchedAt: new Date('2026-03-09T12:00:00Z') })]);
    [row] = await properties(t);
    expect(row!.list_price_cents).toBe(35_000_000);
    expect(row!.rescore_requested_at).toBeInstanceOf(Date);
    expect(await footprint(t)).toMatchObject({ properties: 1, prospect_queue: 1, source_records: 3, event_log: 1 });
  });

  it('lets the later of two rows with one id speak', async () => {
    const counts = await ingest(t, [listing('a', house), listing('a', { ...house, ListPrice: 390_000 })]);
    expect(counts).toMatchObject({ stored: 1, newProperties: 1 });
    expect((await properties(t))[0]!.list_price_cents).toBe(39_000_000);
  });

  it('takes a batch of listings with a gallery each', async () => {
    const batch = Array.from({ length: 300 }, (_, index) =>
      listing(`g${index}`, {
        ...house,
        UnparsedAddress: `${index + 1} Birch Ave`,
        Media: Array.from({ length: 80 }, (_, photo) => `https://photos.example.com/${index}/${photo}.jpg`),
      }),
    );
    await ingest(t, batch);
    expect(await footprint(t)).toMatchObject({ properties: 300, property_images: 24_000 });
  });

  it('keeps tenants apart: the same house of two tenants is two properties', async () => {
    const other = await newTenant(home);
    await ingest(t, [listing('a', house)]);
    await ingest(other, [listing('a', house)]);
    const [[mine], [theirs]] = [await properties(t), await properties(other)];
    expect(mine!.id).not.toBe(theirs!.id);
  });
});
