import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStatedFacts } from '../../../src/domain/valuation/stated-facts.ts';
import { walkOf } from '../../../src/domain/valuation/walk.ts';
import { randomOf } from './market.ts';

const houseAt = (latitude: number | null, longitude: number | null) => readStatedFacts({ latitude, longitude });

describe('the order in which houses are valued', () => {
  const degrees = fc.option(fc.double({ min: -80, max: 80, noNaN: true }));

  it('has each house once, whatever is known of its place', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(degrees, degrees)), (places) => {
        const order = walkOf(places.map(([latitude, longitude]) => houseAt(latitude, longitude)));
        expect(order.toSorted((a, b) => a - b)).toEqual(places.map((_, at) => at));
      }),
      { numRuns: 100 },
    );
  });

  it('goes along a row and back along the next', () => {
    const places = [
      [47.9, -122.1],
      [47.1, -122.1],
      [47.1, -122.4],
      [47.9, -122.4],
    ] as const;
    expect(walkOf(places.map(([latitude, longitude]) => houseAt(latitude, longitude)))).toEqual([2, 1, 0, 3]);
  });

  it('is many times shorter than the houses in the order in which they came', () => {
    const random = randomOf(5);
    const houses = Array.from({ length: 500 }, () => houseAt(47 + random(), -122 + random()));
    const length = (order: readonly number[]) =>
      order.slice(1).reduce((sum, at, i) => {
        const [a, b] = [houses[order[i]!]!.facts, houses[at]!.facts];
        return sum + Math.hypot(a.latitude! - b.latitude!, a.longitude! - b.longitude!);
      }, 0);
    expect(length(walkOf(houses))).toBeLessThan(0.15 * length(houses.map((_, at) => at)));
  });
});
