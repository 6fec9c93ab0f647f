import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileColumn } from '../../../src/activities/discover/column-profile.ts';
import { parseDate } from '../../../src/activities/discover/date-parse.ts';
import { headerUnit, headerWords } from '../../../src/activities/discover/header-words.ts';
import { asNumbers } from '../../../src/activities/discover/sales-extras.ts';
import { parseValue, withDecimalPoint } from '../../../src/activities/discover/value-parse.ts';

describe('the values of a column', () => {
  it.each([
    [['$450K', '$1.2M'], { scaleShare: 1, currency: '$' }],
    [['85 m²', '90,5 m²'], { area: 'sqm', decimal: 'comma' }],
    [['0.25 ac', '1.1 acres'], { area: 'acres' }],
    [['1,200 sq ft', '980 sq ft'], { area: 'sqft', median: 980 }],
    [['R$ 1.200.000,50', 'R$ 900.000,00'], { currency: 'R$', decimal: 'comma', low: 900_000 }],
    [['1,200,000', '85,000'], { groupedShare: 1, decimal: 'point', high: 1_200_000 }],
    [['1.2e+06', '450000'], { high: 1_200_000, numberShare: 1 }],
    [['0.500', '0.750'], { groupedShare: 0, median: 0.5 }],
    [['020', '120'], { isCode: true }],
    [['3/9/2016', '13/9/2016'], { date: 'day-first' }],
    [['3/9/2016', '3/13/2016'], { date: 'month-first' }],
    [['20141013T000000', '20150101T000000'], { date: 'plain' }],
    [['Wed May 21 00:00:00 EDT 2008'], { date: 'plain' }],
    [['201605', '201712'], { date: 'year-month' }],
    [['960423', '931101', '200512'], { date: 'yymmdd' }],
    [['960423', '123456', '450000'], { date: null }],
    [['43831', '43832.5'], { date: 'excel-serial' }],
    [['2013.25', '2012'], { date: 'decimal-year' }],
    [['Norm', 'Feedr'], { numberShare: 0, date: null }],
  ] as const)('%j', (texts, expected) => {
    expect(profileColumn(texts)).toMatchObject(expected);
  });

  it('reads a number written either way back to the same number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), fc.integer({ min: 0, max: 99 }), (whole, cents) => {
        const decimals = String(cents).padStart(2, '0');
        const value = Number(`${whole}.${decimals}`);
        const grouped = (mark: string) => String(whole).replace(/\B(?=(\d{3})+$)/g, mark);
        expect(Number(withDecimalPoint(`${grouped('.')},${decimals}`))).toBeCloseTo(value, 6);
        const european = { decimal_comma: true, currency: '€' };
        expect(parseValue('ClosePrice', `€ ${grouped('.')},${decimals}`, european)).toEqual({ value });
        expect(parseValue('ClosePrice', `$${grouped(',')}.${decimals}`)).toEqual({ value });
        expect(asNumbers([`${grouped(',')}.${decimals}`])).toEqual([value]);
      }),
    );
  });

  it('keeps codes as text and numbers as numbers', () => {
    expect(asNumbers(['020', '120'])).toBeNull();
    expect(asNumbers(['0', '0.5', '', 'NA'])).toEqual([0, 0.5, null, null]);
    expect(asNumbers(['1,200', '15'])).toEqual([1200, 15]);
    expect(asNumbers(['85,5', '90'])).toEqual([85.5, 90]);
    expect(asNumbers(['12.500', '9.000'], 'comma')).toEqual([12_500, 9000]);
    expect(asNumbers(['5A', '6'])).toBeNull();
    expect(asNumbers(['5%', '12%'])).toEqual([5, 12]);
    expect(asNumbers(['', ''])).toBeNull();
  });

  it('finds the unit in a header and leaves names without one alone', () => {
    expect(headerUnit('Lot Size (Acres)')).toMatchObject({ unit: 'acres', rest: 'lotsize' });
    expect(headerUnit('area_m2')).toMatchObject({ unit: 'sqm', rest: 'area' });
    expect(headerUnit('Área útil (m²)')).toMatchObject({ unit: 'sqm', rest: 'areautil' });
    expect(headerUnit('Price_000s')).toMatchObject({ unit: 'thousands', rest: 'price' });
    expect(headerUnit('SalePrice(thousands)')).toMatchObject({ unit: 'thousands', rest: 'saleprice' });
    expect(headerUnit('living area sq ft')).toMatchObject({ unit: 'sqft', rest: 'livingarea' });
    expect(headerUnit('price_usd')).toMatchObject({ unit: null, rest: 'price' });
    expect(headerUnit('Bedrooms')).toBeNull();
    expect(headerWords('YrSold')).toEqual(['yr', 'sold']);
  });

  it('reads a day from the number a spreadsheet keeps, and refuses what is none', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 99_999 }), (serial) => {
        const days =
          (Date.parse(parseDate(String(serial), 'excel-serial') ?? '') - Date.UTC(1899, 11, 30)) / 86_400_000;
        expect(days).toBe(serial);
      }),
    );
    expect(['960423', '010203', '10203', '961301', '950230'].map((text) => parseDate(text, 'yymmdd'))).toEqual([
      '1996-04-23',
      '2001-02-03',
      '2001-02-03',
      null,
      null,
    ]);
    expect(parseDate('960423')).toBeNull();
    expect(parseDate('31/4/2020', 'day-first')).toBeNull();
    expect(parseDate('Mar-21', 'year-month')).toBe('2021-03-15');
    expect(parseDate('13/2020', 'year-month')).toBeNull();
  });
});
