import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadComparableRules, parseComparableRules } from '../../src/config/comparables.ts';

const text = readFileSync('config/comparables.yaml', 'utf8');
const withChange = (from: string, to: string) => () => {
  expect(text).toContain(from);
  return parseComparableRules(text.replace(from, to), 'comparables.yaml');
};

describe('the rules for comparables', () => {
  it('start from half a mile, a year and a fifth', () => {
    const rules = loadComparableRules('config/comparables.yaml');
    expect(rules.limits).toEqual({ radiusMiles: 0.5, months: 12, sqftTolerance: 0.2 });
    expect(rules).toMatchObject({ minChosen: 3, maxChosen: 10, samePropertyType: true });
    expect(rules.widening[0]).toEqual({ months: 18 });
  });

  it.each([
    [
      'a mistyped key',
      'min_chosen:',
      'min_choosen:',
      /comparables\.yaml:\d+: min_choosen is not a known key\. Did you mean "min_chosen"\?/,
    ],
    ['a step that narrows', '{ months: 18 }', '{ months: 6 }', /widening\.0\.months must be above 12/],
    ['a step without a limit', '{ months: 18 }', '{}', /widening\.0 widens nothing/],
    ['a maximum below the minimum', 'max_chosen: 10', 'max_chosen: 2', /max_chosen must not lie below min_chosen, 3/],
    ['a radius of a county', 'radius_miles: 0.5', 'radius_miles: 50', /limits\.radius_miles/],
  ])('refuse %s', (_, from, to, words) => expect(withChange(from, to)).toThrow(words));

  it('name the file that is missing', () => {
    expect(() => loadComparableRules('nowhere/comparables.yaml')).toThrow(/Restore nowhere\/comparables\.yaml/);
  });
});
