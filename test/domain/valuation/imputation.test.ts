import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planColumns } from '../../../src/domain/valuation/columns.ts';
import { createImputer, learnImputation } from '../../../src/domain/valuation/imputation.ts';
import { placesOf } from '../../../src/domain/valuation/location.ts';
import type { ValuationFacts, ValuationSubject } from '../../../src/domain/valuation/sale-record.ts';
import { FIRST_DAY, randomOf, subjectOf } from './market.ts';

const ZIPS = { '98001': 47.3, '98002': 47.5, '98003': 47.7 } as const;

/** Houses whose bedrooms, area and grade go together, and whose porch follows the lot. */
function invent(count: number, lacking: (i: number) => Partial<ValuationFacts> = () => ({})): ValuationSubject[] {
  const random = randomOf(5);
  const about = (spread: number) => spread * (random() + random() + random() - 1.5);
  return Array.from({ length: count }, (_, i) => {
    const size = about(1);
    const [zipCode, middle] = Object.entries(ZIPS)[i % 3]!;
    const facts = {
      sqft: Math.round(Math.exp(7.5 + 0.4 * size + about(0.05))),
      bedrooms: Math.round(3 + 2 * size),
      grade: Math.round(7 + 2 * size + about(0.5)),
      lotSizeSqft: Math.round(Math.exp(8.7 + about(0.5))),
      yearBuilt: 1960 + Math.round(about(30)),
      waterfront: random() < 0.2,
      latitude: middle + about(0.04),
      longitude: -122.2 + about(0.2),
      zipCode,
    };
    const extras = { porch: Math.round(facts.lotSizeSqft / 100 + about(5)) };
    return { ...subjectOf({ ...facts, ...lacking(i) }), extras };
  });
}

function learn(houses: readonly ValuationSubject[]) {
  const days = new Float64Array(houses.length).fill(FIRST_DAY);
  const plan = planColumns(houses, days);
  const imputation = learnImputation(plan, houses, days);
  return { plan, imputation, impute: createImputer(plan, imputation, placesOf(houses)) };
}

