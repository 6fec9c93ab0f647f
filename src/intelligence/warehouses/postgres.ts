import { CompiledQuery } from 'kysely';
import { readMarketState } from '../../db/queries/market-changes.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { bytesOf, type Memory, remembered } from '../memory.ts';
import { NAME_END } from '../readings/number-list.ts';
import type { AskedReading, Dialect, SqlType, Warehouse, WarehouseMemory } from '../warehouse.ts';

/**
 * The warehouse in Postgres, inside the caller's transaction: row-level security keeps tenants apart.
 * @param memory what earlier transactions read and computed; used while the tables it came from are unchanged
 */
export function postgresWarehouse(trx: TenantTrx, memory?: Memory): Warehouse {
  const asked: AskedReading[] = [];
  const warehouse: Warehouse = {
    kind: 'postgres',
    asked,
    ...(memory === undefined ? {} : { memory: memoryOf(trx, memory) }),
    async read(reading, params) {
      const values: unknown[] = [];
      const tables = new Set<string>();
      const text = reading.sql(postgresDialect(values, tables), params);
      const name = `${text}\n${JSON.stringify(values)}`;
      const query = async () => {
        const { rows } = await trx.db.withoutPlugins().executeQuery(CompiledQuery.raw(text, values));
        return Object.freeze(rows.map((row) => reading.row.parse(row)));
      };
      const rows = await remembered(warehouse, name, [...tables], query, bytesOf);
      asked.push({ reading: reading.name, params, rows: rows.length });
      return rows as never;
    },
  };
  return warehouse;
}

/** The tenant's part of a memory. What the tables stand at is read once, before anything that is then kept. */
function memoryOf(trx: TenantTrx, memory: Memory): WarehouseMemory {
  let reading: ReturnType<typeof readMarketState> | undefined;
  const stateOf = async (tables: readonly string[]) => {
    reading ??= readMarketState(trx);
    const states = await reading;
    return tables.map((table) => `${table} ${states.get(table) ?? '-'}`).join(' ');
  };
  const named = (name: string) => `${trx.tenantId} ${name}`;
  return {
    find: async (name, tables) => memory.find(named(name), await stateOf(tables)) as object | undefined,
    put: async (name, tables, value, bytes) => memory.put(named(name), await stateOf(tables), value, bytes),
  };
}

/** Postgres' way; bound values and tables go to the lists. */
export function postgresDialect(values: unknown[], tables?: Set<string>): Dialect {
  return {
    table: (name) => {
      tables?.add(name);
      return name;
    },
    bind: (value, type) => {
      values.push(value);
      return `CAST($${values.length} AS ${TYPES[type]})`;
    },
    day: (expression) => `to_char(${expression}, 'YYYY-MM-DD')`,
    // As JSON: the driver reads it several times as fast as an array.
    list: (expression, orderBy) => `json_agg(${expression} ORDER BY ${orderBy})`,
    // Eight bytes each: written and read many times as fast as digits.
    numbers: (expression, orderBy) => `string_agg(${bytes(expression)}, '' ORDER BY ${orderBy})`,
    // The aggregates of a statement see the rows in one order: there is nothing to sort.
    aligned: (expression) => `string_agg(${bytes(expression)}, '')`,
    names: (expression, orderBy) =>
      `string_agg(replace(${expression}, chr(${NAME_END.charCodeAt(0)}), ' '), chr(${NAME_END.charCodeAt(0)}) ORDER BY ${orderBy})`,
    dayNumber: (expression) => `(${expression} - DATE '1970-01-01')`,
    utcDay: (expression) => `CAST((${expression}) AT TIME ZONE 'UTC' AS date)`,
  };
}

const bytes = (expression: string) => `float8send(coalesce(CAST(${expression} AS float8), 'NaN'))`;

const TYPES: Record<SqlType, string> = {
  text: 'text',
  date: 'date',
  float8: 'float8',
  int: 'integer',
  timestamptz: 'timestamptz',
};
