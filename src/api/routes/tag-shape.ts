import { z } from '@hono/zod-openapi';
import type { Tag } from '../../db/queries/tags.ts';
import { id, instant } from '../kit/schemas.ts';

/** A tag as the API shows it. */
export const tag = z.object({ id, name: z.string(), color: z.string().nullable(), created_at: instant }).openapi('Tag');

/** A row as the API shows it. */
export function tagOf(row: Tag) {
  return { id: row.id, name: row.name, color: row.color, created_at: row.createdAt };
}
