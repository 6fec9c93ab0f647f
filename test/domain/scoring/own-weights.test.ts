import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScoringConfig } from '../../../src/config/scoring.ts';
import { changedProfiles, sharesOf, withOwnWeights } from '../../../src/domain/scoring/own-weights.ts';
import { scoreProperty } from '../../../src/domain/scoring/score.ts';
import { scoreWithWeights } from '../../../src/domain/scoring/what-if/other-weights.ts';
import { inputOf } from './random.ts';

const config = loadScoringConfig('config/scoring.yaml');
const features = config.profiles.asking.map(({ feature }) => feature);
const changes = fc.dictionary(fc.constantFrom(...features), fc.double({ min: 0, max: 0.6, noNaN: true }), {
  minKeys: 1,
  maxKeys: 6,
});
const sum = (shares: Readonly<Record<string, number>>) => Object.values(shares).reduce((all, one) => all + one, 0);

describe('weights of a tenant', () => {
  it('are the configured ones until some are set', () => {
    expect(withOwnWeights(config, null)).toBe(config);
  });

  it('score as the try of the same weights said', () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 20_000_000, max: 60_000_000 }), (set, listPriceCents) => {
        const input = inputOf({ listPriceCents, standardStatus: 'Active' });
        const before = scoreProperty(input, config);
        const own = withOwnWeights(config, { number: 3, profiles: changedProfiles(config, set) });
        const after = scoreProperty(input, own);
        // Each feature's points are rounded to two decimals.
        expect(Math.abs(after.birdDogScore - (scoreWithWeights(before.components, set) ?? 0))).toBeLessThan(0.2);
        expect(after.weightsVersion).toBe(`${config.version}-own.3`);
        expect(sum(Object.fromEntries(after.components.map(({ name, weight }) => [name, weight])))).toBeCloseTo(1, 6);
      }),
      { numRuns: 40 },
    );
  });

  it('are changed on top of each other, and a change to what counts changes nothing', () => {
    fc.assert(
      fc.property(changes, (set) => {
        const own = withOwnWeights(config, { number: 1, profiles: changedProfiles(config, set) });
        const shares = sharesOf(own.profiles.asking);
        const again = withOwnWeights(config, {
          number: 2,
          profiles: changedProfiles(own, { flip_roi: shares.flip_roi! }),
        });
        for (const [name, share] of Object.entries(sharesOf(again.profiles.asking))) {
          expect(share).toBeCloseTo(shares[name]!, 6);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('keep a feature that counts nothing, so that it can be given weight again', () => {
    const own = withOwnWeights(config, { number: 1, profiles: changedProfiles(config, { flood_risk: 0 }) });
    expect(sharesOf(own.profiles.asking).flood_risk).toBe(0);
    const back = changedProfiles(own, { flood_risk: 0.25 });
    expect(back.asking.flood_risk).toBeCloseTo(0.2, 6);
  });

  it('give a feature that the configuration has got since its configured share, and forget one that it lost', () => {
    const { flip_roi: _, ...known } = changedProfiles(config, { rental_yield: 0.5 }).asking;
    const own = withOwnWeights(config, {
      number: 1,
      profiles: { asking: { ...known, long_gone: 0.4 }, offMarket: {} },
    });
    const weightOf = (name: string) => own.profiles.asking.find(({ feature }) => feature === name)?.weight;
    expect(weightOf('flip_roi')).toBeCloseTo(sharesOf(config.profiles.asking).flip_roi!, 9);
    expect(weightOf('long_gone')).toBeUndefined();
    for (const [name, share] of Object.entries(sharesOf(config.profiles.offMarket))) {
      expect(sharesOf(own.profiles.offMarket)[name]).toBeCloseTo(share, 9);
    }
  });

  it('are refused where nothing would count, or nobody knows the feature', () => {
    expect(() => changedProfiles(config, { colour: 0.5 })).toThrow(/no feature 'colour'\. Known: .*flip_roi/);
    const none = Object.fromEntries(features.map((name) => [name, 0]));
    expect(() => changedProfiles(config, none)).toThrow(/at least one feature/);
  });
});
