import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseOf, chooseBlend, mix } from '../../src/avm/ensemble.ts';
import { chanceWithin } from '../../src/avm/intervals.ts';
import { createRandom } from '../../src/domain/valuation/random.ts';

const { unit } = createRandom(5);
const truth = Float64Array.from({ length: 400 }, () => 12 + unit());
const wrong = (spread: number) => truth.map((value) => value + spread * (unit() - 0.5));
const loss = (values: Float64Array) => values.reduce((sum, value, i) => sum + Math.abs(value - truth[i]!), 0);

describe('the blend', () => {
  it('mixes by the shares', () => {
    const part = (value: number) => Float64Array.of(value, value);
    const parts = { plain: part(10), onHedonic: part(11), onLocal: part(12), hedonic: part(14), local: part(15) };
    const blend = { plain: 0.4, onHedonic: 0.3, onLocal: 0.1, hedonic: 0.2, local: 0 };
    expect([...mix(blend, parts)]).toEqual([expect.closeTo(11.3, 12), expect.closeTo(11.3, 12)]);
  });

  it('has shares that sum to 1, gives the trees four tenths at least, and is no worse than half a percent from the best', () => {
    const spread = fc.double({ min: 0.05, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({ plain: spread, onHedonic: spread, onLocal: spread, hedonic: spread, local: spread }),
        (of) => {
          const parts = {
            plain: wrong(of.plain),
            onHedonic: wrong(of.onHedonic),
            onLocal: wrong(of.onLocal),
            hedonic: wrong(of.hedonic),
            local: wrong(of.local),
          };
          const blend = chooseBlend(parts, truth);
          expect(Object.values(blend).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
          expect(Object.values(blend).every((share) => share >= 0)).toBe(true);
          expect(blend.plain + blend.onHedonic + blend.onLocal).toBeGreaterThanOrEqual(0.4 - 1e-12);
          // The mean of mixtures is no worse than the worst of them: absolute error is convex.
          const alone = [parts.plain, parts.onHedonic, parts.onLocal].map(loss);
          expect(loss(mix(blend, parts))).toBeLessThanOrEqual(1.0051 * Math.min(...alone));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('leaves out the parts that only spoil', () => {
    const bad = () => wrong(5);
    const parts = { plain: bad(), onHedonic: wrong(0.1), onLocal: bad(), hedonic: bad(), local: bad() };
    expect(chooseBlend(parts, truth).onHedonic).toBe(1);
  });
});

describe('what a member is added to', () => {
  it('is nothing, the hedonic value or the local value', () => {
    expect(baseOf('plain', 12, 13)).toBe(0);
    expect(baseOf('onLocal', 12, 13)).toBe(12);
    expect(baseOf('onHedonic', 12, 13)).toBe(13);
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
