import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScoringConfig } from '../../../src/config/scoring.ts';
import { selectComparables } from '../../../src/domain/comparables.ts';
import type { FloodRisk, Property } from '../../../src/domain/property.ts';
import { FEATURES } from '../../../src/domain/scoring/registry.ts';
import { scoreProperty } from '../../../src/domain/scoring/score.ts';
import { AS_OF, county, house, inputFor, sales } from './samples.ts';

const weights = loadScoringConfig(resolve('config/scoring.yaml'));
const score = (over: Partial<Property> = {}) => scoreProperty(inputFor(house(over)), weights);
const cents = fc.integer({ min: 1, max: 300_000_000 });
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const wild = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -1, Number.NaN, Number.POSITIVE_INFINITY, 9e11, 1e15),
);
const day = fc
  .integer({ min: -20_000, max: 20_000 })
  .map((d) => new Date(Date.UTC(2000, 0, 1) + d * 86_400_000).toISOString().slice(0, 10));
const flood = fc.constantFrom<FloodRisk | null>('low', 'moderate', 'high', 'very_high', 'undetermined', null);
const plausible = fc.record({
  sqft: maybe(fc.integer({ min: 300, max: 9000 })),
  yearBuilt: maybe(fc.integer({ min: 1880, max: 2015 })),
  condition: maybe(fc.integer({ min: 1, max: 5 })),
  grade: maybe(fc.integer({ min: 1, max: 13 })),
  lotSizeSqft: maybe(fc.integer({ min: 500, max: 900_000 })),
  lastSalePriceCents: maybe(cents),
  lastSaleDate: maybe(day),
  assessedValueCents: maybe(cents),
  taxAnnualCents: maybe(fc.integer({ min: 0, max: 5_000_000 })),
  listPriceCents: maybe(cents),
  listDate: maybe(day),
  medianIncomeCents: maybe(cents),
  medianRentCents: maybe(fc.integer({ min: 1, max: 900_000 })),
  floodRisk: flood,
});

