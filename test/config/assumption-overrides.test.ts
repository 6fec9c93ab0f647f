import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withAssumptionOverrides } from '../../src/config/assumption-overrides.ts';
import { loadScoringConfig } from '../../src/config/scoring.ts';

const { assumptions } = loadScoringConfig(resolve('config/scoring.yaml'));

describe('withAssumptionOverrides', () => {
  it('replaces what is named and keeps the rest', () => {
    expect(withAssumptionOverrides(assumptions, [])).toEqual(assumptions);
    const changed = withAssumptionOverrides(assumptions, ['offer_rule=0.75', 'renovation_usd_per_sqft.full_gut=120']);
    expect(changed).toEqual({
      ...assumptions,
      offerRule: 0.75,
      renovationUsdPerSqft: { ...assumptions.renovationUsdPerSqft, fullGut: 120 },
    });
  });

  it.each([
    ['ofer_rule=0.7', "Did you mean 'offer_rule'?"],
    ['offer_rule=much', "'much' is not a number"],
    ['offer_rule=', 'is not a number'],
    ['vacancy_share=5', '--assume vacancy_share:'],
    ['colour=1', 'Known: '],
  ])('refuses %s', (pair, words) => {
    expect(() => withAssumptionOverrides(assumptions, [pair])).toThrow(words);
  });
});
