import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustSale, growthOf } from '../../../src/domain/comparables/adjust.ts';
import { cellOf, cellRunsAround } from '../../../src/domain/comparables/cells.ts';
import { monthsBefore } from '../../../src/domain/comparables/dates.ts';
import { createPlaces, moveAlong, slopeOf } from '../../../src/domain/comparables/price-slope.ts';
import { dayOf, numbersOfSales } from '../../../src/domain/comparables/sale-numbers.ts';
import { sayOf, stepsApart } from '../../../src/domain/comparables/similarity.ts';
import { createWeighing, numbersOf, weighSales } from '../../../src/domain/comparables/weighing.ts';
import type { ComparableSale } from '../../../src/domain/property.ts';
import { candidate, SUBJECT } from './samples.ts';

describe('cells', () => {
  it('hold every place within the circle', () => {
    const place = fc.record({
      latitude: fc.double({ min: 18, max: 70, noNaN: true }),
      longitude: fc.double({ min: -170, max: -60, noNaN: true }),
    });
    const offset = fc.record({
      angle: fc.double({ min: 0, max: 6.28, noNaN: true }),
      share: fc.double({ min: 0, max: 0.99, noNaN: true }),
    });
    fc.assert(
      fc.property(place, offset, (centre, { angle, share }) => {
        const km = 1.609 * share;
        const other = {
          latitude: centre.latitude + (km * Math.sin(angle)) / 111.195,
          longitude: centre.longitude + (km * Math.cos(angle)) / 111.195 / Math.cos((centre.latitude * Math.PI) / 180),
        };
        const cell = cellOf(other);
        expect(cellRunsAround(centre, 1609).some(({ first, last }) => first <= cell && cell <= last)).toBe(true);
      }),
    );
  });
});

describe('monthsBefore', () => {
  it.each([
    ['2026-07-01', 12, '2025-07-01'],
    ['2026-03-31', 1, '2026-02-28'],
    ['2024-03-31', 1, '2024-02-29'],
    ['2026-01-15', 2, '2025-11-15'],
  ])('%s less %i is %s', (date, months, expected) => expect(monthsBefore(date, months)).toBe(expected));
});

describe('the slope of prices around a house', () => {
  /** Sales along a line through the house whose prices rise to the north. */
  const placesAt = (risePerKm: number, count: number) => {
    const places = createPlaces(count);
    for (let i = 0; i < count; i += 1) {
      places.north[i] = (i - 8) / 6;
      places.east[i] = (i % 3) / 5;
      places.logPrice[i] = 17 + risePerKm * places.north[i]!;
      places.weight[i] = 1 / (1 + i);
    }
    places.count = count;
    return places;
  };

  it('is found, and a sale is moved along it to the house', () => {
    const slope = slopeOf(placesAt(0.06, 24));
    expect(slope.north).toBeGreaterThan(0.05);
    expect(slope.north).toBeLessThan(0.06);
    expect(moveAlong(slope, 0, 2)).toBeCloseTo(-2 * slope.north, 12);
    expect(moveAlong(slope, 0, 90)).toBe(-0.2);
    expect(moveAlong(slope, Number.NaN, 1)).toBe(0);
  });

  it('is level on level ground and of few sales', () => {
    const level = slopeOf(placesAt(0, 24));
    expect(Math.abs(level.east) + Math.abs(level.north)).toBeLessThan(1e-9);
    expect(slopeOf(placesAt(0.06, 9))).toEqual({ east: 0, north: 0 });
  });

  it('does not depend on the order of the sales, to the last digit', () => {
    const sale = fc.record({
      east: fc.double({ min: -5, max: 5, noNaN: true }),
      north: fc.double({ min: -5, max: 5, noNaN: true }),
      logPrice: fc.double({ min: 10, max: 22, noNaN: true }),
      weight: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(sale, { minLength: 10, maxLength: 60 }), (sales) => {
        const slope = (of: typeof sales) => {
          const places = createPlaces(of.length);
          places.count = of.length;
          for (const [i, each] of of.entries()) {
            for (const name of ['east', 'north', 'logPrice', 'weight'] as const) places[name][i] = each[name];
          }
          return slopeOf(places);
        };
        expect(slope(sales.toReversed())).toEqual(slope(sales));
      }),
    );
  });
});

describe('the steps of an adjustment', () => {
  it('sum to the adjusted price, and to its logarithm but for whole cents', () => {
    const sold = { ...(candidate('p', { sqft: 1_700, grade: 6, lotSizeSqft: 5_000 }) as ComparableSale) };
    const growth = growthOf(0.04);
    const adjusted = adjustSale(SUBJECT, sold, { growth, distanceMetres: 90, ageDays: 200, weight: 0.5, move: 0.03 });
    const { adjustments, adjustedPriceCents, closePriceCents } = adjusted;
    expect(Object.values(adjustments).reduce((a, b) => a + b, closePriceCents)).toBe(adjustedPriceCents);
    const asWeighed = (sale: ComparableSale) => {
      const sales = numbersOfSales([sale]);
      const weighing = createWeighing(1);
      const near = { count: 1, positions: Int32Array.of(0), metres: Float64Array.of(90) };
      const market = { today: dayOf(sale.closeDate) + 200, growth };
      weighSales(sales, near, numbersOf(SUBJECT, sales), market, weighing);
      return { logPrice: weighing.places.logPrice[0]!, weight: weighing.places.weight[0]! };
    };
    const { logPrice, weight } = asWeighed(sold);
    expect(Math.log(adjustedPriceCents)).toBeCloseTo(logPrice + 0.03, 6);
    expect(asWeighed({ ...sold, grade: null }).logPrice).toBeCloseTo(logPrice - 0.1, 12);
    const asOf = new Date((dayOf(sold.closeDate) + 200) * 86_400_000).toISOString();
    expect(weight).toBeCloseTo(sayOf(stepsApart(SUBJECT, { ...sold, distanceMetres: 90 }, asOf)), 12);
  });
});
