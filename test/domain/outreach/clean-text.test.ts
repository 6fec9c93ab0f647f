import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, oneLine } from '../../../src/domain/outreach/clean-text.ts';

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\r', '\n', '\u2028', '\u202E', '\u2066', '\0', '\t', '\uD800', '\uDC00', '\u0301', '\u200B', ' '),
    fc.constantFrom('👨‍👩‍👧', 'א', 'م', 'e', '<', '"'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 400,
});

describe('text on one line', () => {
  it.each([
    ['Ann\r\nBcc: victim@example.com', 'Ann Bcc: victim@example.com'],
    ['safe\u202Egnp.exe', 'safegnp.exe'],
    ['  שלום  👋🏽 ', 'שלום 👋🏽'],
    [`e${'\u0301'.repeat(50)}x`, 'é\u0301\u0301\u0301x'],
    ['half \uD83D one', 'half one'],
  ])('%#: %j', (text, clean) => {
    expect(oneLine(text, 80)).toBe(clean);
  });

  it('cuts 10,000 characters between whole ones', () => {
    expect(oneLine('x'.repeat(10_000), 20)).toBe(`${'x'.repeat(17)}...`);
    expect(oneLine('👨‍👩‍👧'.repeat(1_000), 20)).toBe('👨‍👩‍👧👨‍👩‍👧...');
  });

  it('holds no control, no override and no half character, within the limit, and is stable', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 4, max: 120 }), (text, max) => {
        const clean = oneLine(text, max);
        expect(clean.length).toBeLessThanOrEqual(max);
        expect(clean).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
        expect(clean).toBe(clean.trim());
        expect(oneLine(clean, max)).toBe(clean);
      }),
      // A half character between a letter and its accent.
      { examples: [['e\ud800\u0301', 4]] },
    );
  });
});

it('escapes what HTML and printers read', () => {
  expect(escapeHtml(`<a href="x">'{{name}}' & /=`)).toBe(
    '&lt;a href=&quot;x&quot;&gt;&#39;&#123;&#123;name&#125;&#125;&#39; &amp; /=',
  );
});
