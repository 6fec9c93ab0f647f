import { createHash } from 'node:crypto';
import { z } from 'zod';

/** One of the templates that are tried against each other, with its share of the properties. */
export interface MemoVariant {
  name: string;
  /** Relative to the others' weights; more than 0. */
  weight: number;
}

/** The shape of `branding.memo_variants`. */
export const memoVariantsSchema = z
  .array(
    z.strictObject({
      name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'a template name is of a-z, 0-9 and -'),
      weight: z.number('a weight is a number above 0').positive('a weight is a number above 0').max(1_000_000),
    }),
  )
  .max(10)
  .refine((variants) => new Set(variants.map(({ name }) => name)).size === variants.length, 'a name stands twice');

/**
 * The variant a property gets: always the same for the same property and list, spread by weight over many properties.
 * @returns null for an empty list
 */
export function chooseVariant(variants: readonly MemoVariant[], propertyId: string): string | null {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  const share = createHash('sha256').update(`memo-variant:${propertyId}`).digest().readUInt32BE(0) / 2 ** 32;
  let upTo = 0;
  for (const { name, weight } of variants) {
    upTo += weight / total;
    if (share < upTo) return name;
  }
  return variants.at(-1)?.name ?? null;
}
