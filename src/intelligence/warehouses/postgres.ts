import { CompiledQuery } from 'kysely';
import type { TenantTrx } from '../../db/tenant.ts';
import type { AskedReading, Dialect, SqlType, Warehouse } from '../warehouse.ts';

/** The warehouse in Postgres, inside the caller's transaction: row-level security keeps tenants apart. */
export function postgresWarehouse(trx: TenantTrx): Warehouse {
  const asked: AskedReading[] = [];
  return {
    kind: 'postgres',
    asked,
    async read(reading, params) {
      const values: unknown[] = [];
      const text = reading.sql(postgresDialect(values), params);
      const { rows } = await trx.db.withoutPlugins().executeQuery(CompiledQuery.raw(text, values));
      asked.push({ reading: reading.name, params, rows: rows.length });
      return rows.map((row) => reading.row.parse(row));
    },
  };
}

/** Postgres' way; bound values go to the list. */
export function postgresDialect(values: unknown[]): Dialect {
  return {
    table: (name) => name,
    bind: (value, type) => {
      values.push(value);
      return `CAST($${values.length} AS ${TYPES[type]})`;
    },
    day: (expression) => `to_char(${expression}, 'YYYY-MM-DD')`,
    instant: (expression) => `to_char((${expression}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')`,
    // As JSON: the driver reads it several times as fast as an array.
    list: (expression, orderBy) => `json_agg(${expression} ORDER BY ${orderBy})`,
  };
}

const TYPES: Record<SqlType, string> = {
  text: 'text',
  date: 'date',
  float8: 'float8',
  int: 'integer',
  timestamptz: 'timestamptz',
};
