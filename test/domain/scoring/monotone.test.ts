import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScoringConfig } from '../../../src/config/scoring.ts';
import type { FloodRisk } from '../../../src/domain/property.ts';
import { scoreProperty } from '../../../src/domain/scoring/score.ts';
import { anyCents, anyWeights, avmValue, facts, inputOf, maybe } from './random.ts';

const shipped = loadScoringConfig(resolve('config/scoring.yaml'));
const weights = fc.oneof(fc.constant(shipped), anyWeights(shipped));
const both = (a: number, b: number): [number, number] => [Math.min(a, b), Math.max(a, b)];

/** The whole score, on random houses, random valid weights, with and without a model's value. */
describe('the score never falls', () => {
  it('when the asking price falls', () => {
    fc.assert(
      fc.property(facts, maybe(avmValue), weights, anyCents, anyCents, (house, avm, config, a, b) => {
        const [low, high] = both(a, b);
        const at = (listPriceCents: number) => scoreProperty(inputOf({ ...house, listPriceCents }, avm), config);
        expect(at(low).birdDogScore).toBeGreaterThanOrEqual(at(high).birdDogScore);
        expect(at(low).investmentScore).toBeGreaterThanOrEqual(at(high).investmentScore);
      }),
      { numRuns: 100 },
    );
  });

  it('when the owner has more equity: a lower price paid, for sale or not', () => {
    fc.assert(
      fc.property(facts, maybe(avmValue), weights, anyCents, anyCents, (house, avm, config, a, b) => {
        const [low, high] = both(a, b);
        const at = (lastSalePriceCents: number) =>
          scoreProperty(inputOf({ ...house, lastSalePriceCents }, avm), config).birdDogScore;
        expect(at(low)).toBeGreaterThanOrEqual(at(high));
      }),
      { numRuns: 100 },
    );
  });

  it('when the owner has more equity: a higher value', () => {
    fc.assert(
      fc.property(
        facts,
        avmValue,
        weights,
        fc.double({ min: 1, max: 5, noNaN: true }),
        (house, avm, config, factor) => {
          const at = (by: number) => {
            const scaled = (value: number) => Math.round(value * by);
            const more = {
              valueCents: scaled(avm.valueCents),
              lowCents: scaled(avm.lowCents),
              highCents: scaled(avm.highCents),
            };
            return scoreProperty(inputOf(house, { ...avm, ...more }), config).birdDogScore;
          };
          expect(at(factor)).toBeGreaterThanOrEqual(at(1));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('when the flood risk falls', () => {
    fc.assert(
      fc.property(facts, maybe(avmValue), weights, (house, avm, config) => {
        const order: FloodRisk[] = ['low', 'moderate', 'high', 'very_high'];
        const results = order.map((floodRisk) => scoreProperty(inputOf({ ...house, floodRisk }, avm), config));
        for (const [i, result] of results.entries()) {
          const safer = results[i - 1];
          if (safer === undefined) continue;
          expect(safer.birdDogScore).toBeGreaterThanOrEqual(result.birdDogScore);
          expect(safer.riskScore).toBeLessThanOrEqual(result.riskScore);
        }
      }),
      { numRuns: 40 },
    );
  });
});
