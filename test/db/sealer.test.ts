import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSealer } from '../../src/db/sealer.ts';

const sealer = createSealer('5a'.repeat(32));
const other = createSealer('a5'.repeat(32));

describe('createSealer', () => {
  it('opens what it sealed, for the same owner alone, and shows nothing of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string(), fc.string(), (text, owner, stranger) => {
        fc.pre(owner !== stranger);
        const sealed = sealer.seal(owner, text);
        expect(sealer.open(owner, sealed)).toBe(text);
        expect(() => sealer.open(stranger, sealed)).toThrow('cannot be opened');
        expect(() => other.open(owner, sealed)).toThrow('REOS_SECRET_KEY');
        expect(sealer.seal(owner, text)).not.toBe(sealed);
      }),
      { numRuns: 40 },
    );
  });

  it('notices any changed byte, a cut and another version', () => {
    const sealed = sealer.seal('contact:t:1', 'Ada Example');
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const altered = Buffer.from(bytes);
      altered[at] = altered[at]! ^ 1;
      expect(() => sealer.open('contact:t:1', `v1.${altered.toString('base64url')}`)).toThrow('altered');
    }
    expect(() => sealer.open('contact:t:1', `v1.${bytes.subarray(0, 20).toString('base64url')}`)).toThrow('altered');
    expect(() => sealer.open('contact:t:1', sealed.replace('v1.', 'v2.'))).toThrow('altered');
    expect(() => sealer.open('contact:t:1', '')).toThrow('altered');
  });

  it('wants a key of 32 bytes', () => {
    expect(() => createSealer('5a'.repeat(16))).toThrow('32 bytes');
  });
});
