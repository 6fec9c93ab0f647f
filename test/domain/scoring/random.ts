import fc from 'fast-check';
import { selectComparables } from '../../../src/domain/comparables.ts';
import type { FloodRisk, Property } from '../../../src/domain/property.ts';
import type { ScoringConfig, WeightedFeature } from '../../../src/domain/scoring/config.ts';
import type { ScoreInput } from '../../../src/domain/scoring/feature.ts';
import { FEATURES } from '../../../src/domain/scoring/registry.ts';
import type { AvmValue } from '../../../src/domain/scoring/value.ts';
import { AS_OF, house, inputFor, sales } from './samples.ts';

export const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
export const cents = fc.integer({ min: 1, max: 300_000_000 });
/** Amounts of every size, the absurd ones too. */
export const anyCents = fc.oneof(
  cents,
  fc.integer({ min: 1, max: 1_000 }),
  fc.double({ min: 1, max: 1e15, noNaN: true }),
);
const day = fc
  .integer({ min: -20_000, max: 6_000 })
  .map((d) => new Date(Date.UTC(2000, 0, 1) + d * 86_400_000).toISOString().slice(0, 10));

/** Facts of houses, known or not. */
export const facts: fc.Arbitrary<Partial<Property>> = fc.record({
  sqft: maybe(fc.integer({ min: 300, max: 9000 })),
  yearBuilt: maybe(fc.integer({ min: 1880, max: 2015 })),
  condition: maybe(fc.integer({ min: 1, max: 5 })),
  lotSizeSqft: maybe(fc.integer({ min: 500, max: 900_000 })),
  lastSalePriceCents: maybe(cents),
  lastSaleDate: maybe(day),
  assessedValueCents: maybe(cents),
  taxAnnualCents: maybe(fc.integer({ min: 0, max: 5_000_000 })),
  listPriceCents: maybe(cents),
  listDate: maybe(day),
  medianIncomeCents: maybe(anyCents),
  medianRentCents: maybe(fc.integer({ min: 1, max: 900_000 })),
  floodRisk: fc.constantFrom<FloodRisk | null>('low', 'moderate', 'high', 'very_high', 'undetermined', null),
});

/** A model's value with a sane interval. */
export const avmValue: fc.Arbitrary<AvmValue> = fc
  .record({
    valueCents: fc.integer({ min: 1_000_000, max: 200_000_000 }),
    width: fc.double({ min: 0.01, max: 0.55, noNaN: true }),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ valueCents, width, confidence }) => ({
    valueCents,
    lowCents: Math.floor(valueCents * (1 - width)),
    highCents: Math.ceil(valueCents * (1 + width)),
    confidence,
    modelVersion: 'avm-test',
  }));

const share = fc.double({ min: 0, max: 1, noNaN: true });

function weighted(name: string, better: 'higher' | 'lower'): fc.Arbitrary<WeightedFeature> {
  const points = fc.uniqueArray(fc.tuple(fc.double({ min: -3, max: 20, noNaN: true }), share), {
    minLength: 2,
    maxLength: 5,
    selector: ([raw]) => raw,
  });
  return fc
    .record({ weight: fc.double({ min: 0.01, max: 1000, noNaN: true }), neutral: share, points })
    .map(({ weight, neutral, points: given }) => {
      const raws = given.map(([raw]) => raw).sort((a, b) => a - b);
      const scores = given.map(([, score]) => score).sort((a, b) => (better === 'higher' ? a - b : b - a));
      return { feature: name, weight, neutral, curve: raws.map((raw, i) => [raw, scores[i] ?? 0] as const) };
    });
}

const list = fc
  .subarray([...FEATURES], { minLength: 1 })
  .chain((chosen) => fc.tuple(...chosen.map(({ name, better }) => weighted(name, better))));

/** Weights and assumptions that the loader would accept. */
export function anyWeights(base: ScoringConfig): fc.Arbitrary<ScoringConfig> {
  const tiers = (max: number) =>
    fc.record({
      cosmetic: fc.double({ min: 0, max, noNaN: true }),
      moderate: fc.double({ min: 0, max, noNaN: true }),
      fullGut: fc.double({ min: 0, max, noNaN: true }),
    });
  const assumptions = fc.record({
    renovationUsdPerSqft: tiers(1000),
    arvUplift: tiers(1),
    offerRule: fc.double({ min: 0.3, max: 1, noNaN: true }),
    buyingCostShare: fc.double({ min: 0, max: 0.5, noNaN: true }),
    sellingCostShare: fc.double({ min: 0, max: 0.5, noNaN: true }),
    holdingMonths: fc.double({ min: 0, max: 60, noNaN: true }),
    holdingCostShareMonthly: fc.double({ min: 0, max: 0.1, noNaN: true }),
    vacancyShare: share,
    operatingShare: share,
    insuranceShare: fc.double({ min: 0, max: 0.1, noNaN: true }),
    taxShare: fc.double({ min: 0, max: 0.1, noNaN: true }),
  });
  return fc.record({ asking: list, offMarket: list, risk: list, assumptions }).map((drawn) => ({
    ...base,
    profiles: { asking: drawn.asking, offMarket: drawn.offMarket },
    risk: drawn.risk,
    assumptions: { ...base.assumptions, ...drawn.assumptions },
  }));
}

const candidates = sales();

/** The input of a house among the sample's sales, with a model's value or without. */
export function inputOf(over: Partial<Property>, avm: AvmValue | null = null): ScoreInput {
  const property = house(over);
  return { ...inputFor(property, selectComparables(property, candidates, AS_OF)), avm };
}
