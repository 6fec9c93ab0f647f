import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreWithWeights } from '../../../../src/domain/scoring/what-if/other-weights.ts';

const components = [
  { name: 'discount', score: 0.8, weight: 0.5 },
  { name: 'flood', score: 0.2, weight: 0.5 },
];

describe('scoreWithWeights', () => {
  it('gives the stored score without a change, and follows what weighs more', () => {
    expect(scoreWithWeights(components, {})).toBe(50);
    expect(scoreWithWeights(components, { flood: 0 })).toBe(80);
    expect(scoreWithWeights(components, { discount: 0.25, flood: 0.75 })).toBe(35);
    expect(scoreWithWeights(components, { discount: 0, flood: 0 })).toBeNull();
    expect(scoreWithWeights([], {})).toBeNull();
  });

  it('lies between the lowest and the highest feature, but for rounding', () => {
    const feature = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
      weight: fc.double({ min: 0.01, max: 1, noNaN: true }),
    });
    const other = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.double({ min: 0.01, max: 10, noNaN: true }));
    fc.assert(
      fc.property(fc.array(feature, { minLength: 1, maxLength: 8 }), other, (list, weights) => {
        const score = scoreWithWeights(list, weights)!;
        const scores = list.map((one) => one.score * 100);
        expect(score).toBeGreaterThanOrEqual(Math.min(...scores) - 0.05);
        expect(score).toBeLessThanOrEqual(Math.max(...scores) + 0.05);
      }),
    );
  });
});
