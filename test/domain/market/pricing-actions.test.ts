import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BusinessBase, businessImpact } from '../../../src/domain/market/impact.ts';
import { PRICING_RULES, type PricingSignals, pricingAction } from '../../../src/domain/market/pricing-actions.ts';

const QUIET: PricingSignals = {
  avmBias: { own: 0, pairs: 40, all: 0 },
  marginRatio: 0.06,
  sold: 40,
  acceptedNow: [30, 100],
  acceptedBefore: [150, 500],
  heldHomes: 20,
  heldDays: 80,
  soldDays: 90,
  salesPerWeek: 1.5,
};
const codes = (signals: Partial<PricingSignals>) => {
  const { action, reasons } = pricingAction({ ...QUIET, ...signals });
  return [action, ...reasons.map(({ code }) => code)];
};

describe('what to do with offers', () => {
  it('is nothing where all is well, or too little is known', () => {
    expect(codes({})).toEqual(['hold']);
    expect(codes({ sold: 3, avmBias: { own: null, pairs: 2, all: 0.2 }, marginRatio: -0.5 })).toEqual([
      'hold',
      'too_few_sales',
    ]);
  });

  it.each<[string, Partial<PricingSignals>, string[]]>([
    ['values too high', { avmBias: { own: 0.06, pairs: 60, all: 0.01 } }, ['lower', 'avm_above_sales']],
    ['values too low', { avmBias: { own: -0.06, pairs: 60, all: 0 } }, ['raise', 'avm_below_sales']],
    ['a thin margin', { marginRatio: 0.02 }, ['lower', 'margin_below_target']],
    ['a rich margin', { marginRatio: 0.13 }, ['raise', 'margin_above_target']],
    ['falling acceptance', { acceptedNow: [10, 100] }, ['raise', 'acceptance_falling']],
    ['rising acceptance', { acceptedNow: [60, 100] }, ['lower', 'acceptance_rising']],
    ['long holding', { heldDays: 150 }, ['lower', 'held_long']],
    ['heavy stock', { heldHomes: 60 }, ['lower', 'inventory_heavy']],
    ['stock without any sale', { salesPerWeek: 0 }, ['lower', 'inventory_heavy']],
  ])('follows %s', (_, signals, expected) => {
    expect(codes(signals)).toEqual(expected);
  });

  it('stays within its bounds; a higher bias or a thinner margin never raises offers', () => {
    const share = fc.double({ min: -0.5, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.nat(200), share, (own, marginRatio, pairs, all) => {
        const signals = { ...QUIET, avmBias: { own, pairs, all }, marginRatio };
        const { percent, agreement } = pricingAction(signals);
        expect(Math.abs(percent)).toBeLessThanOrEqual(PRICING_RULES.most);
        expect(agreement >= 0 && agreement <= 1 + 1e-12).toBe(true);
        const higher = pricingAction({ ...signals, avmBias: { own: own + 0.03, pairs, all } });
        expect(higher.percent).toBeLessThanOrEqual(percent + 1e-9);
        expect(pricingAction({ ...signals, marginRatio: marginRatio - 0.02 }).percent).toBeLessThanOrEqual(
          percent + 1e-9,
        );
      }),
    );
  });
});

const BASE: BusinessBase = {
  purchasesPerWeek: 2,
  salesPerWeek: 1.5,
  heldHomes: 30,
  purchasePrice: 300_000,
  salePrice: 360_000,
  renovation: 25_000,
  holdPerDay: 50,
  margin: { value: 20_000, low: 14_000, high: 26_000 },
};

describe('what a change is worth', () => {
  it('is worked out by hand', () => {
    // 26 purchases; 2% lower offers: 8% fewer of them, each bringing 6,000 more.
    const { dollars } = businessImpact(BASE, { kind: 'offer_level', share: -0.02 }, 13);
    expect(dollars.value).toBeCloseTo(26 * 0.92 * 26_000 - 26 * 20_000, 6);
    expect(businessImpact(BASE, { kind: 'days_held', days: 10 }, 13).dollars.value).toBeCloseTo(-1.5 * 13 * 500, 6);
    expect(businessImpact(BASE, { kind: 'renovation_cost', share: 0.1 }, 13).dollars.value).toBeCloseTo(-65_000, 6);
    expect(businessImpact(BASE, { kind: 'sale_price', share: 0.01 }, 13).dollars.value).toBeCloseTo(70_200, 6);
  });

  it('lies in its interval, is nothing for no change, and grows with the horizon', () => {
    const kind = fc.constantFrom('offer_level' as const, 'purchases', 'sale_price', 'renovation_cost');
    fc.assert(
      fc.property(
        kind,
        fc.double({ min: -0.5, max: 0.5, noNaN: true }),
        fc.integer({ min: 1, max: 26 }),
        (kind, share, weeks) => {
          const { dollars } = businessImpact(BASE, { kind, share }, weeks);
          expect(dollars.low <= dollars.value && dollars.value <= dollars.high).toBe(true);
          const twice = businessImpact(BASE, { kind, share }, 2 * weeks).dollars.value;
          expect(Math.abs(twice - 2 * dollars.value)).toBeLessThan(1e-3);
          expect(Math.abs(businessImpact(BASE, { kind, share: 0 }, weeks).dollars.value)).toBe(0);
        },
      ),
    );
  });
});
