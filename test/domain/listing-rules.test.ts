import { describe, expect, it } from 'vitest';
import { type DiscoveredRecordInput, listingFields, recordSchema } from '../../src/domain/listing.ts';
import { outliers, validateRecord } from '../../src/domain/listing-rules.ts';

const now = new Date('2026-06-01T00:00:00Z');
const king = { south: 47.08, west: -122.55, north: 47.79, east: -121.06 };
const listing = (changes: Partial<DiscoveredRecordInput> = {}) =>
  recordSchema.parse({
    record_kind: 'listing',
    source: 'test',
    source_id: '1',
    ListPrice: 450_000,
    LivingArea: 1800,
    PropertyType: 'Residential',
    UnparsedAddress: '12 Oak St',
    Latitude: 47.5,
    Longitude: -122.2,
    ...changes,
  });
const check = (changes: Partial<DiscoveredRecordInput>, countyBox: typeof king | null = king) => {
  const result = validateRecord(listing(changes), { now, countyBox });
  return result.ok
    ? result.warnings.map((w) => `warn ${w.field} ${w.code}`)
    : result.reasons.map((r) => `${r.field} ${r.code}`);
};

describe('validateRecord', () => {
  it('has more than 40 fields and accepts a complete listing', () => {
    expect(listingFields.length).toBeGreaterThan(40);
    expect(check({})).toEqual([]);
  });

  it.each([
    [{ ListPrice: null }, ['ListPrice required']],
    [{ ListPrice: 0 }, ['ListPrice too_small']],
    [{ ListPrice: 100_000_001 }, ['ListPrice too_large']],
    [{ ListPrice: 100_000_000 }, []],
    [{ LivingArea: 0 }, ['LivingArea too_small']],
    [{ LivingArea: 10_764 }, ['LivingArea too_large']],
    [{ LivingArea: 10_763.9 }, []],
    [{ LivingArea: 50_000, PropertyType: 'Commercial Sale' }, ['warn LivingArea too_large']],
    [{ LivingArea: null, PropertyType: 'Land' }, []],
    [{ PropertyType: 'Residential Lease' }, ['PropertyType not_for_sale']],
    [{ YearBuilt: 1599 }, ['YearBuilt out_of_range']],
    [{ YearBuilt: 2027 }, []],
    [{ YearBuilt: 2028 }, ['YearBuilt out_of_range']],
    [{ Latitude: 45.5 }, ['Latitude outside_county']],
    [{ Longitude: null }, ['Longitude required']],
    [{ UnparsedAddress: null, Latitude: null, Longitude: null }, ['Location required']],
    [{ UnparsedAddress: null, Latitude: null, Longitude: null, ParcelNumber: '1' }, []],
    [{ BedroomsTotal: 60 }, ['warn BedroomsTotal out_of_range', 'warn BedroomsTotal implausible']],
    [
      { ListPrice: null, PropertyType: null, LivingArea: null },
      ['ListPrice required', 'PropertyType required', 'LivingArea required'],
    ],
  ] as Array<[Partial<DiscoveredRecordInput>, string[]]>)('%j gives %j', (changes, expected) =>
    expect(check(changes)).toEqual(expected),
  );

  it('asks a sale for price and day, and lets a transfer without a market price pass with a mark', () => {
    expect(check({ record_kind: 'sale' })).toEqual(['ClosePrice required', 'CloseDate required']);
    expect(check({ record_kind: 'sale', CloseDate: '2027-01-01', ClosePrice: 1 })).toEqual(['CloseDate in_future']);
    expect(check({ record_kind: 'sale', CloseDate: '2020-01-01', ArmsLengthYN: false })).toEqual([
      'warn ClosePrice not_arms_length',
    ]);
  });

  it('asks a parcel for a number or an address only', () => {
    const bare = { record_kind: 'parcel', ListPrice: null, LivingArea: null, PropertyType: null } as const;
    expect(check(bare)).toEqual([]);
    expect(check({ ...bare, UnparsedAddress: null })).toEqual(['Parcel required']);
  });

  it('turns a requirement that a source drops into a warning for review', () => {
    const result = validateRecord(listing({ LivingArea: null }), { now, required: ['ListPrice', 'Location'] });
    expect(result).toMatchObject({ ok: true, warnings: [{ field: 'LivingArea', code: 'missing', needsReview: true }] });
  });
});

describe('outliers', () => {
  it('flags the odd price per square foot of a neighbourhood and nothing in small or regular ones', () => {
    const regular = Array.from({ length: 12 }, (_, i) =>
      listing({ PostalCode: '98118', ListPrice: 400_000 + i * 9000 }),
    );
    expect(outliers(regular)).toEqual([]);
    const found = outliers([
      ...regular,
      listing({ PostalCode: '98118', ListPrice: 9_000_000 }),
      listing({ PostalCode: '98001', ListPrice: 5 }),
    ]);
    expect(found).toMatchObject([{ index: 12, warning: { code: 'outlier', needsReview: true } }]);
  });
});
