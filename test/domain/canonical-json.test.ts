import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/domain/canonical-json.ts';

/** The same value with the members of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

describe('canonical JSON', () => {
  it('is one text for one value, whatever the order of its members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it('says the whole value, and says it the same again', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('tells different values apart', () => {
    const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        let same = true;
        try {
          expect(plain(a)).toEqual(plain(b));
        } catch (error) {
          same = error === undefined;
        }
        expect(canonicalJson(a) === canonicalJson(b)).toBe(same);
      }),
      { numRuns: 200 },
    );
  });

  it('sorts by code unit and leaves out what JSON leaves out', () => {
    expect(canonicalJson({ b: 1, a: [{ z: undefined, B: null, a: 'x' }], 10: 2, 9: 3 })).toBe(
      '{"10":2,"9":3,"a":[{"B":null,"a":"x"}],"b":1}',
    );
    expect(canonicalJson(undefined)).toBe('null');
  });
});
