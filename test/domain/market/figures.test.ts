import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFigure, unsupportedFigures } from '../../../src/domain/market/figures.ts';

const RESULTS = {
  as_of: '2026-03-02',
  market: 'Phoenix, AZ',
  inventory: 4_213,
  change: -0.0312,
  margin: 1_249_600.4,
  notes: ['only 3 of at least 5 needed'],
  rows: [{ rank: 1, z: 2.437 }],
};

describe('unsupportedFigures', () => {
  it.each([
    'Inventory is 4,213 homes in Phoenix.',
    'Prices fell by 3.1% (3.12%), or 0.03.',
    'Margin: $1,249,600, about $1.2 million or 1,250k or $1.25M.',
    'On 2026-03-02, that is March 2, 2026 or 2 Mar 2026, z was 2.4.',
    '1. first\n2. second\n10) tenth',
    'Of Q3 and B2 nothing is checked; rank 1; 3 of 5.',
  ])('finds nothing in: %s', (text) => {
    expect(unsupportedFigures(text, RESULTS)).toEqual([]);
  });

  it.each([
    ['Inventory is 4,214 homes.', ['4,214']],
    ['Prices fell by 3.2%.', ['3.2%']],
    ['Margin is $1.3 million.', ['1.3 million']],
    ['On 2026-03-03 and March 4, 2026', ['2026-03-03', 'March 4, 2026']],
    ['Up 12%, up 12%, of 77', ['12%', '77']],
    ['$3.1', []],
    ['0.5', ['0.5']],
  ])('finds what no tool said in: %s', (text, expected) => {
    expect(unsupportedFigures(text, { ...RESULTS, three: 3.1 })).toEqual(expected);
  });

  it('supports every figure as it is formatted', () => {
    const units = fc.constantFrom('usd', 'percent', 'days', 'count', 'score', 'ratio', 'z');
    const values = fc.double({ min: -1e8, max: 1e8, noNaN: true });
    fc.assert(
      fc.property(values, units, (value, unit) => {
        expect(unsupportedFigures(`It is ${formatFigure(value, unit)} now.`, [value])).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('supports no number that differs by more than its rounding', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e7 }),
        fc.integer({ min: 1, max: 1e6 }),
        fc.integer({ min: 0, max: 3 }),
        (known, off, decimals) => {
          const stated = (known + off).toFixed(decimals);
          expect(unsupportedFigures(`So ${stated} it is`, { known })).toEqual([stated]);
        },
      ),
    );
  });

  it('never throws, and repeats of the same text in results are supported', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        unsupportedFigures(text, {});
        expect(unsupportedFigures(text.replace(/[a-zA-Z]/g, ' '), text.replace(/[a-zA-Z]/g, ' '))).toEqual([]);
      }),
    );
  });
});

describe('formatFigure', () => {
  it('writes units', () => {
    expect(formatFigure(-1_240_000.4, 'usd')).toBe('−$1,240,000');
    expect(formatFigure(0.0312, 'percent')).toBe('3.1%');
    expect(formatFigure(-0.0001, 'percent')).toBe('0.0%');
    expect(formatFigure(null, 'usd')).toBe('–');
    expect(formatFigure(12, 'days')).toBe('12.0 days');
  });
});
