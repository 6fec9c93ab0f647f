import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DealFigures, RISK_PENALTY, rankDeals, scoreDeal } from '../../../src/domain/market/deals.ts';

const dollars = (max: number) => fc.integer({ min: 0, max });
const deal = fc
  .record({
    homeRef: fc.string({ minLength: 1, maxLength: 6 }),
    arv: dollars(2_000_000),
    acquisitionPrice: dollars(1_500_000),
    renoCost: dollars(200_000),
    holdCost: dollars(60_000),
    valuationConfidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  })
  .map((one): DealFigures => ({ ...one, netMargin: one.arv - one.acquisitionPrice - one.renoCost - one.holdCost }));
const scored = (one: DealFigures) => ({ ...one, ...scoreDeal(one) });

describe('the risk of a deal', () => {
  it('is worked out as stated', () => {
    const one = { homeRef: 'a', arv: 400_000, acquisitionPrice: 300_000, renoCost: 30_000, holdCost: 8_000 };
    const score = scoreDeal({ ...one, netMargin: 62_000, valuationConfidence: 0.75 });
    const sigma = Math.sqrt(32_000 ** 2 + 6_000 ** 2 + 2_000 ** 2);
    expect(score.sigma).toBeCloseTo(sigma, 6);
    expect(score.riskAdjustedMargin).toBeCloseTo(62_000 - RISK_PENALTY * sigma, 6);
    expect(score.marginRatio).toBeCloseTo(62 / 338, 12);
    expect(score.lossProbability).toBeCloseTo(0.0288, 3);
    expect(score.risk).toBe('low');
  });

  it('says what is not known, and takes a middling confidence where none is stated', () => {
    const bare = { homeRef: 'a', arv: 200_000, acquisitionPrice: null, renoCost: null, holdCost: null };
    const unstated = scoreDeal({ ...bare, netMargin: 50_000, valuationConfidence: null });
    expect(unstated.sigma).toBeCloseTo(scoreDeal({ ...bare, netMargin: 50_000, valuationConfidence: 0.5 }).sigma, 9);
    expect(unstated.reasons).toContain('the valuation states no confidence');
    expect(unstated.reasons).toContain('not known: acquisition price, renovation cost, hold cost');
    expect(unstated.marginRatio).toBeNull();
  });

  it('never rises with a higher cost, never falls with a surer valuation', () => {
    fc.assert(
      fc.property(
        deal,
        fc.constantFrom('acquisitionPrice', 'renoCost', 'holdCost'),
        dollars(100_000),
        (one, field, more) => {
          const dearer = { ...one, [field]: (one[field] as number) + more, netMargin: one.netMargin - more };
          expect(scoreDeal(dearer).riskAdjustedMargin).toBeLessThanOrEqual(scoreDeal(one).riskAdjustedMargin + 1e-6);
          const surer = { ...one, valuationConfidence: Math.min(1, (one.valuationConfidence ?? 0.5) + 0.1) };
          expect(scoreDeal(surer).riskAdjustedMargin).toBeGreaterThanOrEqual(scoreDeal(one).riskAdjustedMargin - 1e-6);
          expect(scoreDeal(one).riskAdjustedMargin).toBeLessThanOrEqual(one.netMargin);
          expect(scoreDeal(one).lossProbability).toBeGreaterThanOrEqual(0);
          expect(scoreDeal(one).lossProbability).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});

describe('ranking', () => {
  const unique = fc.uniqueArray(deal, { selector: ({ homeRef }) => homeRef, maxLength: 12 });
  it('does not depend on the order of rows, and a higher cost never raises a place', () => {
    fc.assert(
      fc.property(unique, fc.nat(), dollars(50_000), (deals, at, more) => {
        const ranked = rankDeals(deals.map(scored), 'riskAdjustedMargin');
        const refs = ranked.map(({ homeRef }) => homeRef);
        expect(rankDeals(deals.map(scored).reverse(), 'riskAdjustedMargin').map(({ homeRef }) => homeRef)).toEqual(
          refs,
        );
        if (deals.length === 0) return;
        const one = deals[at % deals.length]!;
        const dearer = { ...one, holdCost: one.holdCost! + more, netMargin: one.netMargin - more };
        const again = rankDeals(
          deals.map((other) => scored(other === one ? dearer : other)),
          'riskAdjustedMargin',
        );
        const place = again.findIndex(({ homeRef }) => homeRef === one.homeRef);
        expect(place).toBeGreaterThanOrEqual(refs.indexOf(one.homeRef));
      }),
    );
  });
});
