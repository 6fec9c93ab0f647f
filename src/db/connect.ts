import { CamelCasePlugin, type DatabaseConnection, Kysely, PostgresDialect, PostgresDriver } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import { ReosError } from '../domain/errors.ts';
import { kyselyOver } from './reader.ts';
import { createScopedRunner } from './scoped-query.ts';
import type { DB } from './tables.ts';

// Cents, counts and positions fit a double exactly (below 2^53); dates stay the calendar days they are.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/**
 * The pool behind the two doors (`withTenant`, `withSystem`). It is branded so that no query can run on it directly:
 * only the doors take it, and only they hand out a transaction.
 */
export interface Database {
  /** For the doors alone. */
  readonly pool: Kysely<DB>;
  /** A connection whose every statement is a transaction of its own, as the app's role with the tenant set. For the doors alone. */
  openReader(tenantId: string): Promise<Reader>;
  readonly logger: Logger;
  close(): Promise<void>;
}

/** A connection that somebody has for one tenant. */
export interface Reader {
  readonly db: Kysely<DB>;
  /** Gives the connection back; a statement after that is refused. */
  close(error?: unknown): void;
}

export interface ConnectOptions {
  url: string;
  logger: Logger;
  /** Connections at most; default 10. */
  max?: number;
  /** Per statement, milliseconds; default 30,000. */
  statementTimeoutMs?: number;
  /** How long a caller waits for a connection, milliseconds; default 5,000. */
  connectTimeoutMs?: number;
  applicationName?: string;
}

/** Opens a pool with time-outs everywhere. Connects on first use; a lost idle connection is logged and replaced. */
export function connect(options: ConnectOptions): Database {
  const { logger } = options;
  const pgPool = new pg.Pool({
    connectionString: options.url,
    max: options.max ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 30_000,
    application_name: options.applicationName ?? 'reos',
  });
  pgPool.on('error', (error) =>
    logger.warn({ err: error }, 'an idle database connection was lost; the pool replaces it'),
  );
  // A connection in use that is lost says so twice: to its query, which fails, and as an event, which must have a listener.
  pgPool.on('connect', (client) =>
    client.on('error', (error) => logger.warn({ err: error }, 'a database connection was lost')),
  );
  const plugins = [new CamelCasePlugin({ maintainNestedObjectKeys: true })];
  const dialect = new PostgresDialect({ pool: pgPool });
  dialect.createDriver = () => new LateBeginDriver({ pool: pgPool });
  const pool = new Kysely<DB>({ dialect, plugins });
  const runScoped = createScopedRunner();
  return {
    pool,
    logger,
    close: () => pool.destroy(),
    async openReader(tenantId) {
      const client = await pgPool.connect();
      let isOpen = true;
      const run = async (text: string, values: readonly unknown[]) => {
        if (!isOpen) throw new Error('The reader was closed before this statement.');
        return runScoped(client, tenantId, text, values);
      };
      const close = (error?: unknown) => {
        if (!isOpen) return;
        isOpen = false;
        client.release(isPlanOutdated(error));
      };
      return { db: kyselyOver<DB>(run, plugins), close };
    },
  };
}

/** A transaction is begun by the first statement of the door that opens it, in the same message to the server. */
class LateBeginDriver extends PostgresDriver {
  override async beginTransaction(_connection: DatabaseConnection): Promise<void> {
    // The door's first statement begins it.
  }
}

/** Whether a kept plan does not fit its tables any more, after a migration: the connection is closed, and its plans with it. */
const isPlanOutdated = (error: unknown) =>
  error instanceof Error && ['0A000', '26000'].includes(String((error as { code?: unknown }).code));

const TRANSIENT_SQLSTATES = new Set(['57P01', '57P02', '57P03', '40001', '40P01', '53300', '55P03', '57014', '25P03']);
const TRANSIENT_ERRNOS = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);

/** Class 08, but for 08P01: a malformed message is malformed the next time too. */
const isConnectionException = (code: string) => code.startsWith('08') && code !== '08P01';

/** True when the database was away, busy or shutting down: the same call can succeed later. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (
    typeof code === 'string' &&
    (TRANSIENT_SQLSTATES.has(code) || isConnectionException(code) || TRANSIENT_ERRNOS.has(code))
  ) {
    return true;
  }
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
    error.message,
  );
}

/** The database's error as a ReosError: transient when it was away, else unchanged. */
export function databaseError(error: unknown): unknown {
  if (!isDatabaseAway(error)) return error;
  return new ReosError('transient', `Postgres did not answer: ${(error as Error).message}. It is tried again.`, {
    cause: error,
  });
}
