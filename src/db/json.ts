import { type RawBuilder, sql } from 'kysely';
import type { Json } from './tables.ts';

/** A value for a jsonb column. The driver would turn a bare array into a Postgres array. */
export function json(value: unknown): RawBuilder<Json> {
  return sql<Json>`${JSON.stringify(value)}::jsonb`;
}
