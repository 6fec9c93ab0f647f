import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandingChange, parseMemoVariants } from '../../../src/domain/memo/branding-change.ts';
import { chooseVariant } from '../../../src/domain/memo/variant.ts';

describe('brandingChange', () => {
  it('checks each part, trims it, and takes away what is empty', () => {
    expect(
      brandingChange({
        companyName: ' Harbor Street ',
        accentColor: '7A1F3D',
        tagline: '',
        email: 'a@b.example',
        website: 'https://b.example',
        phone: '(206) 555-0142',
      }),
    ).toEqual({
      companyName: 'Harbor Street',
      accentColor: '#7a1f3d',
      tagline: null,
      email: 'a@b.example',
      website: 'https://b.example/',
      phone: '(206) 555-0142',
    });
  });

  it.each([
    [{ accentColor: 'red' }, /--accent-color is a colour of six hexadecimal digits/],
    [{ email: 'a@b.example\r\nBcc: c@d.example' }, /--email is one line/],
    [{ email: 'nobody' }, /--email is one mail address/],
    [{ website: 'javascript:alert(1)' }, /--website is a web address/],
    [{ phone: '555' }, /--phone is a phone number/],
    [{ companyName: 'a\u202eb' }, /--company-name is one line/],
    [{ tagline: 'x'.repeat(10_000) }, /--tagline has 10000 characters; the memo has room for 120/],
  ])('refuses a text that is not of its kind: %#', (texts, message) => {
    expect(() => brandingChange(texts)).toThrow(message);
  });
});

describe('variants', () => {
  it('are read from a line, and refused with what is wrong', () => {
    expect(parseMemoVariants('investor-memo=3, short=1,plain')).toEqual([
      { name: 'investor-memo', weight: 3 },
      { name: 'short', weight: 1 },
      { name: 'plain', weight: 1 },
    ]);
    expect(parseMemoVariants('')).toEqual([]);
    for (const text of ['a=x', 'a=0', 'a=-1', 'A=1', 'a=1,a=2', '../x=1']) {
      expect(() => parseMemoVariants(text)).toThrow(/--memo-variants/);
    }
  });

  it('fall to a property always alike, and by their weights', () => {
    const variants = [
      { name: 'a', weight: 3 },
      { name: 'b', weight: 1 },
    ];
    expect(chooseVariant([], 'x')).toBeNull();
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(chooseVariant(variants, id)).toBe(chooseVariant([...variants], id));
      }),
      { numRuns: 20 },
    );
    const count = Array.from({ length: 4_000 }, (_, index) => chooseVariant(variants, `property ${index}`)).filter(
      (name) => name === 'a',
    ).length;
    // Four standard deviations of 4,000 draws at 3 in 4.
    expect(Math.abs(count - 3_000)).toBeLessThan(110);
  });
});