describe('scoreProperty', () => {
  it('is finite and within 0 to 100 whatever comes in, and the same each time', () => {
    const anything = fc.record({
      sqft: maybe(wild),
      yearBuilt: maybe(wild),
      yearRenovated: maybe(wild),
      condition: maybe(wild),
      grade: maybe(wild),
      lotSizeSqft: maybe(wild),
      bathrooms: maybe(wild),
      lastSalePriceCents: maybe(wild),
      lastSaleDate: maybe(fc.oneof(day, fc.string())),
      assessedValueCents: maybe(wild),
      taxAnnualCents: maybe(wild),
      listPriceCents: maybe(wild),
      listDate: maybe(fc.oneof(day, fc.string())),
      medianIncomeCents: maybe(wild),
      medianRentCents: maybe(wild),
      floodRisk: flood,
    });
    fc.assert(
      fc.property(anything, wild, wild, (facts, heat, growth) => {
        const input = {
          ...inputFor(house(facts)),
          county: { ...county, marketHeat: heat, appreciationAnnual: growth },
        };
        const result = scoreProperty(input, weights);
        for (const value of [result.birdDogScore, result.investmentScore, result.riskScore]) {
          expect(Number.isFinite(value) && value >= 0 && value <= 100).toBe(true);
        }
        expect(Number.isFinite(result.confidence) && result.confidence >= 0 && result.confidence <= 1).toBe(true);
        expect(JSON.stringify(result)).not.toMatch(/NaN|undefined|Infinity/);
        expect(scoreProperty(input, weights)).toEqual(result);
      }),
      { numRuns: 150 },
    );
  });

  it('never scores a lower asking price lower', () => {
    fc.assert(
      fc.property(plausible, cents, cents, (facts, a, b) => {
        const at = (listPriceCents: number) => score({ ...facts, listPriceCents });
        const [cheap, dear] = [at(Math.min(a, b)), at(Math.max(a, b))];
        expect(cheap.birdDogScore).toBeGreaterThanOrEqual(dear.birdDogScore);
        expect(cheap.investmentScore).toBeGreaterThanOrEqual(dear.investmentScore);
      }),
      { numRuns: 150 },
    );
  });

  it('never scores more equity lower, off market', () => {
    fc.assert(
      fc.property(plausible, cents, cents, (facts, a, b) => {
        const at = (lastSalePriceCents: number) =>
          score({ ...facts, listPriceCents: null, lastSalePriceCents }).birdDogScore;
        expect(at(Math.min(a, b))).toBeGreaterThanOrEqual(at(Math.max(a, b)));
      }),
      { numRuns: 150 },
    );
  });

  it('never scores a lower flood risk lower, and its risk score never higher', () => {
    fc.assert(
      fc.property(plausible, (facts) => {
        const order: FloodRisk[] = ['low', 'moderate', 'high', 'very_high'];
        const results = order.map((floodRisk) => score({ ...facts, floodRisk }));
        for (let i = 1; i < results.length; i += 1) {
          expect(results[i]!.birdDogScore).toBeLessThanOrEqual(results[i - 1]!.birdDogScore);
          expect(results[i]!.riskScore).toBeGreaterThanOrEqual(results[i - 1]!.riskScore);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('has components that sum to the score and shares that sum to 1', () => {
    fc.assert(
      fc.property(plausible, (facts) => {
        const result = score(facts);
        const hundredths = result.components.reduce((sum, c) => sum + Math.round(c.contribution * 100), 0);
        expect(Math.min(10_000, hundredths) / 100).toBe(result.birdDogScore);
        expect(result.components.reduce((sum, c) => sum + c.weight, 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('compares an asking price with the value, and says so', () => {
    const result = score({ listPriceCents: 35_000_000 });
    expect(result).toMatchObject({ referencePriceKind: 'asking', referencePriceCents: 35_000_000, profile: 'asking' });
    const reason = result.reasons.find((each) => each.code === 'asking_discount');
    expect(reason?.label).toMatch(
      /^The asking price of \$350,000 is 2\d% below the \$4\d\d,\d{3} that 12 comparable sales suggest\.$/,
    );
    expect(reason?.contribution).toBeGreaterThan(0);
  });

  it('never calls a closed sale an asking price', () => {
    const result = score();
    expect(result).toMatchObject({ referencePriceKind: 'last_sale_indexed', profile: 'off_market' });
    const text = result.reasons
      .map((reason) => reason.label)
      .join(' ')
      .replaceAll('A closed sale is not an asking price.', '');
    expect(text).not.toContain('asking');
    expect(text).toContain('last sale');
  });

  it('takes a good off-market parcel to outreach and leaves an ordinary one below the memo', () => {
    const good = score({ lastSalePriceCents: 16_000_000, lastSaleDate: '1999-05-01', condition: 2 });
    expect(good.birdDogScore).toBeGreaterThan(weights.thresholds.outreach);
    const ordinary = score({ lastSalePriceCents: 45_000_000, lastSaleDate: '2014-09-01' });
    expect(ordinary.birdDogScore).toBeLessThan(weights.thresholds.memo);
  });

  it('counts what is missing as neutral, says so, and is less sure', () => {
    const known = score();
    const unknown = score({
      medianRentCents: null,
      medianIncomeCents: null,
      floodRisk: null,
      assessedValueCents: null,
    });
    expect(unknown.confidence).toBeLessThan(known.confidence);
    const entry = weights.profiles.offMarket.find((each) => each.feature === 'flood_risk')!;
    expect(unknown.components.find((c) => c.name === 'flood_risk')).toMatchObject({
      value: null,
      score: entry.neutral,
    });
    expect(unknown.reasons.find((r) => r.code === 'missing_inputs')?.label).toContain('flood risk');
    expect(unknown.featuresUsed['flood_risk']).toBeNull();
  });

  it('names simulated inputs and is less sure of them, with the same score', () => {
    const source = { source: 'fema-nfhl', fetchedAt: '2015-04-01T00:00:00Z', confidence: 1, costMicros: 0 };
    const real = score({ fieldSources: { floodRisk: { ...source, simulated: false } } });
    const made = score({ fieldSources: { floodRisk: { ...source, simulated: true } } });
    expect(made.birdDogScore).toBe(real.birdDogScore);
    expect(made.confidence).toBeLessThan(real.confidence);
    expect(made.simulatedFields).toEqual(['floodRisk']);
    expect(made.reasons.find((r) => r.code === 'simulated_inputs')).toMatchObject({ sources: ['fema-nfhl'] });
    expect(real.reasons.some((r) => r.code === 'simulated_inputs')).toBe(false);
  });

  it('sorts reasons by strength with the sources of their inputs', () => {
    const source = {
      source: 'county-assessor',
      fetchedAt: '2015-04-01T00:00:00Z',
      confidence: 1,
      costMicros: 0,
      simulated: false,
    };
    const { reasons } = score({ fieldSources: { assessedValueCents: source } });
    const strengths = reasons.map((reason) => Math.abs(reason.contribution));
    expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
    expect(reasons.find((r) => r.code === 'market_to_assessed')?.sources).toEqual([
      'comparable sales',
      'county-assessor',
    ]);
  });

  it('asks for a look at prices that cannot be right, and when there is no value', () => {
    expect(score({ listPriceCents: 5_000_000 }).reviewReason).toContain('less than half the estimated');
    const alone = scoreProperty(inputFor(house(), selectComparables(house(), sales().slice(0, 2), AS_OF)), weights);
    expect(alone).toMatchObject({ needsReview: true, estimatedValueCents: null, roiEstimate: null });
    expect(alone.reasons.find((r) => r.code === 'no_value')?.label).toContain('Only 2 usable sales');
    expect(score().needsReview).toBe(false);
  });

  it('does not compare prices with a county median of another time', () => {
    const input = inputFor(house());
    const later = scoreProperty({ ...input, county: { ...county, medianPriceYear: 2024 } }, weights);
    expect(later.featuresUsed['price_to_county_median']).toBeNull();
    expect(scoreProperty(input, weights).featuresUsed['price_to_county_median']).not.toBeNull();
  });
});

describe('the registry', () => {
  it('has distinct names, and every feature is weighed somewhere', () => {
    const names = FEATURES.map((feature) => feature.name);
    expect(new Set(names).size).toBe(names.length);
    const used = [...weights.profiles.asking, ...weights.profiles.offMarket, ...weights.risk].map(
      (entry) => entry.feature,
    );
    expect(names.filter((name) => !used.includes(name))).toEqual([]);
  });
});
