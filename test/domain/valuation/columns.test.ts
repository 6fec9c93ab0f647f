import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { categoryOf, NUMBER_FACTS, numberOf, planColumns, putNumber } from '../../../src/domain/valuation/columns.ts';
import type { ValuationFacts, ValuationSubject } from '../../../src/domain/valuation/sale-record.ts';
import { FIRST_DAY, factsOf, subjectOf } from './market.ts';

type Extras = ValuationSubject['extras'];

/** The plan of so many houses; each is made from its number. */
function planOf(
  count: number,
  extrasOf: (i: number) => Extras,
  facts: (i: number) => Partial<ValuationFacts> = () => ({}),
) {
  const subjects = Array.from({ length: count }, (_, i) => ({ ...subjectOf(facts(i)), extras: extrasOf(i) }));
  return planColumns(subjects, new Float64Array(count).fill(FIRST_DAY));
}
const reasonOf = (plan: ReturnType<typeof planOf>, column: string) =>
  plan.leftOut.find((left) => left.column === column)?.reason;
const namesOf = (columns: ReadonlyArray<{ name: string }>) => columns.map(({ name }) => name);

describe('what a plan takes part of', () => {
  it('numbers as numbers, text as categories, extras under a name of their own', () => {
    const plan = planOf(
      60,
      (i) => ({ garage: i % 4, heating: i % 2 === 0 ? 'Gas' : 'Electric' }),
      (i) => ({ sqft: 1000 + i, zipCode: i % 3 === 0 ? '98001' : '98002', yearBuilt: 1950 + i }),
    );
    expect(namesOf(plan.numbers)).toEqual(['sqft', 'age', 'effectiveAge', 'extra:garage']);
    expect(namesOf(plan.categories)).toEqual(['zipCode', 'extra:heating']);
    expect(plan.categories[0]!.levels).toEqual(['98002', '98001']);
    expect(plan.leftOut).toEqual([]);
  });

  it('published text that is a number is one; a stray word among many numbers is missing', () => {
    const plan = planOf(100, (i) => ({ rooms: i === 7 ? 'n/a' : i % 9 }));
    expect(namesOf(plan.numbers)).toEqual(['extra:rooms']);
    expect(plan.numbers[0]!.missing).toBeCloseTo(0.01, 12);
    expect(namesOf(planOf(100, (i) => ({ rooms: i % 9 === 0 ? 'n/a' : i % 9 })).categories)).toEqual(['extra:rooms']);
  });

  it('one value that has no end does not cost the column its numbers', () => {
    const column = { name: 'extra:rooms', extra: 'rooms' };
    for (const value of ['Infinity', '1e999', Number.POSITIVE_INFINITY, '', '  ', 'many']) {
      expect(numberOf(column, { ...subjectOf(), extras: { rooms: value } }, FIRST_DAY)).toBeNaN();
    }
    expect(numberOf(column, { ...subjectOf(), extras: { rooms: ' 7 ' } }, FIRST_DAY)).toBe(7);
    const plan = planOf(100, (i) => ({ rooms: i === 7 ? 'Infinity' : i % 9 }));
    expect(namesOf(plan.numbers)).toEqual(['extra:rooms']);
    expect(Number.isFinite(plan.numbers[0]!.mean)).toBe(true);
  });
});

describe('what a plan leaves out, and says why', () => {
  it('names of protected classes and of the price itself', () => {
    const plan = planOf(50, (i) => ({ pct_hispanic: i, median_age: i, price_per_sqft: i, garage: i % 3 }));
    expect(namesOf(plan.numbers)).toEqual(['extra:garage']);
    expect(reasonOf(plan, 'pct_hispanic')).toContain('protects');
    expect(reasonOf(plan, 'median_age')).toContain('protects');
    expect(reasonOf(plan, 'price_per_sqft')).toContain('price');
  });

  it('text of many kinds: addresses, remarks', () => {
    const plan = planOf(90, (i) => ({ address: `${i} Elm`, style: `kind ${i % 5}` }));
    expect(reasonOf(plan, 'address')).toBe('90 different texts: a name or an address, not a category');
    expect(namesOf(plan.categories)).toEqual(['extra:style']);
  });

  it('what is the same in every row, number or text', () => {
    const plan = planOf(
      50,
      () => ({ county: 'King', units: 1 }),
      () => ({ city: 'Seattle', bedrooms: 3 }),
    );
    expect([plan.numbers, plan.categories]).toEqual([[], []]);
    for (const column of ['county', 'units', 'city', 'bedrooms']) {
      expect(reasonOf(plan, column)).toBe('the same value in every row');
    }
  });

  it('numbers that fewer than one row in fifty has', () => {
    const few = planOf(1000, (i): Extras => (i < 19 ? { pool: i } : {}));
    expect(few.numbers).toEqual([]);
    const enough = planOf(1000, (i): Extras => (i < 20 ? { pool: i } : {}));
    expect(enough.numbers[0]).toMatchObject({ name: 'extra:pool', missing: 0.98 });
  });

  it('levels that fewer than four rows have', () => {
    const plan = planOf(60, (i) => ({ style: i < 3 ? 'Yurt' : i % 2 === 0 ? 'Ranch' : 'Tudor' }));
    expect(plan.categories[0]!.levels).not.toContain('Yurt');
    expect(plan.categories[0]!.levels).toHaveLength(2);
  });

  it('no sales at all', () => {
    expect(planColumns([], new Float64Array(0))).toEqual({
      numbers: [],
      categories: [],
      leftOut: [{ column: '*', reason: 'no sales' }],
    });
  });
});

