import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cleanText,
  formatCents,
  formatDay,
  formatDistance,
  formatDollars,
  formatNumber,
  formatPercent,
  formatPoints,
  formatShortDollars,
} from '../../../src/domain/memo/format.ts';

describe('numbers in words', () => {
  it('prints money, shares and points', () => {
    expect(formatCents(122_500_000)).toBe('$1,225,000');
    expect(formatDollars(12.5)).toBe('$12.50');
    expect(formatDollars(-1_781.4)).toBe('\u2212$1,781');
    expect(formatDollars(-0.001)).toBe('$0.00');
    expect(formatPercent(0.1234)).toBe('12.3%');
    expect(formatPercent(-0.0001)).toBe('0%');
    expect(formatPoints(-4.14)).toBe('\u22124.1');
    expect(formatPoints(26.4)).toBe('+26.4');
    expect(formatPoints(0.01)).toBe('0');
    expect(formatNumber(2.25, 2)).toBe('2.25');
    expect(formatShortDollars(1_234_000)).toBe('$1.23M');
    expect(formatDistance(1_340)).toBe('1.3 km (0.83 mi)');
  });

  it('knows no value that is not there', () => {
    for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect([formatCents(value), formatNumber(value), formatPercent(value), formatDistance(value)]).toEqual([
        null,
        null,
        null,
        null,
      ]);
    }
    expect([formatDay(null), formatDay(''), formatDay('2025-13-40'), formatDay('yesterday')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(formatDay('2025-03-12T23:59:59Z')).toBe('12 Mar 2025');
  });
});

describe('text from outside', () => {
  it('reads words for "no value" as unknown', () => {
    for (const text of ['', '  ', 'null', 'NULL', 'undefined', 'NaN', 'N/A', '--', '\u200b']) {
      expect(cleanText(text)).toBeNull();
    }
    expect(cleanText('Nanette')).toBe('Nanette');
  });

  it('drops direction overrides and pulls braces apart, also where a dropped character stood between them', () => {
    expect(cleanText('a\u202egnp.exe')).toBe('agnp.exe');
    expect(cleanText('{{owner}} {\u200b{x}}}')).toBe('{ {owner} } { {x} } }');
  });

  it('keeps three accents of a pile on one letter', () => {
    expect(cleanText(`Z${'\u0301\u0316'.repeat(40)}algo`)).toBe('Z\u0301\u0316\u0301algo');
  });

  it('never holds template braces, controls or more than its limit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 5, max: 200 }), (text, limit) => {
        const clean = cleanText(text, limit);
        if (clean === null) return;
        expect(clean).not.toMatch(/\{\{|\}\}|[\p{Cc}\p{Cs}\u202a-\u202e]/u);
        expect(clean.length).toBeLessThanOrEqual(limit + 2);
      }),
      { numRuns: 50 },
    );
  });
});
