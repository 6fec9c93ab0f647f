import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseBlend, mix } from '../../src/avm/ensemble.ts';
import { chanceWithin } from '../../src/avm/intervals.ts';
import { createRandom } from '../../src/domain/valuation/random.ts';

const { unit } = createRandom(5);
const truth = Float64Array.from({ length: 400 }, () => 12 + unit());
const wrong = (spread: number) => truth.map((value) => value + spread * (unit() - 0.5));
const loss = (values: Float64Array) => values.reduce((sum, value, i) => sum + Math.abs(value - truth[i]!), 0);

describe('the blend', () => {
  it('mixes by the shares', () => {
    const part = (value: number) => Float64Array.of(value, value);
    const parts = { trees: part(10), plain: part(11), local: part(12), hedonic: part(14) };
    expect([...mix({ trees: 0.4, plain: 0.3, local: 0.2, hedonic: 0.1 }, parts)]).toEqual([
      expect.closeTo(11.1, 12),
      expect.closeTo(11.1, 12),
    ]);
  });

  it('has shares that sum to 1, gives the trees four tenths at least, and is no worse than half a percent from the best', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
        (spreads) => {
          const [trees, plain, local, hedonic] = spreads.map(wrong) as [
            Float64Array,
            Float64Array,
            Float64Array,
            Float64Array,
          ];
          const parts = { trees, plain, local, hedonic };
          const blend = chooseBlend(parts, truth);
          expect(blend.trees + blend.plain + blend.local + blend.hedonic).toBeCloseTo(1, 9);
          expect(Object.values(blend).every((share) => share >= 0)).toBe(true);
          expect(blend.trees).toBeGreaterThanOrEqual(0.4 - 1e-12);
          // The mean of mixtures is no worse than the worst of them: absolute error is convex.
          expect(loss(mix(blend, parts))).toBeLessThanOrEqual(
            1.0051 * loss(mix({ trees: 1, plain: 0, local: 0, hedonic: 0 }, parts)),
          );
        },
      ),
      { numRuns: 15 },
    );
  });

  it('leaves out a part that only spoils', () => {
    const blend = chooseBlend({ trees: wrong(0.1), plain: wrong(5), local: wrong(5), hedonic: wrong(5) }, truth);
    expect(blend.trees).toBe(1);
  });
});

describe('the chance to come within a limit', () => {
  const percentiles = Array.from({ length: 101 }, (_, p) => (p / 100) ** 2 * 4);

  it('is 0 for nothing, 1 beyond the largest error, and the share between', () => {
    expect(chanceWithin(percentiles, 1, 0)).toBe(0);
    expect(chanceWithin(percentiles, 1, 5)).toBe(1);
    expect(chanceWithin(percentiles, 1, 1)).toBeCloseTo(0.5, 9);
    expect(chanceWithin(percentiles, 2, 2)).toBeCloseTo(0.5, 9);
  });

  it('is a probability that grows with the limit and falls with the expected error', () => {
    const positive = fc.double({ min: 1e-3, max: 10, noNaN: true });
    fc.assert(
      fc.property(positive, positive, positive, (size, limit, more) => {
        const chance = chanceWithin(percentiles, size, limit);
        expect(chance).toBeGreaterThanOrEqual(0);
        expect(chance).toBeLessThanOrEqual(1);
        expect(chanceWithin(percentiles, size, limit + more)).toBeGreaterThanOrEqual(chance);
        expect(chanceWithin(percentiles, size + more, limit)).toBeLessThanOrEqual(chance);
      }),
    );
  });
});
