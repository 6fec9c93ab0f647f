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
