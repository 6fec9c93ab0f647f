import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScoringConfig } from '../../../src/config/scoring.ts';
import { analyseDeal, type DealInput } from '../../../src/domain/deal/analysis.ts';
import { brrrrDeal } from '../../../src/domain/deal/brrrr.ts';
import { flipDeal } from '../../../src/domain/deal/flip.ts';
import { maxAllowableOffer } from '../../../src/domain/deal/renovation.ts';
import { netOperatingIncome, rentalDeal } from '../../../src/domain/deal/rental.ts';

const { assumptions } = loadScoringConfig(resolve('config/scoring.yaml'));
const cents = fc.integer({ min: 1, max: 2_000_000_000 });
const costs = fc.integer({ min: 0, max: 300_000_000 });
const income = fc.integer({ min: -20_000_000, max: 60_000_000 });
const anything = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -1, Number.NaN, 1e300, -1e300, 5e-324));

/** Every number in a result, however deep. */
function numbers(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(numbers) : [];
}

describe('flipDeal', () => {
  it('has a profit that is the resale less every cost, to the cent', () => {
    fc.assert(
      fc.property(cents, cents, costs, (price, arv, renovation) => {
        const flip = flipDeal(price, arv, renovation, assumptions);
        const parts = price + flip.buyingCostCents + flip.holdingCostCents + renovation + flip.sellingCostCents;
        expect(flip.profitCents).toBe(arv - parts);
        expect(numbers(flip).every((n) => Number.isFinite(n))).toBe(true);
      }),
    );
  });

  it('compounds the return to a year: 10% in five months is 25.7%', () => {
    const flat = { buyingCostShare: 0, sellingCostShare: 0, holdingMonths: 5, holdingCostShareMonthly: 0 };
    expect(flipDeal(10_000_000, 11_000_000, 0, flat).annualizedRoi).toBeCloseTo(1.1 ** 2.4 - 1, 9);
    expect(flipDeal(10_000_000, 11_000_000, 0, { ...flat, holdingMonths: 0 }).annualizedRoi).toBeNull();
  });
});

describe('rentalDeal', () => {
  it('works the textbook ratios', () => {
    const a = { downPaymentShare: 0.25, buyingCostShare: 0.02, mortgageRate: 0.06, mortgageYears: 30 };
    const noiCents = netOperatingIncome(
      { rentMonthlyCents: 200_000, taxAnnualCents: 300_000, insuranceAnnualCents: 100_000 },
      { vacancyShare: 0.05, operatingShare: 0.2 },
    );
    // 24,000 x 0.95 x 0.8 - 3,000 - 1,000
    expect(noiCents).toBe(1_424_000);
    const deal = rentalDeal({ priceCents: 20_000_000, rentMonthlyCents: 200_000, noiCents, renovationCents: 0 }, a);
    expect(deal.loanCents).toBe(15_000_000);
    expect(deal.mortgageMonthlyCents).toBe(89_933);
    expect(deal.cashInCents).toBe(5_400_000);
    expect(deal.capRate).toBeCloseTo(0.0712, 6);
    expect(deal.cashOnCash).toBeCloseTo((1_424_000 - 89_933 * 12) / 5_400_000, 9);
    expect(deal.debtServiceCoverage).toBeCloseTo(1_424_000 / (89_933 * 12), 9);
    expect(deal.grossRentMultiplier).toBeCloseTo(20_000_000 / 2_400_000, 9);
  });

  it('pays in what it does not borrow, and has no coverage without a loan', () => {
    fc.assert(
      fc.property(cents, costs, income, fc.double({ min: 0.01, max: 1, noNaN: true }), (price, work, noi, down) => {
        const a = { ...assumptions, downPaymentShare: down };
        const deal = rentalDeal({ priceCents: price, rentMonthlyCents: null, noiCents: noi, renovationCents: work }, a);
        expect(deal.cashInCents + deal.loanCents).toBe(price + Math.round(price * a.buyingCostShare) + work);
        expect(deal.debtServiceCoverage === null).toBe(deal.debtServiceAnnualCents === 0);
        expect(deal.grossRentMultiplier).toBeNull();
        expect(numbers(deal).some(Number.isNaN)).toBe(false);
      }),
    );
  });
});

