import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doubtsOf, HIDEABLE, hide, lacks } from '../../src/avm/doubts.ts';
import { DEFAULT_HISTORY, fitHistory } from '../../src/avm/fit-history.ts';
import { seenOf } from '../../src/avm/stated-doubts.ts';
import { dayNumber } from '../../src/domain/valuation/days.ts';
import type { ValuationFacts, ValuationSubject } from '../../src/domain/valuation/sale-record.ts';
import { inventSales } from './synthetic-market.ts';

const sales = inventSales({ sales: 160 });
const house = sales[0]!;
const newestDay = dayNumber('2024-03-01');
const widening = { sqft: 1.6, grade: 1.2, location: 1.5, 'extra:garage_cars': 1.1 };
const history = fitHistory(sales, DEFAULT_HISTORY);
const oldestDay = dayNumber('2023-01-02');
const model = { history, widening, newestDay, oldestDay, only: {} };
const ordinary = { ...house, facts: { ...house.facts, sqft: 1_800, lotSizeSqft: 6_500, yearBuilt: 1980, grade: 7 } };

describe('doubts about a value', () => {
  it('has none about an ordinary house on a day near the last sale', () => {
    expect(doubtsOf(ordinary, newestDay, model)).toEqual({ factor: 1, levelSpread: 0, notes: [] });
  });

  it.each(Object.keys(HIDEABLE))('knows when %s is hidden', (fact) => {
    const rest = { subdivision: 'Hill', city: 'Alder', propertyType: 'Residential', stories: 2, waterfront: false };
    const whole = { ...house, facts: { ...house.facts, ...rest } };
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

  it('says what a missing fact was taken to be', () => {
    const whole = { ...ordinary, facts: { ...ordinary.facts, stories: 2, waterfront: false } };
    const likely = { ...whole, facts: { ...whole.facts, sqft: 1_834.26, bathrooms: 2.25, zipCode: '50005' } };
    const of = (fact: string) =>
      doubtsOf(hide(whole, fact), newestDay, { ...model, widening: { [fact]: 1.1 } }, likely).notes[0];
    expect(of('sqft')).toBe(
      'The living area is not known and counts as 1,834, as in houses like it: the interval is 10% wider.',
    );
    expect(of('bathrooms')).toMatch(/^The number of bathrooms is not known and counts as 2\.3, as in houses like it: /);
    expect(of('yearBuilt')).toMatch(/^The year built is not known and counts as 1980, as/);
    expect(of('waterfront')).toMatch(/^The position on the water is not known and counts as none: /);
    expect(of('location')).toMatch(/^The coordinates are not known and count as the middle of its postal code: /);
    expect(of('zipCode')).toMatch(/^The postal code is not known and counts as 50005, the nearest: /);
    expect(of('extra:garage_cars')).toMatch(
      /^The column "garage_cars" is not known and counts as \d, as in houses like it: /,
    );
  });

  it('says of a house without any place one thing, and no longer two', () => {
    const nowhere = hide(ordinary, 'place');
    const together = doubtsOf(nowhere, newestDay, { ...model, widening: { location: 1.2, zipCode: 1.1, place: 2.5 } });
    expect(together.factor).toBeCloseTo(2.5, 12);
    expect(together.notes).toEqual(['The place is not known: the interval is 150% wider.']);
    const unheard = { ...nowhere, facts: { ...nowhere.facts, zipCode: '99999' } };
    const code = doubtsOf(unheard, newestDay, { ...model, widening: { zipCode: 1.1, place: 2.5 } });
    expect(code.factor).toBeCloseTo(2.5, 12);
    expect(code.notes).toEqual([
      expect.stringMatching(/^The postal code "99999" is none .*: the interval is 150% wider/),
    ]);
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

  /** What is said, and how much wider it gets, of the ordinary house with a change. */
  const changed = (
    facts: Partial<ValuationFacts>,
    extras = ordinary.extras,
    more: Partial<Parameters<typeof doubtsOf>[2]> = {},
  ) => doubtsOf({ ...ordinary, facts: { ...ordinary.facts, ...facts }, extras }, newestDay, { ...model, ...more });

  it('doubts a place that no sale was in, by what its absence costs or a tenth', () => {
    const doubt = changed({ zipCode: '99999' });
    expect(doubt.factor).toBeCloseTo(1.1, 12);
    expect(doubt.notes).toEqual([
      'The postal code "99999" is none that the model has learned enough sales of: the interval is 10% wider.',
    ]);
    const placed = { ...ordinary, facts: { ...ordinary.facts, zipCode: '50005' } };
    const strange = { ...ordinary, facts: { ...ordinary.facts, zipCode: '99999' } };
    expect(doubtsOf(strange, newestDay, model, placed).notes[0]).toContain(
      'sales of and counts as 50005, the nearest: ',
    );
    const costly = changed({ zipCode: '99999' }, ordinary.extras, { widening: { zipCode: 1.4 } });
    expect(costly.factor).toBeCloseTo(1.4, 12);
    expect(changed({ propertySubType: 'Castle' }).notes).toEqual([expect.stringContaining('sub-type "Castle"')]);
    expect(changed({ propertySubType: 'Townhouse' })).toEqual({ factor: 1, levelSpread: 0, notes: [] });
  });

  it('doubts a house of another kind than all sales', () => {
    const alike = sales.map((sale) => ({
      ...sale,
      facts: { ...sale.facts, propertyType: 'Residential', city: 'Ames' },
    }));
    const seen = seenOf(alike, true);
    expect(seen.only).toEqual({ propertyType: 'Residential', city: 'Ames' });
    const { factor, notes } = changed({ propertyType: 'Land', city: 'Ames' }, ordinary.extras, { only: seen.only });
    expect(factor).toBeCloseTo(1.25, 12);
    expect(notes).toEqual([
      'The property type is "Land", and all sales that the model has learned from are "Residential": the interval is 25% wider.',
    ]);
    expect(changed({ propertyType: null, city: null }, ordinary.extras, { only: seen.only }).factor).toBe(1);
  });

  it('knows the days of the sales, and of sales without dates none', () => {
    const dated = [...sales].sort((a, b) => ((a.closeDate ?? '') < (b.closeDate ?? '') ? -1 : 1));
    const seen = seenOf(dated, true);
    expect([seen.oldestDay, seen.newestDay]).toEqual(
      [dated[0], dated.at(-1)].map((sale) => dayNumber(sale!.closeDate)),
    );
    expect(seenOf(dated, false)).toMatchObject({ oldestDay: Number.NaN, newestDay: Number.NaN });
  });

  it('doubts a day before the first sale, the more the earlier', () => {
    const at = [oldestDay + 1, oldestDay, oldestDay - 400, oldestDay - 4_000].map((day) =>
      doubtsOf(ordinary, day, model),
    );
    expect(at.map(({ factor }) => factor)).toEqual([1, 1.5, 1.5, 1.5]);
    const spreads = at.map(({ levelSpread }) => levelSpread);
    expect(spreads[0]).toBe(0);
    expect([...spreads].sort((a, b) => a - b)).toEqual(spreads);
    expect(new Set(spreads).size).toBe(4);
    expect(at[1]!.notes).toEqual([
      'No sale is known before the day of the value (the first is of 2023-01-02): the interval is 50% wider.',
    ]);
  });

  it('doubts a house that is still to be built, and counts a renovation to come as none', () => {
    const next = changed({ yearBuilt: 2025 });
    expect(next.notes[0]).toMatch(/^The year built, 2025, lies after the day of the value: the house counts as new: /);
    expect(next.factor).toBeGreaterThanOrEqual(1.2);
    expect(changed({ yearBuilt: 2060 }).factor).toBeGreaterThan(next.factor);
    expect(changed({ yearBuilt: 2024 }).notes.join()).not.toContain('lies after');
    expect(changed({ yearRenovated: 2031 })).toEqual({
      factor: 1,
      levelSpread: 0,
      notes: ['The renovation of 2031 lies after the day of the value and counts as none.'],
    });
  });

  it('says what cannot be: text where numbers are, no land, a number far outside a column', () => {
    const text = changed({}, { garage_cars: 'two' });
    expect(text.notes).toEqual([
      'The column "garage_cars" of "two" cannot be, and counts as not known: the interval is 10% wider.',
    ]);
    expect(text.factor).toBeCloseTo(1.1, 12);
    const land = changed({ lotSizeSqft: 0 });
    expect(land.notes).toEqual(['The lot size of "0" cannot be, and counts as not known: the interval is 2% wider.']);
    expect(land.factor).toBeCloseTo(1.02, 12);
    const many = changed({}, { garage_cars: 90 });
    expect(many.notes).toEqual([expect.stringMatching(/^The column "garage_cars" of 90 lies outside .* wider\.$/)]);
    expect(many.factor).toBeCloseTo(1.5, 12);
  });
});
