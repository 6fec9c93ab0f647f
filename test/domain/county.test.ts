import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findNeighborhood, isInside } from '../../src/domain/county.ts';

const area = (name: string, latitude: number, longitude: number, radius_metres: number) => ({
  name,
  centre: { latitude, longitude },
  radius_metres,
  multiplier: 1.1,
});
const county = {
  target_neighborhoods: [
    area('Wide', 47.6, -122.3, 5000),
    area('Inner', 47.61, -122.3, 1000),
    { name: 'Zip', zip_codes: ['98118'], multiplier: 1 },
  ],
};
const METRES_PER_DEGREE = 111_195;

describe('findNeighborhood', () => {
  it('takes the ZIP code before the circle', () => {
    expect(findNeighborhood(county, { zipCode: '98118', latitude: 47.6, longitude: -122.3 })?.name).toBe('Zip');
  });
  it('takes the nearest circle that holds the point', () => {
    expect(findNeighborhood(county, { zipCode: '98101', latitude: 47.611, longitude: -122.3 })?.name).toBe('Inner');
    expect(findNeighborhood(county, { zipCode: '98101', latitude: 47.58, longitude: -122.3 })?.name).toBe('Wide');
  });
  it('holds every point nearer than the radius and none beyond it', () => {
    const only = { target_neighborhoods: [area('One', 47.6, -122.3, 3000)] };
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 6000, noNaN: true }),
        fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
        (metres, angle) => {
          fc.pre(Math.abs(metres - 3000) > 15);
          const latitude = 47.6 + (Math.sin(angle) * metres) / METRES_PER_DEGREE;
          const longitude =
            -122.3 + (Math.cos(angle) * metres) / (METRES_PER_DEGREE * Math.cos((47.6 * Math.PI) / 180));
          expect(findNeighborhood(only, { zipCode: null, latitude, longitude }) !== null).toBe(metres < 3000);
        },
      ),
    );
  });
  it('knows nothing without a place', () => {
    expect(findNeighborhood(county, { zipCode: null, latitude: null, longitude: null })).toBeNull();
  });
});

it('isInside includes the edge of the box', () => {
  const box = { bounds: { south: 47, north: 48, west: -123, east: -121 } };
  expect(isInside(box, { latitude: 47, longitude: -121 })).toBe(true);
  expect(isInside(box, { latitude: 46.999, longitude: -121 })).toBe(false);
});
