import { z } from '@hono/zod-openapi';

/** Part of a whole in percent, one decimal; 0 of nothing. */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1_000) / 10;
}

/** Rounded to two decimals; null stays. */
export function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100;
}

/** A share in percent, 0 to 100. */
export const percent = z
  .number()
  .min(0)
  .max(100)
  .openapi({ description: 'Percent, 0 to 100; 0 when there is nothing' });
/** How many there are. */
export const count = z.number().int().min(0);
