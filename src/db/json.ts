import { type RawBuilder, sql } from 'kysely';

/** A value for a jsonb column. The driver would turn a bare array into a Postgres array. */
export function json<T>(value: T): RawBuilder<T> {
  return sql`${JSON.stringify(value)}::jsonb`;
}
