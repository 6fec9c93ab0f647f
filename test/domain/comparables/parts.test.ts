import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustSale } from '../../../src/domain/comparables/adjust.ts';
import { cellOf, cellRunsAround } from '../../../src/domain/comparables/cells.ts';
import { monthsBefore } from '../../../src/domain/comparables/dates.ts';
import { moveToPlace } from '../../../src/domain/comparables/location.ts';
import type { ComparableSale } from '../../../src/domain/property.ts';
import { AS_OF, candidate, SUBJECT } from './samples.ts';

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

describe('the move to the place', () => {
  const sales = (slopePerMile: number) =>
    Array.from({ length: 24 }, (_, i) => {
      const miles = (i - 8) / 10;
      const sale = candidate(`p${i}`, {
        miles,
        closePriceCents: Math.round(50_000_000 * Math.exp(slopePerMile * miles)),
      });
      const near = { ...sale, distanceMetres: Math.abs(sale.distanceMetres!) } as ComparableSale;
      return { ...adjustSale(SUBJECT, near, AS_OF, 0), weight: 1 };
    });

  it('brings sales on a slope to the price at the subject', () => {
    for (const sale of moveToPlace(SUBJECT, sales(0.1))) {
      expect(sale.adjustedPriceCents / 50_000_000).toBeCloseTo(1, 2);
      const sum = Object.values(sale.adjustments).reduce((a, b) => a + b, sale.closePriceCents);
      expect(sum).toBe(sale.adjustedPriceCents);
    }
  });

  it('moves nothing on level ground, of few sales, or without a place', () => {
    for (const moved of [
      moveToPlace(SUBJECT, sales(0)),
      moveToPlace(SUBJECT, sales(0.1).slice(0, 9)),
      moveToPlace({}, sales(0.1)),
    ]) {
      expect(moved.every(({ adjustments }) => adjustments.distanceCents === 0)).toBe(true);
    }
  });
});
