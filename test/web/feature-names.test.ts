import { describe, expect, it } from 'vitest';
import { FEATURES } from '../../src/domain/scoring/registry.ts';
import { FEATURE_NAMES, featureName } from '../../src/web/lib/feature-names.ts';

describe('the features of the score', () => {
  it('all have a name for a reader, and no name is left of a feature that went', () => {
    expect(Object.keys(FEATURE_NAMES).sort()).toEqual(FEATURES.map(({ name }) => name).sort());
  });

  it('without one, as from a newer server, are told by their words', () => {
    expect(featureName('flip_roi')).toBe('Return of a flip');
    expect(featureName('solar_gain')).toBe('Solar gain');
  });
});
