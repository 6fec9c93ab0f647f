import { z } from 'zod';

/**
 * Numbers of a group as `Dialect.numbers` gives them: eight bytes each, the highest first, or a list. NaN is unknown. A
 * hundred thousand figures in bytes are read in the time that ten thousand take as text.
 */
export const numberList = z.unknown().transform((value, context): Float64Array => {
  const numbers = toNumbers(value);
  if (numbers !== null) return numbers;
  context.addIssue({ code: 'custom', message: 'must be a list of numbers' });
  return z.NEVER;
});

function toNumbers(value: unknown): Float64Array | null {
  if (Buffer.isBuffer(value)) {
    if (value.length % 8 !== 0) return null;
    const numbers = new Float64Array(value.length / 8);
    const bytes = Buffer.from(numbers.buffer);
    value.copy(bytes);
    // Every machine that Node runs on has the lowest byte first.
    bytes.swap64();
    return numbers;
  }
  if (!Array.isArray(value)) return null;
  const isKnown = (one: unknown) => one === null || typeof one === 'number';
  return value.every(isKnown) ? Float64Array.from(value, (one: number | null) => one ?? Number.NaN) : null;
}

/** Between the names of `Dialect.names` where they come as one text. */
export const NAME_END = '\u001f';

/** The names of a list as `Dialect.names` gives them. */
export const namesOf = (list: string | readonly string[]): readonly string[] =>
  typeof list === 'string' ? list.split(NAME_END) : list;

const DAY_MS = 86_400_000;

/** The number of a calendar day as `Dialect.dayNumber` counts them: days since 1 January 1970. */
export const numberOfDay = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS;

/** The day of a number, YYYY-MM-DD. */
export const dayOfNumber = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);
