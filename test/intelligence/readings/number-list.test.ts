import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dayOfNumber,
  NAME_END,
  namesOf,
  numberList,
  numberOfDay,
} from '../../../src/intelligence/readings/number-list.ts';

/** As Postgres' float8send writes them, one after another. */
function sent(values: readonly number[]): Buffer {
  // One byte before, as the driver's buffers begin anywhere.
  const bytes = Buffer.alloc(8 * values.length + 1);
  for (const [at, value] of values.entries()) bytes.writeDoubleBE(value, 1 + 8 * at);
  return bytes.subarray(1);
}

describe('lists of numbers', () => {
  it('are the same from bytes and from a list, to the last digit', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (values) => {
        expect([...numberList.parse(sent(values))]).toEqual(values);
      }),
    );
    expect([...numberList.parse([1.5, null, 0])]).toEqual([1.5, Number.NaN, 0]);
    expect([...numberList.parse(sent([]))]).toEqual([]);
  });

  it('are nothing else', () => {
    for (const wrong of [null, undefined, '1,2', ['1'], sent([1]).subarray(1), { 0: 1 }]) {
      expect(numberList.safeParse(wrong).success).toBe(false);
    }
  });

  it('leave the bytes that they came in as they were', () => {
    const bytes = sent([1, 2]);
    const before = Buffer.from(bytes);
    numberList.parse(bytes);
    expect(bytes.equals(before)).toBe(true);
  });
});

it('days and their numbers belong together', () => {
  expect(numberOfDay('1970-01-02')).toBe(1);
  expect(numberOfDay('2024-02-29')).toBe(19_782);
  fc.assert(fc.property(fc.integer({ min: -100_000, max: 100_000 }), (day) => numberOfDay(dayOfNumber(day)) === day));
});

it('names come as one text or as a list', () => {
  expect(namesOf(`Boise, ID${NAME_END}Reno, NV`)).toEqual(['Boise, ID', 'Reno, NV']);
  expect(namesOf(['Boise, ID'])).toEqual(['Boise, ID']);
});
