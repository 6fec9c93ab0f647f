import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScoringConfig, parseScoringConfig } from '../../src/config/scoring.ts';
import { ReosError } from '../../src/domain/errors.ts';

const file = resolve('config/scoring.yaml');
const text = readFileSync(file, 'utf8');

function mistake(from: string | RegExp, to: string): ReosError {
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  try {
    parseScoringConfig(changed, 'scoring.yaml');
  } catch (error) {
    if (error instanceof ReosError) return error;
    throw error;
  }
  throw new Error('the mistake was accepted');
}
const lineOf = (part: string) => text.split('\n').findIndex((line) => line.includes(part)) + 1;

describe('loadScoringConfig', () => {
  it('reads the shipped file', () => {
    const config = loadScoringConfig(file);
    expect(config.thresholds).toEqual({ memo: 50, outreach: 60 });
    expect(config.assumptions.renovationUsdPerSqft.fullGut).toBe(90);
    expect(config.profiles.offMarket.length).toBeGreaterThanOrEqual(15);
  });

  it('says which file is missing', () => {
    expect(() => loadScoringConfig('/nowhere/scoring.yaml')).toThrow(/cannot be read.*\/nowhere\/scoring\.yaml/);
  });

  it('names file, line, path and the right word for a mistyped key', () => {
    const error = mistake('offer_rule:', 'ofer_rule:');
    expect(error.code).toBe('validation');
    expect(error.message).toContain(`scoring.yaml:${lineOf('offer_rule:')}: assumptions.ofer_rule`);
    expect(error.message).toContain('Did you mean "offer_rule"?');
  });

  it('names the nearest feature for a mistyped one', () => {
    const error = mistake('feature: asking_discount,', 'feature: asking_discuont,');
    expect(error.message).toContain(`scoring.yaml:${lineOf('feature: asking_discount')}: profiles.asking.0.feature`);
    expect(error.message).toContain('Did you mean "asking_discount"?');
  });

  it.each([
    [
      'a curve that runs the wrong way',
      '[[0, 1], [1, 0.5], [2, 0.1], [3, 0]]',
      '[[0, 0], [1, 0.5], [2, 0.7], [3, 1]]',
      'must not let the score rise',
    ],
    ['raw values out of order', '[[0.3, 0], [0.8, 1]]', '[[0.8, 0], [0.3, 1]]', 'above that of the point before'],
    ['a feature listed twice', 'feature: flip_roi, ', 'feature: asking_discount, ', 'a second time'],
    ['an outreach threshold below the memo', 'outreach: 60', 'outreach: 40', 'must not lie below the memo threshold'],
    ['a version that is a number', 'version: "2026.11.2"', 'version: 2026.11', 'version'],
    ['a weight of nothing', 'weight: 32', 'weight: 0', 'weight'],
    ['a share above 1', 'vacancy_share: 0.05', 'vacancy_share: 5', 'vacancy_share'],
    ['a missing assumption', /\n {2}mortgage_rate:.*/, '', 'mortgage_rate is missing'],
    ['text that is no YAML', 'thresholds:', 'thresholds: [', 'not valid YAML'],
  ])('refuses %s', (_, from, to, expected) => {
    expect(mistake(from, to).message).toContain(expected);
  });
});
