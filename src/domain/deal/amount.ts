import { ReosError } from '../errors.ts';

/** Ten trillion dollars: beyond it whole cents are no longer exact enough to add up. */
const MAX_CENTS = 1e15;

/**
 * The amount when it can be one: a finite number of cents from 0 (or from `min`) to ten trillion dollars.
 * @throws ReosError `validation` naming the field and the number
 */
export function checkedCents(field: string, cents: number, min = 0): number {
  if (Number.isFinite(cents) && cents >= min && cents <= MAX_CENTS) return cents;
  const least = min <= 0 ? `${min === 0 ? '0' : 'a loss'}` : `${min} cent`;
  throw new ReosError(
    'validation',
    `${field} must be a number of cents from ${least} to ${MAX_CENTS}, not ${cents}. Correct it and try again.`,
    { details: { field } },
  );
}

/** The amount in whole cents (at least one) when it is known and above 0, else null. */
export const positive = (cents: number | null): number | null =>
  cents !== null && Number.isFinite(cents) && cents > 0 ? Math.max(1, Math.round(cents)) : null;
