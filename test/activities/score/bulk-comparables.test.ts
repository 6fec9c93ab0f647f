import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBulkComparables } from '../../../src/activities/score/bulk-comparables.ts';
import { createSalesIndex, type MeasuredSale } from '../../../src/activities/score/sales-index.ts';
import { selectSmallest } from '../../../src/activities/score/smallest.ts';
import { type AdjustedComparable, type ScoredSale, selectComparables } from '../../../src/domain/comparables.ts';
import { distanceMeters } from '../../../src/domain/geo.ts';
import type { ComparableSale } from '../../../src/domain/property.ts';
import { house } from '../../domain/scoring/samples.ts';

const AS_OF = '2015-04-01';
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
/** A coarse grid of places and round numbers, so that ties occur. */
const latitude = fc.integer({ min: 0, max: 60 }).map((n) => 47.5 + n * 0.003);
const longitude = fc.integer({ min: 0, max: 60 }).map((n) => -122.3 + n * 0.004);
const house5 = {
  sqft: fc.integer({ min: 4, max: 60 }).map((n) => n * 100),
  bathrooms: maybe(fc.constantFrom(1, 1.5, 2, 2.5)),
  bedrooms: maybe(fc.integer({ min: 1, max: 5 })),
  yearBuilt: maybe(fc.integer({ min: 1900, max: 2014 })),
  lotSizeSqft: maybe(fc.constantFrom(0, 3_000, 6_000, 20_000)),
  grade: maybe(fc.integer({ min: 5, max: 10 })),
  condition: maybe(fc.integer({ min: 1, max: 5 })),
};
const sale: fc.Arbitrary<Omit<ComparableSale, 'distanceMetres'>> = fc.record({
  propertyId: fc.integer({ min: 0, max: 300 }).map((n) => `house-${n}`),
  address: fc.constant(null),
  apn: fc.constant(null),
  zipCode: fc.constant('98000'),
  latitude,
  longitude,
  closeDate: fc
    .integer({ min: 0, max: 800 })
    .map((n) => new Date(Date.UTC(2013, 3, 1) + n * 86_400_000).toISOString().slice(0, 10)),
  closePriceCents: fc.integer({ min: 0, max: 900 }).map((n) => n * 100_000),
  ...house5,
});

/** Of a comparable sale, what a score looks at. */
const scored = (of: AdjustedComparable): ScoredSale => {
  const { propertyId, closePriceCents, adjustedPriceCents, weight, distanceMetres, ageDays, sqft, condition } = of;
  return { propertyId, closePriceCents, adjustedPriceCents, weight, distanceMetres, ageDays, sqft, condition };
};

describe('comparables in bulk', () => {
  it('are those that the single way chooses, to the last digit', () => {
    const subject = fc.record({
      ...house5,
      sqft: maybe(house5.sqft),
      latitude: maybe(latitude),
      longitude: maybe(longitude),
    });
    fc.assert(
      fc.property(
        fc.array(sale, { maxLength: 120 }),
        subject,
        fc.constantFrom(0, 0.04, -0.1),
        (sales, facts, trend) => {
          const property = house({ ...facts, id: 'house-7' });
          const place = { latitude: property.latitude ?? Number.NaN, longitude: property.longitude ?? Number.NaN };
          const candidates =
            property.latitude === null || property.longitude === null
              ? []
              : sales.map((each) => ({ ...each, distanceMetres: distanceMeters(place, each) }));
          const single = selectComparables(property, candidates, AS_OF, { annualTrend: trend });
          const bulk = createBulkComparables(createSalesIndex(sales), AS_OF, trend)(property);
          expect(bulk).toEqual({
            ...single,
            chosen: single.chosen.map(scored),
            ownSale: single.ownSale && scored(single.ownSale),
          });
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the smallest of many', () => {
  it('is what sorting would find at the place', () => {
    const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.double({ noNaN: true })), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.nat(), (given, n) => {
        const place = n % given.length;
        const found = selectSmallest(Float64Array.from(given), given.length, place);
        expect(found === Float64Array.from(given).sort()[place]).toBe(true);
      }),
    );
  });
});

describe('the index of sales', () => {
  it('finds the nearest, wherever one asks from', () => {
    const anywhere = fc.tuple(
      fc.double({ min: 47.3, max: 47.9, noNaN: true }),
      fc.double({ min: -122.5, max: -121.9, noNaN: true }),
    );
    const many = fc.array(sale, { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(many, anywhere, fc.integer({ min: 1, max: 50 }), (sales, [lat, lon], limit) => {
        const shrink = Math.cos((lat * Math.PI) / 180) ** 2;
        const apart = (each: MeasuredSale) => (each.latitude - lat) ** 2 + (each.longitude - lon) ** 2 * shrink;
        const expected = sales
          .map(apart)
          .sort((a, b) => a - b)
          .slice(0, limit);
        const index = createSalesIndex(sales);
        const { count, positions, metres } = index.nearest({ latitude: lat, longitude: lon }, limit);
        const found = Array.from(positions.subarray(0, count), (i) => index.table.sales[i]!);
        expect(found.map(apart).sort((a, b) => a - b)).toEqual(expected);
        const place = { latitude: lat, longitude: lon };
        expect([...metres.subarray(0, count)]).toEqual(found.map((each) => distanceMeters(place, each)));
      }),
      { numRuns: 40 },
    );
  });
});
