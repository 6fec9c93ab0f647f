import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandColours, contrastOf } from '../../../src/domain/memo/colour.ts';
import { scoreTone } from '../../../src/domain/memo/score-parts.ts';

describe('colours on paper', () => {
  it('stay readable for any brand colour', () => {
    expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
        const { accent, ink, on, pale } = brandColours(`#${value.toString(16).padStart(6, '0')}`);
        expect(contrastOf(ink, '#ffffff')).toBeGreaterThanOrEqual(4.5);
        expect(contrastOf(accent, on)).toBeGreaterThanOrEqual(4);
        expect(contrastOf(ink, pale)).toBeGreaterThanOrEqual(3.5);
      }),
    );
  });

  it('fall back to the house’s own', () => {
    expect(brandColours('red')).toEqual(brandColours(null));
    expect(brandColours('#ABCDEF').accent).toBe('#abcdef');
  });

  it('tell the band of a score, with readable words', () => {
    for (const score of [null, 20, 50, 65, 80, 100]) {
      const { color, pale } = scoreTone(score);
      expect(contrastOf(color, '#ffffff')).toBeGreaterThanOrEqual(4.5);
      expect(contrastOf(color, pale)).toBeGreaterThanOrEqual(4.5);
    }
    expect(new Set([20, 50, 65, 80].map((score) => scoreTone(score).color)).size).toBe(4);
  });
});
