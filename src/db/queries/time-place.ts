import { type Expression, type SqlBool, sql } from 'kysely';

/** Place in a list by time and id; `micros`: microseconds since 1970, because a Date would lose the last three digits. */
export interface TimePlace {
  micros: number;
  id: string;
}

/** Rows after the place. `column` such as `created_at` with its table's short name; both are names of the program. */
export function isAfter(
  column: string,
  idColumn: string,
  place: TimePlace,
  order: 'asc' | 'desc',
): Expression<SqlBool> {
  const at = sql`timestamptz 'epoch' + ${place.micros}::float8 * interval '1 microsecond'`;
  const row = sql`(${sql.ref(column)}, ${sql.ref(idColumn)})`;
  return order === 'asc' ? sql`${row} > (${at}, ${place.id}::uuid)` : sql`${row} < (${at}, ${place.id}::uuid)`;
}

/** The time of a row as a place has it. */
export function microsOf(column: string) {
  return sql<number>`(extract(epoch from ${sql.ref(column)}) * 1000000)::float8`;
}
