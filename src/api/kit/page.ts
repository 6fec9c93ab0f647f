import { z } from '@hono/zod-openapi';
import { ReosError } from '../../domain/errors.ts';
import { wholeQuery } from './schemas.ts';

/** Query of a list: how many, and where the page before ended. */
export const pageQuery = {
  limit: wholeQuery(1, 200).default(50).openapi({ description: 'How many at most' }),
  cursor: z.string().min(1).max(500).optional().openapi({ description: '`next_cursor` of the page before' }),
};

/** A list's answer. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    next_cursor: z.string().nullable().openapi({ description: 'Null on the last page' }),
  });
}

type Key = readonly (string | number | boolean | null)[];

/** The place after a row, from the values that the list is sorted by, the last of them unique. `sort` names the order. */
export function cursorAfter(sort: string, key: Key): string {
  return Buffer.from(JSON.stringify([sort, ...key])).toString('base64url');
}

/**
 * The sort values of the row that the page before ended with; undefined on the first page.
 * @param count how many values the order has
 * @throws ReosError `validation` for a cursor that is none, or one of another order
 */
export function readCursor(sort: string, cursor: string | undefined, count: number): Key | undefined {
  if (cursor === undefined) return undefined;
  const wrong = new ReosError(
    'validation',
    'cursor: is no cursor of this list. Start again without it; sort and filters must stay as they were.',
    { details: { field: 'cursor' } },
  );
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (cause) {
    throw new ReosError('validation', wrong.message, { cause, details: wrong.details });
  }
  if (!Array.isArray(parts) || parts.length !== count + 1 || parts[0] !== sort) throw wrong;
  const key = parts.slice(1) as unknown[];
  const isPlain = (value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value);
  if (!key.every(isPlain) || key.some((value) => typeof value === 'string' && value.includes('\u0000'))) throw wrong;
  return key as Key;
}

/**
 * A page from rows of which one more than `limit` was asked for.
 * @param keyOf the sort values of a row
 */
export function toPage<R, T>(
  rows: readonly R[],
  limit: number,
  sort: string,
  keyOf: (row: R) => Key,
  itemOf: (row: R) => T,
): { items: T[]; next_cursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(itemOf),
    next_cursor: rows.length > limit && last !== undefined ? cursorAfter(sort, keyOf(last)) : null,
  };
}
