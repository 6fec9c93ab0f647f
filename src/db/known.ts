import { type RawBuilder, sql } from 'kysely';

/**
 * A text column of `properties` where it is a fact: null when its value came from an offline simulator. For places where
 * no mark can stand beside it, such as a subject line.
 * @param table the table's name or alias in the query
 */
export function knownText(table: string, column: 'address' | 'unit' | 'city' | 'zip_code'): RawBuilder<string | null> {
  const sources = sql.ref(`${table}.field_sources`);
  return sql<
    string | null
  >`case when (${sources} -> ${camel(column)} ->> 'simulated')::boolean then null else ${sql.ref(`${table}.${column}`)} end`;
}

function camel(column: string): string {
  return column.replace(/_[a-z]/g, (pair) => pair.slice(1).toUpperCase());
}
