import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withTenant } from '../../../src/db/tenant.ts';
import { type ConfidenceWeights, NO_WEIGHTS } from '../../../src/domain/market/calibration.ts';
import { createMemory } from '../../../src/intelligence/memory.ts';
import { runTool } from '../../../src/intelligence/registry.ts';
import { WAREHOUSE_TABLES } from '../../../src/intelligence/tables.ts';
import { openFileWarehouse } from '../../../src/intelligence/warehouses/duckdb.ts';
import { postgresWarehouse } from '../../../src/intelligence/warehouses/postgres.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

type Value = string | number | boolean | null | undefined;
/** Rows by table of `WAREHOUSE_TABLES`; what a row leaves out is unknown. */
export type WarehouseRows = Readonly<Record<string, ReadonlyArray<Readonly<Record<string, Value>>>>>;

/** The same rows in Postgres and in a folder of CSV files. */
export interface TwinWarehouses {
  database: TestDatabase;
  /** Asks both; the answers should be equal. */
  ask(tool: string, input: object, now: Date): Promise<{ postgres: unknown; duckdb: unknown }>;
  close(): Promise<void>;
}

/** Writes rows into both warehouses. */
export async function createTwins(
  rows: WarehouseRows,
  weights: ConfidenceWeights = NO_WEIGHTS,
): Promise<TwinWarehouses> {
  const database = await createTestDatabase();
  const memory = createMemory();
  const folder = mkdtempSync(join(tmpdir(), 'reos twins '));
  for (const [table, values] of Object.entries(rows)) {
    await insertRows(database, table, values);
    writeFileSync(join(folder, `${table}.csv`), csvOf(table, values));
  }
  const files = await openFileWarehouse(folder);
  return {
    database,
    async ask(tool, input, now) {
      const duckdb = await runTool({ warehouse: files, now, weights }, tool, input);
      const postgres = await withTenant(database.db, database.tenantId, (trx) =>
        runTool({ warehouse: postgresWarehouse(trx, memory), now, weights }, tool, input),
      );
      return { postgres, duckdb };
    },
    async close() {
      files.close();
      rmSync(folder, { recursive: true });
      await database.close();
    },
  };
}

/** Inserts rows of one table for the database's tenant, past row-level security. */
export async function insertRows(database: TestDatabase, table: string, rows: WarehouseRows[string]): Promise<void> {
  if (rows.length === 0) return;
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].join(', ');
  await database.query(
    `INSERT INTO ${table} (tenant_id, ${columns})
     SELECT $1, ${columns} FROM json_populate_recordset(NULL::${table}, $2::json)`,
    [database.tenantId, JSON.stringify(rows)],
  );
}

function csvOf(table: string, rows: WarehouseRows[string]): string {
  const columns = Object.keys(WAREHOUSE_TABLES[table] ?? {});
  const cell = (value: Value) =>
    value === null || value === undefined ? '' : `"${String(value).replaceAll('"', '""')}"`;
  return `${[columns.join(','), ...rows.map((row) => columns.map((name) => cell(row[name])).join(','))].join('\n')}\n`;
}

/** Where two answers differ: numbers by more than 1e-9 of the larger one, anything else at all. Paths; none when equal. */
export function differences(a: unknown, b: unknown, path = 'answer'): string[] {
  if (typeof a === 'number' && typeof b === 'number') {
    const isClose = Object.is(a, b) || Math.abs(a - b) <= 1e-9 * Math.max(1e-9, Math.abs(a), Math.abs(b));
    return isClose ? [] : [`${path}: ${a} and ${b}`];
  }
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return keys.flatMap((key) =>
      differences((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], `${path}.${key}`),
    );
  }
  return a === b ? [] : [`${path}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`];
}