describe('how a number is read', () => {
  it('sizes by their logarithm, and what is very skewed; counts and what goes below 0 as they are', () => {
    const plan = planOf(
      200,
      (i) => ({ porch: i < 190 ? i % 10 : 5000, elevation: i < 190 ? i % 10 : -5000, rooms: i % 8 }),
      (i) => ({ sqft: 900 + 10 * i, lotSizeSqft: 4000 + i, bedrooms: i % 5 }),
    );
    const isLog = Object.fromEntries(plan.numbers.map((column) => [column.name, column.isLog]));
    expect(isLog).toEqual({
      sqft: true,
      lotSizeSqft: true,
      bedrooms: false,
      'extra:elevation': false,
      'extra:porch': true,
      'extra:rooms': false,
    });
    const sqft = plan.numbers.find(({ name }) => name === 'sqft')!;
    expect(sqft.mean).toBeCloseTo(
      Array.from({ length: 200 }, (_, i) => Math.log1p(900 + 10 * i)).reduce((a, b) => a + b) / 200,
      10,
    );
    expect(sqft.low).toBeGreaterThanOrEqual(Math.log1p(900));
    expect(sqft.high).toBeLessThanOrEqual(Math.log1p(2890));
  });

  it('ages as of the day, never below 0; of a file without dates as of 2000', () => {
    const ageOn = (yearBuilt: number | null, day: number) =>
      numberOf({ name: 'age', extra: null }, subjectOf({ yearBuilt }), day);
    const newYear2015 = 16_436;
    expect(ageOn(1990, newYear2015)).toBeCloseTo(24.5, 1);
    expect(ageOn(2016, newYear2015)).toBe(0);
    expect(ageOn(1990, Number.NaN)).toBe(10);
    expect([ageOn(null, newYear2015), ageOn(0, newYear2015)]).toEqual([Number.NaN, Number.NaN]);
    const effective = (yearBuilt: number | null, yearRenovated: number | null) =>
      numberOf({ name: 'effectiveAge', extra: null }, subjectOf({ yearBuilt, yearRenovated }), Number.NaN);
    expect([effective(1950, 1980), effective(1950, 0), effective(1950, null), effective(null, 1980)]).toEqual([
      20, 50, 50, 20,
    ]);
  });

  it('areas that are not above 0 are unknown; a blank category as well', () => {
    const area = (sqft: number) => numberOf({ name: 'sqft', extra: null }, subjectOf({ sqft }), FIRST_DAY);
    expect([area(0), area(-4), area(Number.POSITIVE_INFINITY), area(900)]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
      900,
    ]);
    const zip = { name: 'zipCode', extra: null };
    expect(categoryOf(zip, subjectOf({ zipCode: ' ' }))).toBeNull();
    expect(categoryOf(zip, subjectOf({ zipCode: ' 98001 ' }))).toBe('98001');
    expect(categoryOf({ name: 'extra:style', extra: 'style' }, { ...subjectOf(), extras: { style: 3 } })).toBe('3');
  });

  it('is written where it is read', () => {
    const names = Object.keys(NUMBER_FACTS).filter((name) => name !== 'effectiveAge' && name !== 'waterfront');
    const days = fc.constantFrom(FIRST_DAY, FIRST_DAY + 200, Number.NaN);
    fc.assert(
      fc.property(fc.constantFrom(...names, 'extra:porch'), fc.integer({ min: 1, max: 90 }), days, (name, raw, day) => {
        const column = { name, extra: name === 'extra:porch' ? 'porch' : null };
        const house = { parcel: null, facts: factsOf({ zipCode: '98001' }), extras: {} };
        putNumber(column, raw, house, day);
        expect(Math.abs(numberOf(column, house, day) - raw)).toBeLessThanOrEqual(name === 'age' ? 0.5 : 0);
        expect(house.facts.zipCode).toBe('98001');
      }),
    );
    const onWater = (raw: number) => {
      const house = { facts: factsOf(), extras: {} };
      putNumber({ name: 'waterfront', extra: null }, raw, house, FIRST_DAY);
      return house.facts.waterfront;
    };
    expect([0, 0.4, 0.6, 1].map(onWater)).toEqual([false, false, true, true]);
  });
});
