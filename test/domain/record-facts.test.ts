import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DiscoveredRecordInput, recordKinds, recordSchema } from '../../src/domain/listing.ts';
import { PROPERTY_FIELDS } from '../../src/domain/property.ts';
import { factsOf, identitiesOf } from '../../src/domain/record-facts.ts';

const KING = '53033';
const record = (fields: Partial<DiscoveredRecordInput>) =>
  recordSchema.parse({ record_kind: 'listing', source: 's', source_id: '1', ...fields });

describe('identitiesOf', () => {
  it('puts the parcel number before the address, one spelling each', () => {
    const spelled = (apn: string, line: string) =>
      identitiesOf(
        record({
          ParcelNumber: apn,
          UnparsedAddress: line,
          City: 'Seattle',
          StateOrProvince: 'WA',
          PostalCode: '98101',
        }),
        KING,
      );
    expect(spelled('001122-3344', '12 Alder St')).toEqual(spelled('0011223344', '12 ALDER STREET'));
    expect(spelled('0011223344', '12 Alder St').map((identity) => identity.split(':')[0])).toEqual(['apn', 'address']);
  });

  it('builds the address from number and name, and knows none from coordinates', () => {
    const place = { City: 'Seattle', StateOrProvince: 'WA', PostalCode: '98101' };
    expect(identitiesOf(record({ StreetNumber: '12', StreetName: 'Alder St', ...place }), KING)).toEqual(
      identitiesOf(record({ UnparsedAddress: '12 Alder St', ...place }), KING),
    );
    expect(identitiesOf(record({ Latitude: 47, Longitude: -122 }), KING)).toEqual([]);
  });
});

describe('factsOf', () => {
  it('takes an asking price from a listing alone', () => {
    const prices = { ListPrice: 500_000, ListingContractDate: '2026-01-02' };
    expect(factsOf(record(prices), KING)).toMatchObject({ listPriceCents: 50_000_000, standardStatus: 'Active' });
    for (const record_kind of ['sale', 'parcel'] as const) {
      const facts = factsOf(record({ ...prices, record_kind }), KING);
      for (const field of ['listPriceCents', 'listDate', 'listingUrl', 'standardStatus'])
        expect(facts).not.toHaveProperty(field);
    }
  });

  it('takes a last sale only with its day and at arm’s length', () => {
    const sold = { record_kind: 'sale', ClosePrice: 300_000.5, CloseDate: '2014-05-02' } as const;
    expect(factsOf(record(sold), KING)).toMatchObject({ lastSalePriceCents: 30_000_050, lastSaleDate: '2014-05-02' });
    for (const other of [{ ArmsLengthYN: false }, { CloseDate: null }]) {
      expect(factsOf(record({ ...sold, ...other }), KING)).not.toHaveProperty('lastSalePriceCents');
    }
  });

  it.each([
    ['4', 4],
    ['Very Good', 5],
    ['poor', 1],
    ['3 Average', 3],
    ['lovely', undefined],
  ])('reads the condition %s as %s', (text, grade) => {
    expect(factsOf(record({ PropertyCondition: text }), KING).condition).toBe(grade);
  });

  it('names only columns of a property, never a null, and is the same each time', () => {
    const amount = fc.option(fc.integer({ min: -1_000, max: 10_000_000_000 }).map((cents) => cents / 100));
    const any = fc.record({
      record_kind: fc.constantFrom(...recordKinds),
      ListPrice: amount,
      ClosePrice: amount,
      CloseDate: fc.option(fc.constant('2014-05-02')),
      TaxAssessedValue: amount,
      LivingArea: amount,
      UnparsedAddress: fc.option(fc.stringMatching(/^\w[\w ]{0,20}$/)),
      ParcelNumber: fc.option(fc.stringMatching(/^[0-9A-Z]{1,14}$/)),
      PropertyCondition: fc.option(fc.stringMatching(/^\w{1,8}$/)),
    });
    fc.assert(
      fc.property(any, (fields) => {
        const parsed = record(fields);
        const facts = factsOf(parsed, KING);
        for (const [name, value] of Object.entries(facts)) {
          expect(PROPERTY_FIELDS).toContain(name);
          expect(value ?? null).not.toBeNull();
          if (name.endsWith('Cents')) {
            expect(Number.isSafeInteger(value)).toBe(true);
            expect(value).toBeGreaterThanOrEqual(0);
          }
        }
        expect(factsOf(parsed, KING)).toEqual(facts);
      }),
    );
  });
});
