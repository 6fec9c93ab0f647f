import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncomingRecord } from '../../../src/db/queries/ingest-writes.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { ingest, listing, newTenant, properties, record, sale } from './records.ts';

let home: TestDatabase;
beforeAll(async () => {
  home = await createTestDatabase();
});
afterAll(() => home.close());

/** Twelve houses; some have no parcel number in some sources, two share an address as flats of one building do. */
const HOUSES = Array.from({ length: 12 }, (_, n) => ({
  apn: String(1_000_000_000 + n * 10),
  spelled: `${String(1_000_000_000 + n * 10).slice(0, 6)}-${String(1_000_000_000 + n * 10).slice(6)}`,
  place: {
    UnparsedAddress: `${n === 11 ? 10 : n + 1} Cedar Street`,
    City: 'Seattle',
    StateOrProvince: 'WA',
    PostalCode: '98101',
  },
}));

/** What sources say of these houses, each source in its own way. */
function universe(): IncomingRecord[] {
  return HOUSES.flatMap(({ apn, spelled, place }, n) => [
    record({
      source: 'king-county-parcels',
      source_id: `p${n}`,
      ParcelNumber: spelled,
      ...place,
      YearBuilt: 1950 + n,
      TaxAssessedValue: 300_000 + n,
    }),
    sale(apn, '2014-05-02', 300_000 + n, { LivingArea: 1_000 + n, PropertyCondition: '2' }),
    sale(apn, '2015-02-03', 400_000 + n, { LivingArea: 1_100 + n, PropertyCondition: '4' }),
    listing(`a${n}`, { ParcelNumber: apn, LivingArea: 2_000, ListPrice: 500_000 + n, BedroomsTotal: 3 }),
    // An address of two parcels without a number fits both: it is left out here.
    ...(n === 9 || n === 11
      ? []
      : [listing(`b${n}`, { ...place, source: 'other-fsbo', ListPrice: null, PublicRemarks: `House ${n}` })]),
  ]);
}

/** Properties without what depends on the moment or names the tenant. */
async function picture(t: TestDatabase) {
  const rows = await properties(t);
  const sales = await home.query(
    `select p.apn, s.close_date, s.close_price_cents from sales s join properties p on p.id = s.property_id
     where s.tenant_id = $1 order by 1, 2`,
    [t.tenantId],
  );
  const facts = rows.map(({ tenant_id: _t, id: _id, created_at: _c, updated_at: _u, search_words: _w, ...row }) => row);
  return { facts, sales };
}

describe('the order in which records come', () => {
  it('leaves the same properties, facts and sales, however the records are shuffled and cut into batches', async () => {
    const all = universe();
    const first = await newTenant(home);
    // The roll names each parcel's address: it comes first, as it does where a county has one.
    const roll = all.filter(({ record: { source } }) => source === 'king-county-parcels');
    const rest = all.filter(({ record: { source } }) => source !== 'king-county-parcels');
    await ingest(first, all);
    const expected = await picture(first);
    expect(expected.facts).toHaveLength(HOUSES.length);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(rest, { minLength: rest.length }),
        fc.shuffledSubarray(roll, { minLength: roll.length }),
        fc.integer({ min: 1, max: rest.length }),
        async (shuffled, shuffledRoll, size) => {
          const t = await newTenant(home);
          await ingest(t, shuffledRoll);
          for (let at = 0; at < shuffled.length; at += size) await ingest(t, shuffled.slice(at, at + size));
          expect(await picture(t)).toEqual(expected);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('does not matter at all inside one batch', async () => {
    const all = universe();
    const first = await newTenant(home);
    await ingest(first, all);
    const expected = await picture(first);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(all, { minLength: all.length }), async (shuffled) => {
        const t = await newTenant(home);
        await ingest(t, shuffled);
        expect(await picture(t)).toEqual(expected);
      }),
      { numRuns: 12 },
    );
  });

  it('does not join flats that share an address but not a parcel number', async () => {
    const t = await newTenant(home);
    const [ten, eleven] = [HOUSES[9], HOUSES[11]];
    await ingest(t, [record({ source_id: '10', ParcelNumber: ten!.apn, ...ten!.place })]);
    await ingest(t, [record({ source_id: '11', ParcelNumber: eleven!.apn, ...eleven!.place })]);
    expect((await properties(t)).map(({ apn }) => apn)).toEqual([ten!.apn, eleven!.apn]);
  });
});

describe('speed', () => {
  it('ingests thousands of rows in seconds, and faster when they are known', async () => {
    const t = await newTenant(home);
    const rows = Array.from({ length: 2_000 }, (_, n) =>
      sale(String(2_000_000_000 + n), '2014-05-02', 300_000 + n, {
        UnparsedAddress: `${n + 1} Maple Avenue`,
        PostalCode: '98101',
        LivingArea: 1_000,
        BedroomsTotal: 3,
        YearBuilt: 1950,
        Latitude: 47.6,
        Longitude: -122.3,
      }),
    );
    const run = async () => {
      const started = performance.now();
      for (let at = 0; at < rows.length; at += 1_000) await ingest(t, rows.slice(at, at + 1_000));
      return performance.now() - started;
    };
    const fresh = await run();
    const again = await run();
    const perSecond = (ms: number) => Math.round(rows.length / (ms / 1000));
    process.stderr.write(`ingest: ${perSecond(fresh)} new rows/s, ${perSecond(again)} known rows/s\n`);
    expect(fresh).toBeLessThan(30_000);
    expect(again).toBeLessThan(fresh);
    expect(await properties(t)).toHaveLength(2_000);
  });
});
