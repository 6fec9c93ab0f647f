import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadMarketRules, parseMarketRules } from '../../src/config/market.ts';
import { MARKET_RULES } from '../../src/domain/market/risk-rules.ts';

const text = readFileSync('config/market.yaml', 'utf8');
const withChange = (from: string, to: string) => () => {
  expect(text).toContain(from);
  return parseMarketRules(text.replace(from, to), 'market.yaml');
};

describe('the rules for scoring markets', () => {
  it('are, as delivered, those that hold where none are given', () => {
    expect(loadMarketRules('config')).toEqual(MARKET_RULES);
  });

  it.each([
    [
      'a mistyped figure',
      'sale_to_list:',
      'sale_to_lst:',
      /market\.yaml:\d+: risk\.sale_to_lst is not a known key\. Did/,
    ],
    [
      'a figure turned round',
      'from: 0, to: 30',
      'from: 30, to: 0',
      /days_on_market_change_year\.to must lie above from/,
    ],
    ['bands that fall', 'moderate: 25', 'moderate: 60', /bands must rise/],
    ['a negative weight', 'weight: 25', 'weight: -25', /risk\.price_change_year\.weight/],
    ['a version without form', '"2026.11.1"', '"new"', /version must be YEAR/],
  ])('refuse %s', (_, from, to, words) => expect(withChange(from, to)).toThrow(words));

  it('name the file that is missing', () => {
    expect(() => loadMarketRules('nowhere')).toThrow(/Restore nowhere\/market\.yaml/);
  });
});
