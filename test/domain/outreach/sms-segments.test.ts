import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countSmsSegments } from '../../../src/domain/outreach/sms-segments.ts';

describe('segments of a text message', () => {
  it.each([
    ['', 'gsm7', 0, 0],
    ['Hello', 'gsm7', 5, 1],
    ['a'.repeat(160), 'gsm7', 160, 1],
    ['a'.repeat(161), 'gsm7', 161, 2],
    ['a'.repeat(306), 'gsm7', 306, 2],
    ['a'.repeat(307), 'gsm7', 307, 3],
    ['€'.repeat(80), 'gsm7', 160, 1],
    // 152 septets and an escape pair: the pair does not fit into the first 153.
    [`${'a'.repeat(152)}€${'a'.repeat(152)}`, 'gsm7', 306, 3],
    ['é[Å]', 'gsm7', 6, 1],
    ['ê', 'ucs2', 1, 1],
    ['ж'.repeat(70), 'ucs2', 70, 1],
    ['ж'.repeat(71), 'ucs2', 71, 2],
    ['🏠', 'ucs2', 2, 1],
    // 66 units and a pair: the pair begins the second segment.
    [`${'ж'.repeat(66)}🏠${'ж'.repeat(66)}`, 'ucs2', 134, 3],
  ] as const)('%#: %j', (text, encoding, units, segments) => {
    expect(countSmsSegments(text)).toEqual({ encoding, units, segments });
  });

  it('holds every text within its segments, and wastes at most one unit of each', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'Z', '€', '~', 'ж', '🏠', '\n', 'é'), maxLength: 700 }),
        (text) => {
          const { encoding, units, segments } = countSmsSegments(text);
          const [alone, joined] = encoding === 'gsm7' ? [160, 153] : [70, 67];
          if (segments <= 1) expect(units).toBeLessThanOrEqual(alone);
          else {
            expect(units).toBeGreaterThan(alone);
            expect(units).toBeLessThanOrEqual(segments * joined);
            expect(units).toBeGreaterThan((segments - 1) * (joined - 1));
          }
        },
      ),
    );
  });

  it('never costs less for a longer text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.string({ unit: 'grapheme', maxLength: 50 }),
        (a, b) => {
          expect(countSmsSegments(a + b).segments).toBeGreaterThanOrEqual(countSmsSegments(a).segments);
        },
      ),
    );
  });
});
