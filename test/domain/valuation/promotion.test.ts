import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decidePromotion, type PairedSale } from '../../../src/domain/valuation/promotion.ts';
import { createRandom } from '../../../src/domain/valuation/random.ts';
import type { BaselineResult, ValuationMetrics } from '../../../src/domain/valuation/training-result.ts';

const metrics = (more: Partial<ValuationMetrics> = {}): ValuationMetrics => ({
  rows: 500,
  mdape: 0.08,
  within_10: 0.6,
  within_20: 0.84,
  r2: 0.89,
  coverage_50: 0.5,
  coverage_80: 0.8,
  coverage_90: 0.9,
  median_ratio: 1,
  cod: 10,
  prd: 1,
  prb: 0,
  ...more,
});
const baseline = (mdape: number): BaselineResult => ({
  ...metrics({ mdape }),
  description: 'a baseline',
  mdape_difference: { value: -0.01, low: -0.02, high: -0.005 },
});
const first = (more: Partial<ValuationMetrics>, baselines: Record<string, BaselineResult>) =>
  decidePromotion({ kind: 'first', metrics: metrics(more), baselines }, { seed: 1 });

/** Sales around which both models err at random, each by its own spread. */
function pairs(rows: number, challengerSpread: number, championSpread: number): PairedSale[] {
  const random = createRandom(11).unit;
  return Array.from({ length: rows }, () => {
    const price = 200_000 + random() * 800_000;
    const off = (spread: number) => price * Math.exp((random() - 0.5) * spread);
    return { price, challenger: off(challengerSpread), champion: off(championSpread) };
  });
}
const against = (sales: PairedSale[], coverage80: number | null = 0.8) =>
  decidePromotion(
    { kind: 'against_champion', basis: 'held_out', championVersion: 'v1', pairs: sales, coverage80 },
    { seed: 3 },
  );

describe('the first model of a market', () => {
  it('is promoted when it beats every baseline', () => {
    expect(first({}, { a: baseline(0.09), b: baseline(0.1) })).toMatchObject({ promote: true, difference: null });
  });
  it('is refused by a single baseline that is as good, and names it', () => {
    const decision = first({}, { a: baseline(0.09), l1: baseline(0.08) });
    expect(decision.promote).toBe(false);
    expect(decision.statement).toContain('l1 (8.00%)');
  });
  it.each([
    ['too few sales', { rows: 99 }],
    ['an interval too narrow', { coverage_80: 0.74 }],
    ['an interval too wide', { coverage_80: 0.86 }],
    ['an interval not measured', { coverage_80: null }],
  ])('is refused with %s', (_name, more) => {
    expect(first(more, { a: baseline(0.2) }).promote).toBe(false);
  });
  it('is refused without a baseline', () => expect(first({}, {}).promote).toBe(false));
});

describe('a challenger', () => {
  it('takes over when it is clearly better on the same sales', () => {
    const decision = against(pairs(600, 0.2, 0.6));
    expect(decision.promote).toBe(true);
    expect(decision.difference!.high).toBeLessThan(0);
  });
  it('does not when the lead may be chance, when it is worse, or with a wrong interval', () => {
    expect(against(pairs(150, 0.395, 0.4)).promote).toBe(false);
    expect(against(pairs(600, 0.6, 0.2)).promote).toBe(false);
    expect(against(pairs(600, 0.2, 0.6), 0.9).promote).toBe(false);
    expect(against(pairs(99, 0.1, 0.9)).statement).toContain('99 held-out sales');
  });
  it('never takes over from itself', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 50_000, max: 2_000_000 }), fc.double({ min: 0.5, max: 2, noNaN: true })), {
          minLength: 100,
          maxLength: 140,
        }),
        (rows) => {
          const same = rows.map(([price, off]) => ({ price, challenger: price * off, champion: price * off }));
          return !against(same).promote;
        },
      ),
      { numRuns: 20 },
    );
  });
});
