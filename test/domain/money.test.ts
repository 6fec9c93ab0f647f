import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDollars, parseMoney, toCents, toDollars } from '../../src/domain/money.ts';

describe('money', () => {
  it.each([
    ['$1,200,000', 120_000_000],
    ['1.225e+006', 122_500_000],
    ['$276K', 27_600_000],
    ['1.2M', 120_000_000],
    ['1,200,000.50', 120_000_050],
    ['USD 450000', 45_000_000],
    ['$2,045+', 204_500],
    ['0.005', 1],
    ['1e8', 10_000_000_000],
    [221900, 22_190_000],
  ])('reads %s', (text, cents) => expect(parseMoney(text)).toBe(cents));

  it.each(['', ' ', '-5', '($300)', 'call', '1,2,3', '12,34', 'NaN', '1.2.3', '$', '9'.repeat(30), null, undefined])(
    'refuses %s',
    (text) => expect(parseMoney(text)).toBeNull(),
  );

  it('reads back every whole-cent amount without drift, with and without grouping', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (cents) => {
        const plain = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
        const grouped = `$${Math.floor(cents / 100).toLocaleString('en-US')}.${String(cents % 100).padStart(2, '0')}`;
        expect(parseMoney(plain)).toBe(cents);
        expect(parseMoney(grouped)).toBe(cents);
        expect(toCents(toDollars(cents))).toBe(cents);
      }),
    );
  });

  it('never answers anything but null or a safe integer of at least 0', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String)), (text) => {
        const cents = parseMoney(text);
        expect(cents === null || (Number.isSafeInteger(cents) && cents >= 0)).toBe(true);
      }),
    );
  });

  it('refuses to make cents of a negative or infinite amount', () => {
    expect(() => toCents(-1)).toThrow(RangeError);
    expect(() => toCents(Number.NaN)).toThrow(RangeError);
    expect(parseDollars('$1.50')).toBe(1.5);
  });
});
