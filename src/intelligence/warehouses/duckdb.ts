import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { messageOf, ReosError } from '../../domain/errors.ts';
import { type ColumnType, WAREHOUSE_TABLES } from '../tables.ts';
import type { AskedReading, Dialect, Warehouse } from '../warehouse.ts';

/** A warehouse that holds files open. */
export interface FileWarehouse extends Warehouse {
  /** The table files that were found. */
  readonly files: Readonly<Record<string, string>>;
  close(): void;
}

/**
 * The warehouse over a folder of CSV, Parquet or JSON-lines files, one per table, named after it:
 * `mart.market_metrics.csv`, `mart/market_metrics.parquet` or `market_metrics.jsonl`. Columns are those of `tables.ts`; one
 * that a file lacks is unknown. A folder belongs to one tenant.
 * @throws ReosError `not_found` when no table's file is there, `validation` naming the file that cannot be read as its table
 */
export async function openFileWarehouse(folder: string): Promise<FileWarehouse> {
  const files = filesOf(folder);
  if (Object.keys(files).length === 0) {
    const wanted = Object.keys(WAREHOUSE_TABLES).join(', ');
    throw new ReosError('not_found', `${folder} has no file of a table (.parquet, .csv, .csv.gz, .jsonl): ${wanted}.`);
  }
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  try {
    await connection.run('CREATE SCHEMA raw; CREATE SCHEMA mart');
    for (const [table, columns] of Object.entries(WAREHOUSE_TABLES)) {
      await openTable(connection, table, columns, files[table]);
    }
  } catch (error) {
    connection.closeSync();
    instance.closeSync();
    throw error;
  }
  const asked: AskedReading[] = [];
  return {
    kind: 'duckdb',
    files,
    asked,
    async read(reading, params) {
      const values: Array<string | number | null> = [];
      const text = reading.sql(duckdbDialect(values), params);
      const result = await connection.runAndReadAll(text, values);
      const rows = result.getRowObjectsJson();
      asked.push({ reading: reading.name, params, rows: rows.length });
      return rows.map((row) => reading.row.parse(row));
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** DuckDB's way; bound values go to the list. */
export function duckdbDialect(values: Array<string | number | null>): Dialect {
  return {
    table: (name) => name,
    bind: (value, type) => {
      values.push(value);
      return `CAST($${values.length} AS ${DUCKDB_TYPES[type]})`;
    },
    day: (expression) => `strftime(${expression}, '%Y-%m-%d')`,
    list: (expression, orderBy) => `list(${expression} ORDER BY ${orderBy})`,
    numbers: (expression, orderBy) => `list(CAST(${expression} AS DOUBLE) ORDER BY ${orderBy})`,
    aligned: (expression, key) => `list(CAST(${expression} AS DOUBLE) ORDER BY ${key})`,
    names: (expression, orderBy) => `list(${expression} ORDER BY ${orderBy})`,
    dayNumber: (expression) => `(${expression} - DATE '1970-01-01')`,
    utcDay: (expression) => `CAST(${expression} AS DATE)`,
  };
}

// Times are kept in UTC without a zone: DuckDB would show one with a zone in the machine's own.
const DUCKDB_TYPES: Record<ColumnType, string> = {
  text: 'VARCHAR',
  date: 'DATE',
  float8: 'DOUBLE',
  int: 'INTEGER',
  timestamptz: 'TIMESTAMP',
  boolean: 'BOOLEAN',
};

const ENDINGS = ['parquet', 'csv', 'csv.gz', 'jsonl', 'jsonl.gz'];

/** What a column is where a file does not have it. */
const DEFAULTS: Readonly<Record<string, string>> = { segment: "'all'", grain: "'week'" };

function filesOf(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const table of Object.keys(WAREHOUSE_TABLES)) {
    const [schema = '', name = ''] = table.split('.');
    const paths = ENDINGS.flatMap((ending) =>
      [`${table}.${ending}`, join(schema, `${name}.${ending}`), `${name}.${ending}`].map((path) => join(folder, path)),
    );
    const path = paths.find((candidate) => existsSync(candidate));
    if (path !== undefined) found[table] = path;
  }
  return found;
}

async function openTable(
  connection: DuckDBConnection,
  table: string,
  columns: Readonly<Record<string, ColumnType>>,
  path: string | undefined,
): Promise<void> {
  if (path === undefined) {
    const typed = Object.entries(columns).map(([name, type]) => `${name} ${DUCKDB_TYPES[type]}`);
    await connection.run(`CREATE TABLE ${table} (${typed.join(', ')})`);
    return;
  }
  try {
    const source = sourceOf(path);
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
    const present = new Map(described.getRowObjectsJson().map((row) => [String(row.column_name).toLowerCase(), row]));
    const selected = Object.entries(columns).map(([name, type]) => {
      const column = present.get(name);
      const otherwise = DEFAULTS[name] ?? 'NULL';
      const known = column === undefined ? otherwise : `"${String(column.column_name).replaceAll('"', '""')}"`;
      const given = name in DEFAULTS && column !== undefined ? `coalesce(${known}, ${otherwise})` : known;
      return `CAST(${given} AS ${DUCKDB_TYPES[type]}) AS ${name}`;
    });
    await connection.run(`CREATE TABLE ${table} AS SELECT ${selected.join(', ')} FROM ${source}`);
  } catch (error) {
    throw new ReosError('validation', `${path} cannot be read as ${table}: ${messageOf(error).split('\n')[0]}`, {
      cause: error,
      details: { file: path },
    });
  }
}

function sourceOf(path: string): string {
  const text = `'${path.replaceAll("'", "''")}'`;
  if (path.endsWith('.parquet')) return `read_parquet(${text})`;
  if (/\.jsonl(\.gz)?$/.test(path)) return `read_json(${text}, format = 'newline_delimited')`;
  // As text: what is a number is said by the table, so that no ZIP code loses a zero.
  return `read_csv(${text}, header = true, all_varchar = true, nullstr = '')`;
}
