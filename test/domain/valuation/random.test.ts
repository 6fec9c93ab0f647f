import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/domain/valuation/random.ts';

describe('createRandom', () => {
  it('repeats for a seed and differs between neighbouring seeds', () => {
    const draw = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 5 }, () => random.uint32());
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(new Set([...draw(0), ...draw(1), ...draw(2)]).size).toBe(15);
  });

  it('draws whole numbers below n about equally often', () => {
    const random = createRandom(3);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i += 1) counts[random.below(10)]! += 1;
    const chi = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    // 99.9% quantile of chi-squared with nine degrees.
    expect(chi).toBeLessThan(27.9);
  });

  it('draws shares in [0, 1) around one half, uncorrelated with the draw before', () => {
    const random = createRandom(-5);
    const values = Array.from({ length: 50_000 }, () => random.unit());
    expect(Math.min(...values.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(values.every((value) => value < 1)).toBe(true);
    const mean = values.reduce((a, b) => a + b) / values.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.005);
    const lagged = values.slice(1).reduce((sum, value, i) => sum + (value - 0.5) * (values[i]! - 0.5), 0);
    expect(Math.abs((lagged / values.length) * 12)).toBeLessThan(0.02);
  });
});
