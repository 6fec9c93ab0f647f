import { ReosError } from '../../domain/errors.ts';
import { readCursor } from '../kit/page.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The id that the page before ended with; undefined on the first page.
 * @throws ReosError `validation` for a cursor that is none
 */
export function readIdCursor(cursor: string | undefined): string | undefined {
  const last = readCursor('id', cursor, 1)?.[0];
  if (last === undefined) return undefined;
  if (typeof last === 'string' && UUID.test(last)) return last;
  throw new ReosError('validation', 'cursor: is no cursor of this list. Start again without it.', {
    details: { field: 'cursor' },
  });
}