const houses = invent(600);
const { impute } = learn(houses);
const lacking = (house: ValuationSubject, ...names: Array<keyof ValuationFacts>): ValuationSubject => ({
  ...house,
  facts: { ...house.facts, ...Object.fromEntries(names.map((name) => [name, null])) },
});
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('what a house likely has that it does not state', () => {
  it('is nothing where it states all: the house itself', () => {
    for (const house of houses.slice(0, 50)) expect(impute(house, FIRST_DAY)).toBe(house);
  });

  it('is as the other facts say, far nearer to the truth than the middle of all houses', () => {
    const middle = mean(houses.map(({ facts }) => Math.log(facts.sqft!)));
    const off = houses.map((house) => {
      const truth = Math.log(house.facts.sqft!);
      const imputed = Math.log(impute(lacking(house, 'sqft'), FIRST_DAY).facts.sqft!);
      return { imputed: Math.abs(imputed - truth), middle: Math.abs(middle - truth), signed: imputed - truth };
    });
    expect(mean(off.map(({ imputed }) => imputed))).toBeLessThan(0.35 * mean(off.map((each) => each.middle)));
    expect(Math.abs(mean(off.map(({ signed }) => signed)))).toBeLessThan(0.01);
    const porches = houses.map((house) => {
      const bare: ValuationSubject = { ...house, extras: {} };
      return Math.abs(Number(impute(bare, FIRST_DAY).extras['porch']) - Number(house.extras['porch']));
    });
    expect(mean(porches)).toBeLessThan(15);
  });

  it('is the mean of a joint normal distribution: what is filled in tells nothing new of the rest', () => {
    const facts = ['sqft', 'bedrooms', 'grade', 'lotSizeSqft'] as const;
    // Others may be held at the ends of what training saw.
    const usual = houses.filter(
      ({ facts: { bedrooms, grade, lotSizeSqft } }) =>
        bedrooms === 3 && grade === 7 && lotSizeSqft! > 5_000 && lotSizeSqft! < 7_500,
    );
    expect(usual.length).toBeGreaterThan(20);
    fc.assert(
      fc.property(fc.constantFrom(...usual), fc.subarray([...facts], { minLength: 2 }), (house, hidden) => {
        const together = impute(lacking(house, ...hidden), FIRST_DAY);
        const [first, ...rest] = hidden;
        // The mean of one given the means of the others is its own mean.
        const given = { ...together, facts: { ...together.facts, [first!]: null } };
        const again = impute(given, FIRST_DAY);
        expect(rest.every((name) => again.facts[name] === together.facts[name])).toBe(true);
        expect(Number(again.facts[first!]) / Number(together.facts[first!])).toBeCloseTo(1, 6);
      }),
      { numRuns: 100 },
    );
  });

  it('stays within what training saw, in the kinds that facts have', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }), fc.integer({ min: 0, max: 60 }), (sqft, bedrooms) => {
        const bare = subjectOf({ sqft, bedrooms, zipCode: '98001' });
        const { facts, extras } = impute(bare, FIRST_DAY);
        const grades = houses.map((house) => house.facts.grade!);
        expect(facts.grade).toBeGreaterThanOrEqual(Math.min(...grades));
        expect(facts.grade).toBeLessThanOrEqual(Math.max(...grades));
        expect(Number.isInteger(facts.yearBuilt)).toBe(true);
        expect(facts.waterfront).toBe(false);
        expect(facts).toMatchObject({ sqft, bedrooms, zipCode: '98001' });
        expect(Number(extras['porch'])).toBeGreaterThan(0);
        expect(bare.facts.grade).toBeNull();
      }),
      { numRuns: 50 },
    );
  });

  it('counts what cannot be as missing', () => {
    const [house] = houses;
    const impossible = { ...house!, facts: { ...house!.facts, sqft: 0 }, extras: { porch: 'none' } };
    const missing: ValuationSubject = { ...lacking(house!, 'sqft'), extras: {} };
    const [a, b] = [impute(impossible, FIRST_DAY), impute(missing, FIRST_DAY)];
    expect(a.facts.sqft).toBe(b.facts.sqft);
    expect(a.extras['porch']).toBe(b.extras['porch']);
  });

  it('tells the place by the postal code and the postal code by the place, and neither by anything else', () => {
    for (const house of houses.slice(0, 60)) {
      expect(impute(lacking(house, 'zipCode'), FIRST_DAY).facts.zipCode).toBe(house.facts.zipCode);
      const unknown = { ...house, facts: { ...house.facts, zipCode: '00000' } };
      expect(impute(unknown, FIRST_DAY).facts.zipCode).toBe(house.facts.zipCode);
      const { latitude } = impute(lacking(house, 'latitude', 'longitude'), FIRST_DAY).facts;
      expect(Math.abs(latitude! - ZIPS[house.facts.zipCode as keyof typeof ZIPS])).toBeLessThan(0.02);
      const nowhere = impute(lacking(house, 'latitude', 'longitude', 'zipCode', 'grade'), FIRST_DAY).facts;
      expect([nowhere.latitude, nowhere.longitude, nowhere.zipCode]).toEqual([null, null, null]);
      expect(nowhere.grade).not.toBeNull();
    }
  });

  it('is left open where a twentieth of the training sales lacks it: the trees have learned of that', () => {
    const many = invent(600, (i) => (i % 19 === 0 ? { grade: null } : {}));
    expect(learn(many).impute(lacking(many[1]!, 'grade'), FIRST_DAY).facts.grade).toBeNull();
    const few = invent(600, (i) => (i % 25 === 0 ? { grade: null } : {}));
    const { impute: fill, plan, imputation } = learn(few);
    expect(fill(few[0]!, FIRST_DAY).facts.grade).not.toBeNull();
    expect(imputation.columns.map((at) => plan.numbers[at]!.name)).not.toContain('effectiveAge');
    const unzipped = invent(600, (i) => (i % 10 === 0 ? { zipCode: null } : {}));
    expect(learn(unzipped).impute(lacking(unzipped[1]!, 'zipCode'), FIRST_DAY).facts.zipCode).toBeNull();
    const placeless = invent(600, () => ({ latitude: null, longitude: null }));
    expect(learn(placeless).impute(placeless[0]!, FIRST_DAY)).toBe(placeless[0]);
  });

  it('needs no number at all', () => {
    const bare = Array.from({ length: 60 }, () => subjectOf({ zipCode: '98001' }));
    expect(learn(bare).impute(bare[0]!, FIRST_DAY)).toBe(bare[0]);
  });
});
