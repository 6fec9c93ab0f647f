import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScoringConfig } from '../../src/config/scoring.ts';
import {
  analyseDeal,
  type DealInput,
  financialMetrics,
  flipReturn,
  indexPrice,
  mortgagePayment,
  renovationTier,
} from '../../src/domain/deal-math.ts';

const { assumptions } = loadScoringConfig(resolve('config/scoring.yaml'));
const facts = {
  sqft: 2000,
  condition: 3,
  yearBuilt: 1990,
  yearRenovated: null,
  medianRentCents: 180_000,
  taxAnnualCents: 450_000,
};
const input: DealInput = {
  facts,
  valueCents: 50_000_000,
  priceCents: 40_000_000,
  priceKind: 'asking',
  asOf: '2015-04-01',
};

describe('mortgagePayment', () => {
  it('agrees with the textbook: $200,000 at 6% over 30 years is $1,199.10 a month', () => {
    expect(mortgagePayment(20_000_000, 0.06, 30)).toBe(119_910);
    expect(mortgagePayment(12_000_000, 0, 10)).toBe(100_000);
  });
});

describe('analyseDeal', () => {
  it('works the 70% rule and a flip out by hand', () => {
    const deal = analyseDeal(input, { ...assumptions, arvUplift: { cosmetic: 0.1, moderate: 0, fullGut: 0 } });
    expect(deal.tier).toBe('cosmetic');
    expect(deal.renovationCents).toBe(3_000_000);
    expect(deal.arvCents).toBe(55_000_000);
    expect(deal.maxOfferCents).toBe(55_000_000 * 0.7 - 3_000_000);
    // In: 400,000 + 2% + 5 x 0.6% + 30,000 = 450,000; out: 550,000 - 7% = 511,500.
    expect(deal.flipProfitCents).toBe(6_150_000);
    expect(deal.flipRoi).toBeCloseTo(61_500 / 450_000, 9);
  });

  it('works a rental out by hand', () => {
    const deal = analyseDeal({ ...input, facts: { ...facts, sqft: 1000 } }, assumptions);
    expect(deal.rentMonthlyCents).toBe(180_000);
    // 21,600 x 0.95 x 0.8 - 4,500 tax - 1,600 insurance
    expect(deal.noiCents).toBe(1_031_600);
    expect(deal.capRate).toBeCloseTo(0.02579, 5);
    expect(deal.mortgageMonthlyCents).toBe(mortgagePayment(30_000_000, 0.07, 30));
    expect(deal.debtServiceCoverage).toBeCloseTo(1_031_600 / (deal.mortgageMonthlyCents! * 12), 9);
    expect(deal.cashOnCash).toBeLessThan(0);
  });

  it('never returns less on a lower price', () => {
    const price = fc.integer({ min: 1, max: 1_000_000_000 });
    fc.assert(
      fc.property(price, price, price, fc.integer({ min: 0, max: 100_000_000 }), (a, b, arv, reno) => {
        const low = flipReturn(Math.min(a, b), arv, reno, assumptions);
        const high = flipReturn(Math.max(a, b), arv, reno, assumptions);
        expect(low.profitCents).toBeGreaterThanOrEqual(high.profitCents);
        expect(low.roi).toBeGreaterThanOrEqual(high.roi - 1e-9);
      }),
    );
  });
});

describe('renovationTier', () => {
  it.each([
    [1, 2010, 'full_gut'],
    [2, 2010, 'moderate'],
    [3, 1950, 'moderate'],
    [3, 2000, 'cosmetic'],
    [5, 1900, 'cosmetic'],
    [null, null, 'moderate'],
  ] as const)('condition %s, built %s: %s', (condition, yearBuilt, tier) => {
    expect(renovationTier({ ...facts, condition, yearBuilt }, '2015-04-01').tier).toBe(tier);
  });
});

describe('indexPrice', () => {
  it('compounds over the days, within bounds, and never backwards', () => {
    expect(indexPrice(10_000, '2010-01-01', '2020-01-01', 0.05) / 10_000).toBeCloseTo(1.05 ** 10, 2);
    expect(indexPrice(10_000, '1950-01-01', '2020-01-01', 0.05)).toBe(40_000);
    expect(indexPrice(10_000, '2021-01-01', '2020-01-01', 0.05)).toBe(10_000);
    expect(indexPrice(10_000, 'long ago', '2020-01-01', 0.05)).toBe(10_000);
  });
});

describe('financialMetrics', () => {
  it('always gives 14 with a basis; those that cannot be computed say what is missing', () => {
    const full = financialMetrics(input, assumptions);
    expect(full).toHaveLength(14);
    expect(full.filter((metric) => metric.value === null)).toEqual([]);
    const unknown = {
      sqft: null,
      condition: null,
      yearBuilt: null,
      yearRenovated: null,
      medianRentCents: null,
      taxAnnualCents: null,
    };
    const empty = financialMetrics(
      { facts: unknown, valueCents: null, priceCents: null, priceKind: 'none', asOf: '2015-04-01' },
      assumptions,
    );
    expect(empty.map((metric) => metric.code)).toEqual(full.map((metric) => metric.code));
    for (const metric of empty) {
      expect(metric.value).toBeNull();
      expect(metric.basis).toMatch(/^not computable: .+ not known$/);
    }
  });

  it('names the price for what it is, and the rent for where it comes from', () => {
    const sold = financialMetrics({ ...input, priceKind: 'last_sale_indexed' }, assumptions);
    expect(sold[0]).toMatchObject({ label: 'Last sale price, carried forward', value: 40_000_000 });
    expect(sold[0]?.basis).toContain('not an asking price');
    expect(sold.find((m) => m.code === 'monthly_rent')?.basis).toContain('median rent of the census tract');
    const noRent = financialMetrics({ ...input, facts: { ...facts, medianRentCents: null } }, assumptions);
    expect(noRent.find((m) => m.code === 'monthly_rent')?.basis).toContain('assumption');
  });
});
