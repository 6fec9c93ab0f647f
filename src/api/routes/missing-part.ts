import { ReosError } from '../../domain/errors.ts';

/**
 * A part of the API that not every set-up has.
 * @throws ReosError `missing_part` (503) where it is missing
 */
export function partOf<T>(part: T | undefined, what: string): T {
  if (part !== undefined) return part;
  throw new ReosError('missing_part', `${what} cannot be worked on right now: this API was started without them.`);
}