describe('brrrrDeal', () => {
  const a = { ...assumptions, buyingCostShare: 0.02, holdingMonths: 0, refinanceLtv: 0.75, refinanceCostShare: 0.02 };
  const at = (priceCents: number, noiCents = 2_000_000) =>
    brrrrDeal({ priceCents, arvCents: 30_000_000, renovationCents: 4_000_000, noiCents }, a);

  it('leaves in what the refinance does not return', () => {
    // In: 200,000 + 4,000 + 40,000; loan 225,000 less 4,500.
    expect(at(20_000_000)).toMatchObject({ cashInCents: 24_400_000, cashLeftInCents: 2_350_000, isInfinite: false });
    expect(at(20_000_000).cashOnCash).toBeCloseTo(at(20_000_000).cashFlowAnnualCents / 2_350_000, 9);
  });

  it('has an infinite return when nothing is left in and the rent pays, and none when it does not', () => {
    expect(at(15_000_000)).toMatchObject({ cashOnCash: null, isInfinite: true });
    expect(at(15_000_000, 100_000)).toMatchObject({ cashOnCash: null, isInfinite: false });
  });
});

describe('all of it', () => {
  it('never gets worse on a lower price', () => {
    fc.assert(
      fc.property(cents, cents, cents, costs, income, (a, b, arv, work, noi) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const flip = (price: number) => flipDeal(price, arv, work, assumptions);
        expect(flip(low).profitCents).toBeGreaterThanOrEqual(flip(high).profitCents);
        expect(flip(low).roi).toBeGreaterThanOrEqual(flip(high).roi);
        expect(flip(low).annualizedRoi).toBeGreaterThanOrEqual(flip(high).annualizedRoi ?? 0);
        const left = (priceCents: number) =>
          brrrrDeal({ priceCents, arvCents: arv, renovationCents: work, noiCents: noi }, assumptions).cashLeftInCents;
        expect(left(low)).toBeLessThanOrEqual(left(high));
        const rental = (priceCents: number) =>
          rentalDeal(
            { priceCents, rentMonthlyCents: null, noiCents: Math.abs(noi), renovationCents: work },
            assumptions,
          );
        expect(rental(low).capRate).toBeGreaterThanOrEqual(rental(high).capRate);
        expect(rental(low).cashFlowAnnualCents).toBeGreaterThanOrEqual(rental(high).cashFlowAnnualCents);
      }),
    );
  });

  it('offers less for more work, and never below nothing', () => {
    fc.assert(
      fc.property(cents, costs, costs, fc.double({ min: 0.3, max: 1, noNaN: true }), (arv, a, b, rule) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        expect(maxAllowableOffer(arv, less, rule)).toBeGreaterThanOrEqual(maxAllowableOffer(arv, more, rule));
        expect(maxAllowableOffer(arv, more, rule)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is a number or a clear refusal, whatever comes in', () => {
    fc.assert(
      fc.property(anything, anything, anything, anything, anything, (price, value, sqft, rent, tax) => {
        const facts = {
          sqft,
          condition: null,
          yearBuilt: null,
          yearRenovated: null,
          medianRentCents: rent,
          taxAnnualCents: tax,
        };
        const input: DealInput = {
          facts,
          valueCents: value,
          priceCents: price,
          priceKind: 'asking',
          asOf: '2026-01-01',
        };
        try {
          expect(numbers(analyseDeal(input, assumptions)).some(Number.isNaN)).toBe(false);
        } catch (error) {
          expect(error).toMatchObject({
            code: 'validation',
            message: expect.stringMatching(/^\w+Cents must be a number of cents from .+, not .+\. Correct it/),
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('says which amount cannot be one', () => {
    expect(() => flipDeal(-5, 1, 0, assumptions)).toThrow('priceCents must be a number of cents from 1 cent');
    expect(() => flipDeal(5, Number.NaN, 0, assumptions)).toThrow('arvCents must be');
    const beyond = { priceCents: 1, arvCents: 1, renovationCents: 1e300, noiCents: 0 };
    expect(() => brrrrDeal(beyond, assumptions)).toThrow('renovationCents must be');
  });
});
