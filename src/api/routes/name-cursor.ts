import { ReosError } from '../../domain/errors.ts';
import { readCursor } from '../kit/page.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Where the page before ended, for lists by name and id.
 * @throws ReosError `validation` for a cursor that is none, or one of another order
 */
export function readNameCursor(sort: string, cursor: string | undefined): { name: string; id: string } | undefined {
  const key = readCursor(sort, cursor, 2);
  if (key === undefined) return undefined;
  const [name, id] = key;
  if (typeof name === 'string' && typeof id === 'string' && UUID.test(id) && !/\p{Cs}/u.test(name)) return { name, id };
  throw new ReosError('validation', 'cursor: is no cursor of this list. Start again without it.', {
    details: { field: 'cursor' },
  });
}
