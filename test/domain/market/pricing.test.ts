import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { medianBiasOf, priceBand, pricingAccuracy } from '../../../src/domain/market/pricing.ts';

const pairs = fc.array(
  fc.record({
    estimate: fc.integer({ min: 1_000, max: 2_000_000 }),
    price: fc.integer({ min: 1_000, max: 2_000_000 }),
  }),
  { maxLength: 30 },
);

describe('how close estimates came', () => {
  it('is worked out by hand', () => {
    const errors = [-0.12, -0.04, 0.01, 0.03, 0.08, 0.3];
    const found = pricingAccuracy(errors.map((error) => ({ estimate: 100_000 * (1 + error), price: 100_000 })))!;
    expect(found.bias.value).toBeCloseTo(0.02, 12);
    expect(found.medianError).toBeCloseTo(0.06, 12);
    expect([found.within5, found.within10, found.within20]).toEqual([3 / 6, 4 / 6, 5 / 6]);
    expect(found.cod).toBeCloseTo((100 * (0.14 + 0.06 + 0.01 + 0.01 + 0.06 + 0.28)) / 6 / 1.02, 9);
    expect(found.prd).toBeCloseTo(1, 12);
  });

  it('is not said of fewer than five pairs', () => {
    expect(pricingAccuracy([1, 2, 3, 4].map((price) => ({ estimate: price, price })))).toBeNull();
  });

  it('has the same bias alone', () => {
    const biasOf = (rows: ReadonlyArray<{ estimate: number; price: number }>) =>
      medianBiasOf(
        rows.map(({ estimate }) => estimate),
        rows.map(({ price }) => price),
      );
    fc.assert(fc.property(pairs, (rows) => Object.is(biasOf(rows), pricingAccuracy(rows)?.bias.value ?? null)));
    const unknown = { estimate: Number.NaN, price: 500_000 };
    fc.assert(fc.property(pairs, (rows) => Object.is(biasOf([unknown, ...rows]), biasOf(rows))));
  });

  it('lies in its interval, grows with the band, does not depend on order; dearer estimates never lower the bias', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const found = pricingAccuracy(rows);
        expect(found === null).toBe(rows.length < 5);
        if (rows.length < 5) return;
        expect(found!.bias.low <= found!.bias.value && found!.bias.value <= found!.bias.high).toBe(true);
        expect(found!.within5 <= found!.within10 && found!.within10 <= found!.within20).toBe(true);
        const again = pricingAccuracy([...rows].reverse())!;
        expect(again.bias).toEqual(found!.bias);
        expect(again.cod).toBeCloseTo(found!.cod, 6);
        const dearer = rows.map(({ estimate, price }) => ({ estimate: estimate * 1.1, price }));
        expect(pricingAccuracy(dearer)!.bias.value).toBeGreaterThan(found!.bias.value);
      }),
    );
  });

  it('has bands without gaps', () => {
    expect(priceBand(199_999).name).toBe('below $200,000');
    expect(priceBand(300_000).name).toBe('$300,000–$400,000');
    expect(priceBand(5_000_000).name).toBe('$1,000,000 and above');
  });
});
