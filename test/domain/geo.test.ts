import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boxAround,
  distanceMeters,
  distanceToBoxMeters,
  isInBox,
  isPlace,
  ringCentroid,
} from '../../src/domain/geo.ts';

const seattle = { latitude: 47.6062, longitude: -122.3321 };

describe('geo', () => {
  it('knows the distance from Seattle to Portland', () => {
    expect(distanceMeters(seattle, { latitude: 45.5152, longitude: -122.6784 })).toBeCloseTo(234_000, -4);
  });

  it('says of any two places what the haversine says', () => {
    const place = fc.record({
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    });
    const step = fc.double({ min: -0.5, max: 0.5, noNaN: true });
    const radians = (degrees: number) => (degrees * Math.PI) / 180;
    const haversine = (a: typeof seattle, b: typeof seattle) =>
      2 *
      6_371_008.8 *
      Math.asin(
        Math.min(
          1,
          Math.sqrt(
            Math.sin(radians(b.latitude - a.latitude) / 2) ** 2 +
              Math.cos(radians(a.latitude)) *
                Math.cos(radians(b.latitude)) *
                Math.sin(radians(b.longitude - a.longitude) / 2) ** 2,
          ),
        ),
      );
    const near = fc.tuple(place, step, step).map(([one, north, east]) => ({
      one,
      other: { latitude: Math.max(-90, Math.min(90, one.latitude + north)), longitude: one.longitude + east },
    }));
    const far = fc.record({ one: place, other: place });
    fc.assert(
      fc.property(fc.oneof(near, far), ({ one, other }) => {
        const expected = haversine(one, other);
        // Both lose digits at the other end of the world, where a chord hardly grows any more.
        const slack = expected > 19_000_000 ? 1 : 1e-6 + 1e-12 * expected;
        expect(Math.abs(distanceMeters(one, other) - expected)).toBeLessThan(slack);
        expect(distanceMeters(one, one)).toBe(0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('puts a circle inside its box and measures 0 from within', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 6.28, noNaN: true }),
        fc.double({ min: 0, max: 9_900, noNaN: true }),
        (angle, radius) => {
          const point = {
            latitude: seattle.latitude + (Math.sin(angle) * radius) / 111_195,
            longitude:
              seattle.longitude + (Math.cos(angle) * radius) / (111_195 * Math.cos((seattle.latitude * Math.PI) / 180)),
          };
          const box = boxAround(seattle, 10_000);
          expect(isInBox(point, box)).toBe(true);
          expect(distanceToBoxMeters(point, box)).toBe(0);
        },
      ),
    );
  });

  it('finds centroids of rings with, without and of no area', () => {
    expect(
      ringCentroid([
        [0, 0],
        [2, 0],
        [2, 2],
        [0, 2],
        [0, 0],
      ]),
    ).toEqual({ longitude: 1, latitude: 1 });
    expect(
      ringCentroid([
        [1, 1],
        [3, 3],
      ]),
    ).toEqual({ longitude: 2, latitude: 2 });
    expect(ringCentroid([])).toBeNull();
  });

  it('refuses the place that means "not geocoded"', () => {
    expect(isPlace(0, 0)).toBe(false);
    expect(isPlace(Number.NaN, 5)).toBe(false);
    expect(isPlace(47, -122)).toBe(true);
  });
});
