import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bigints, createTextArray, doubles, texts, uuids } from '../../../src/db/queries/binary-arrays.ts';

/** Reads the binary form back as the protocol describes it: head, then length and bytes of each element. */
function read(bytes: Buffer): { type: number; hasNulls: boolean; elements: Array<Buffer | null> } {
  expect(bytes.readInt32BE(0)).toBe(1);
  expect(bytes.readInt32BE(16)).toBe(1);
  const elements: Array<Buffer | null> = [];
  let at = 20;
  for (let n = bytes.readInt32BE(12); n > 0; n -= 1) {
    const length = bytes.readInt32BE(at);
    elements.push(length === -1 ? null : bytes.subarray(at + 4, at + 4 + length));
    at += 4 + Math.max(0, length);
  }
  expect(at).toBe(bytes.length);
  return { type: bytes.readInt32BE(8), hasNulls: bytes.readInt32BE(4) === 1, elements };
}

describe('arrays in binary form', () => {
  test('carry any texts and nulls as they are', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.string({ unit: 'grapheme' }))), (list) => {
        const { type, hasNulls, elements } = read(texts(list));
        expect(elements.map((element) => element?.toString() ?? null)).toEqual(list);
        expect({ type, hasNulls }).toEqual({ type: 25, hasNulls: list.includes(null) });
      }),
    );
  });

  test('put the version before each jsonb, and nothing before json', () => {
    expect(read(texts(['{"a": "é"}'], 'jsonb')).elements[0]?.toString()).toBe('\u0001{"a": "é"}');
    expect(read(texts(['[]'], 'json'))).toMatchObject({ type: 114, elements: [Buffer.from('[]')] });
  });

  test('carry any bytes', () => {
    const some = fc.array(fc.option(fc.uint8Array({ maxLength: 200 })));
    fc.assert(
      fc.property(some, (list) => {
        const array = createTextArray('bytea');
        const large = Buffer.alloc(100_000, 7);
        for (const bytes of [...list.map((bytes) => bytes && Buffer.from(bytes)), large]) array.add(bytes);
        const { type, elements } = read(array.bytes());
        expect(type).toBe(17);
        expect(elements.slice(0, -1)).toEqual(list.map((bytes) => bytes && Buffer.from(bytes)));
        expect(elements.at(-1)?.equals(large)).toBe(true);
      }),
    );
  });

  test('carry doubles and whole numbers to the last digit', () => {
    const wholes = fc.option(fc.maxSafeInteger());
    fc.assert(
      fc.property(fc.array(fc.option(fc.double())), fc.array(wholes), (some, whole) => {
        expect(read(doubles(some)).elements.map((element) => element?.readDoubleBE() ?? null)).toEqual(some);
        expect(read(bigints(whole)).elements.map((element) => element && Number(element.readBigInt64BE()))).toEqual(
          whole,
        );
      }),
    );
  });

  test('carry uuids, and refuse what is none', () => {
    const id = '6f9619ff-8b86-d011-b42d-00cf4fc964ff';
    expect(read(uuids([id])).elements[0]?.toString('hex')).toBe(id.replaceAll('-', ''));
    expect(() => uuids(['6f9619ff'])).toThrow("'6f9619ff' is not a uuid");
  });
});
