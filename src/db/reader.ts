import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type KyselyPlugin,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type pg from 'pg';

const adapter = new PostgresAdapter();
const compiler = new PostgresQueryCompiler();
const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** Queries as functions over whatever runs their text: without transactions and streams. */
export function kyselyOver<Tables>(
  run: (text: string, values: readonly unknown[]) => Promise<pg.QueryResult>,
  plugins: KyselyPlugin[],
): Kysely<Tables> {
  const connection: DatabaseConnection = {
    async executeQuery<Row>(query: CompiledQuery) {
      const { command, rowCount, rows } = await run(query.sql, query.parameters);
      const changed = CHANGES.has(command) ? { numAffectedRows: BigInt(rowCount ?? 0) } : {};
      return { ...changed, rows: rows as Row[] };
    },
    // biome-ignore lint/correctness/useYield: it refuses
    async *streamQuery() {
      throw new Error('A reader does not stream.');
    },
  };
  const refuse = () => Promise.reject(new Error('A reader has no transactions: each of its statements is one.'));
  const driver: Driver = {
    init: async () => undefined,
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: async () => undefined,
    destroy: async () => undefined,
  };
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => adapter,
      createDriver: () => driver,
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => compiler,
    },
    plugins,
  });
}
