import { ReosError } from '../../domain/errors.ts';
import { readCursor } from './page.ts';

/** Place in a list that is sorted by a time and an id. `micros`: whole microseconds since 1970, as exact as Postgres. */
export interface TimePlace {
  micros: number;
  id: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const LAST_MICROS = 8.64e15;

/**
 * Where the page before ended, for lists by time and id.
 * @throws ReosError `validation` for a cursor that is none, or one of another order
 */
export function readTimeCursor(sort: string, cursor: string | undefined): TimePlace | undefined {
  const key = readCursor(sort, cursor, 2);
  if (key === undefined) return undefined;
  const [micros, id] = key;
  const isTime = typeof micros === 'number' && Number.isInteger(micros) && Math.abs(micros) <= LAST_MICROS;
  if (isTime && typeof id === 'string' && UUID.test(id)) return { micros, id };
  throw new ReosError('validation', 'cursor: is no cursor of this list. Start again without it.', {
    details: { field: 'cursor' },
  });
}
