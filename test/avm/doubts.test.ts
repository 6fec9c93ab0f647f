import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doubtsOf, HIDEABLE, hide, lacks } from '../../src/avm/doubts.ts';
import { DEFAULT_HISTORY, fitHistory } from '../../src/avm/fit-history.ts';
import { dayNumber } from '../../src/domain/valuation/days.ts';
import type { ValuationSubject } from '../../src/domain/valuation/sale-record.ts';
import { inventSales } from './synthetic-market.ts';

const sales = inventSales({ sales: 160 });
const house = sales[0]!;
const newestDay = dayNumber('2024-03-01');
const widening = { sqft: 1.6, grade: 1.2, location: 1.5, 'extra:garage_cars': 1.1 };
const model = { history: fitHistory(sales, DEFAULT_HISTORY), widening, newestDay };
const ordinary = { ...house, facts: { ...house.facts, sqft: 1_800, lotSizeSqft: 6_500, yearBuilt: 1980, grade: 7 } };

describe('doubts about a value', () => {
  it('has none about an ordinary house on a day near the last sale', () => {
    expect(doubtsOf(ordinary, newestDay, model)).toEqual({ factor: 1, levelSpread: 0, notes: [] });
  });

  it.each(Object.keys(HIDEABLE))('knows when %s is hidden', (fact) => {
    const whole = { ...house, facts: { ...house.facts, subdivision: 'Hill' } };
    expect(lacks(whole, fact)).toBe(false);
    expect(lacks(hide(whole, fact), fact)).toBe(true);
    expect(lacks(whole, fact)).toBe(false);
  });

  it('says each missing fact by its name, and adds the doubts as variances', () => {
    const { factor, notes } = doubtsOf(hide(hide(ordinary, 'sqft'), 'grade'), newestDay, model);
    expect(factor).toBeCloseTo(Math.sqrt(1 + (1.6 ** 2 - 1) + (1.2 ** 2 - 1)), 12);
    expect(notes).toEqual([
      'The living area is not known: the interval is 60% wider.',
      'The construction grade is not known: the interval is 20% wider.',
    ]);
    const { notes: ofExtra } = doubtsOf(hide(ordinary, 'extra:garage_cars'), newestDay, model);
    expect(ofExtra).toEqual(['The column "garage_cars" is not known: the interval is 10% wider.']);
  });

  it('never grows surer when another fact is missing', () => {
    const facts = Object.keys(widening);
    fc.assert(
      fc.property(fc.subarray(facts), fc.constantFrom(...facts), (hidden, more) => {
        const lacking = hidden.reduce<ValuationSubject>((of, fact) => hide(of, fact), ordinary);
        const fewer = doubtsOf(lacking, newestDay, model);
        const all = doubtsOf(hide(lacking, more), newestDay, model);
        expect(all.factor).toBeGreaterThanOrEqual(fewer.factor);
        expect(all.notes.length).toBeGreaterThanOrEqual(fewer.notes.length);
      }),
      { numRuns: 50 },
    );
  });

  it('doubts more the farther a number lies outside what was seen, up to a limit', () => {
    const of = (sqft: number) => doubtsOf({ ...ordinary, facts: { ...ordinary.facts, sqft } }, newestDay, model);
    const factors = [1_800, 9_000, 20_000, 80_000, 1e9, 1e12].map((sqft) => of(sqft).factor);
    expect(factors[0]).toBe(1);
    expect(factors[1]).toBeGreaterThan(1);
    expect([...factors].sort((a, b) => a - b)).toEqual(factors);
    expect(factors.at(-1)).toBe(3);
    expect(of(20_000).notes).toEqual([
      expect.stringMatching(/^The living area of 20,000 lies outside what the model has seen \([\d,]+ to [\d,]+\)/),
    ]);
    expect(of(60).factor).toBeGreaterThan(1);
  });

  it('doubts the level of prices when nothing was heard for long', () => {
    const after = [0, 60, 400, 2_000].map((days) => doubtsOf(ordinary, newestDay + days, model));
    const spreads = after.map(({ levelSpread }) => levelSpread);
    expect(spreads[0]).toBe(0);
    expect([...spreads].sort((a, b) => a - b)).toEqual(spreads);
    expect(spreads[3]).toBeGreaterThan(0.1);
    expect(after[3]!.notes).toEqual([expect.stringContaining('2000 days older than the day of the value')]);
    expect(doubtsOf(ordinary, Number.NaN, model).levelSpread).toBe(0);
  });
});
