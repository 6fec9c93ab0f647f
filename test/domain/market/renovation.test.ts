import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONDITIONS, DEFAULT_COST_PER_SQFT, renovationCostPerSqft } from '../../../src/domain/market/renovation.ts';

const costs = fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 40 });

describe('the cost of a renovation', () => {
  it('is the default where nothing was finished, and says so', () => {
    for (const condition of CONDITIONS) {
      const { perSqft, basis, weights } = renovationCostPerSqft(condition, [], []);
      expect(perSqft.value).toBeCloseTo(DEFAULT_COST_PER_SQFT[condition], 9);
      expect(basis).toBe('defaults');
      expect(weights.defaults).toBe(1);
    }
  });

  it('weighs the market, all markets and the default as stated', () => {
    const own = Array<number>(10).fill(20);
    const all = Array<number>(30).fill(24);
    const { perSqft, basis, weights } = renovationCostPerSqft('cosmetic', own, all);
    expect(weights).toEqual({ market: 0.5, all_markets: 0.375, defaults: 0.125 });
    expect(perSqft.value).toBeCloseTo(0.5 * 20 + 0.375 * 24 + 0.125 * 15, 9);
    expect(basis).toBe('market');
    expect(renovationCostPerSqft('cosmetic', [], all).basis).toBe('all_markets');
  });

  it('lies in its interval, has weights that sum to 1, does not depend on the order of homes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CONDITIONS), costs, costs, (condition, own, all) => {
        const { perSqft, weights } = renovationCostPerSqft(condition, own, all);
        expect(perSqft.low <= perSqft.value + 1e-9 && perSqft.value <= perSqft.high + 1e-9).toBe(true);
        expect(weights.market + weights.all_markets + weights.defaults).toBeCloseTo(1, 12);
        const again = renovationCostPerSqft(condition, [...own].reverse(), [...all].reverse());
        expect(again.perSqft).toEqual(perSqft);
      }),
    );
  });

  it('never falls when a home turns out dearer', () => {
    fc.assert(
      fc.property(costs, costs, fc.nat(), fc.integer({ min: 0, max: 50 }), (own, all, at, more) => {
        const dearer = own.map((cost, index) => (own.length > 0 && index === at % own.length ? cost + more : cost));
        const before = renovationCostPerSqft('moderate', own, all).perSqft.value;
        expect(renovationCostPerSqft('moderate', dearer, all).perSqft.value).toBeGreaterThanOrEqual(before - 1e-9);
      }),
    );
  });
});
