import type { z } from 'zod';

/** A value in a statement and the SQL type that it is read as. */
export type SqlType = 'text' | 'date' | 'float8' | 'int' | 'timestamptz';

/**
 * What differs between the warehouses. All else in a reading is SQL that Postgres 16, DuckDB and Snowflake understand alike:
 * `float8`, `CAST`, `CASE`, window functions, `GROUP BY`, `percentile_cont … WITHIN GROUP`.
 */
export interface Dialect {
  /** The table by the name of contracts, such as `mart.market_metrics`. */
  table(name: string): string;
  /** A bound value, cast; null is a null of that type. */
  bind(value: string | number | null, type: SqlType): string;
  /** A calendar day as text, YYYY-MM-DD. */
  day(expression: string): string;
  /** The values of a group as one list in an order. Nulls stay in it. */
  list(expression: string, orderBy: string): string;
  /**
   * The numbers of a group as one list in an order, as `numberList` reads it; unknown ones stay in it. Cheaper than `list`
   * where there are many.
   */
  numbers(expression: string, orderBy: string): string;
  /**
   * As `numbers`, but in whichever order: that of all other such lists of the statement.
   * @param key what tells the rows of a group apart
   */
  aligned(expression: string, key: string): string;
  /** The names of a group as one list in an order, as `namesOf` reads it. None is null. */
  names(expression: string, orderBy: string): string;
  /** A calendar day as the number of days since 1 January 1970. */
  dayNumber(expression: string): string;
  /** The calendar day of a time in UTC. */
  utcDay(expression: string): string;
}

/** One question to the warehouse: its SQL and the shape of a row. Rows are small: aggregates and lists, not raw events. */
export interface Reading<P, R> {
  name: string;
  sql(dialect: Dialect, params: P): string;
  row: z.ZodType<R>;
}

/** Where raw.* and mart.* are read: of one tenant. */
export interface Warehouse {
  readonly kind: 'postgres' | 'duckdb' | 'snowflake';
  /**
   * The rows of a reading.
   * @throws ReosError `missing_part` when the warehouse is not there, `not_found` for a table or file that is not
   */
  read<P, R>(reading: Reading<P, R>, params: P): Promise<R[]>;
  /** What was asked so far: statement and parameters, for the evidence of packets. */
  readonly asked: readonly AskedReading[];
  /** What was computed from its tables and still holds; absent where nobody knows whether they changed. */
  readonly memory?: WarehouseMemory;
}

/** Values that depend on the rows of the named tables alone. They are shared between questions: nobody changes them. */
export interface WarehouseMemory {
  find(name: string, tables: readonly string[]): Promise<object | undefined>;
  put(name: string, tables: readonly string[], value: object, bytes: number): Promise<void>;
}

/** A reading that was asked, as evidence. */
export interface AskedReading {
  reading: string;
  params: unknown;
  rows: number;
}
