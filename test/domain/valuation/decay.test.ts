import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decay } from '../../../src/domain/valuation/decay.ts';

describe('the weight of a distance', () => {
  it('is e^−distance to the last bits, at every distance', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 800, noNaN: true }), (distance) => {
        const expected = Math.exp(-distance);
        expect(Math.abs(decay(distance) - expected)).toBeLessThanOrEqual(5e-16 * expected);
      }),
      { numRuns: 2_000 },
    );
    for (const distance of [0, 1 / 256, 1, 31.999, 32, 1e9]) {
      expect(decay(distance)).toBeCloseTo(Math.exp(-distance), 15);
    }
  });

  it('of no distance that is known is not known', () => {
    expect(decay(Number.NaN)).toBeNaN();
    expect(decay(Number.POSITIVE_INFINITY)).toBe(0);
  });
});
