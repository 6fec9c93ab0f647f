import { totalmem } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { messageOf, ReosError } from '../domain/errors.ts';
import type { ReosHome } from './home.ts';
import type { OnProgress } from './ladder.ts';
import { choosePort } from './ports.ts';
import { locatePostgresPackage, preparePostgresBinaries } from './postgres-binaries.ts';
import { clearLeftovers, ensureCluster, serverEnvironment, superuser } from './postgres-cluster.ts';
import { asUser, chooseServerUser } from './postgres-user.ts';
import type { ProcessSpec } from './process-spec.ts';
import { endLeftover, readProcessRecord } from './supervisor.ts';

/** The oldest Postgres that the schema works on. */
export const oldestPostgresMajor = 16;

/** The port tried first for the embedded server. */
export const preferredPostgresPort = 15_432;

/** A Postgres that can be used (external) or started (embedded). */
export type PreparedPostgres = {
  /** Superuser (embedded) or as given (external). For the embedded one: database `postgres`. */
  url: string;
  /** Null when it is not ours. */
  port: number | null;
  version: string;
  source: 'DATABASE_URL' | 'embedded';
  dataDir: string | null;
  binDir: string | null;
  /** What the supervisor must run; null when it is not ours. */
  process: ProcessSpec | null;
};

/**
 * Finds or makes the database server: the given URL, else the embedded one. Starts nothing: `process` does.
 * @throws ReosError 'missing_part' naming what was tried and the next step
 */
export async function preparePostgres(
  home: ReosHome,
  options: { databaseUrl?: string; port?: number; sharedBuffersMb?: number | undefined; onProgress?: OnProgress },
): Promise<PreparedPostgres> {
  if (options.databaseUrl) return externalPostgres(options.databaseUrl);
  const { onProgress } = options;
  const user = await chooseServerUser();
  const binaries = await preparePostgresBinaries(home, user, locatePostgresPackage(), onProgress);
  const { dataDir, password } = await ensureCluster(home, { ...binaries, user, onProgress });
  const spec = { name: 'postgres', stopSignal: 'SIGINT', graceMs: 20_000 } as const;
  // An earlier server of this home would hold the port that we want to keep.
  await endLeftover(home, spec);
  await clearLeftovers(dataDir);
  const port = await choosePort(options.port ?? readProcessRecord(home, 'postgres')?.port ?? preferredPostgresPort);
  const url = `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres`;
  const process: ProcessSpec = {
    ...spec,
    ...asUser(user),
    command: join(binaries.binDir, 'postgres'),
    args: serverArgs(dataDir, port, options.sharedBuffersMb ?? sharedBuffersMb(totalmem())),
    env: serverEnvironment(),
    cwd: '/',
    port,
    source: 'embedded',
    version: binaries.version,
    beforeStart: () => clearLeftovers(dataDir),
    ready: () => answers(url),
    readyTimeoutMs: 60_000,
  };
  return { url, port, source: 'embedded', dataDir, ...binaries, process };
}

/** Loopback TCP only; durability as Postgres ships it. */
function serverArgs(dataDir: string, port: number, sharedBuffers: number): string[] {
  const settings = {
    unix_socket_directories: '',
    shared_buffers: `${sharedBuffers}MB`,
    // The data lies on a solid-state disk or in memory nearly always: a random page costs about as much as the next one.
    random_page_cost: '1.1',
    // Such a disk answers many at once. What a search looks up lies on thousands of pages.
    io_workers: '8',
    effective_io_concurrency: '64',
    // A nightly re-score writes gigabytes: with the usual 1 GB it would write each page of the indexes again and again.
    max_wal_size: '4GB',
    max_connections: '100',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', dataDir, '-h', '127.0.0.1', '-p', String(port), ...flags];
}

/**
 * The server's own memory for pages, in MB, where the settings name none: an eighth of the machine's, at least 128 and at most
 * 2,048. It is taken as pages are read; what is not in it must be copied from the system's cache, or read, again and again.
 * @param totalBytes the machine's memory
 */
export function sharedBuffersMb(totalBytes: number): number {
  return Math.min(2_048, Math.max(128, Math.floor(totalBytes / 8 / 1024 ** 2)));
}

/**
 * The version of a server that somebody else runs.
 * @throws ReosError 'missing_part' when it does not answer or is too old
 */
export async function externalPostgres(databaseUrl: string): Promise<PreparedPostgres> {
  let row: { version: string; number: number };
  try {
    row = await askVersion(databaseUrl);
  } catch (error) {
    throw new ReosError(
      'missing_part',
      `The Postgres of DATABASE_URL (${withoutPassword(databaseUrl)}) does not answer: ${messageOf(error)}. Check that it runs and that the URL is right, or unset DATABASE_URL to use the embedded server.`,
      { cause: error, details: { part: 'postgres' } },
    );
  }
  if (row.number < oldestPostgresMajor * 10_000) {
    throw new ReosError(
      'missing_part',
      `The Postgres of DATABASE_URL (${withoutPassword(databaseUrl)}) is ${row.version}; ${oldestPostgresMajor} or newer is needed. Upgrade it, or unset DATABASE_URL to use the embedded server.`,
      { details: { part: 'postgres', version: row.version } },
    );
  }
  const none = { port: null, dataDir: null, binDir: null, process: null };
  return { url: databaseUrl, version: row.version, source: 'DATABASE_URL', ...none };
}

/** True when the server takes our password and answers a query. */
async function answers(url: string): Promise<boolean> {
  return askVersion(url).then(
    () => true,
    () => false,
  );
}

async function askVersion(connectionString: string): Promise<{ version: string; number: number }> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000, query_timeout: 2_000 });
  // A server that goes away in between reports it here; the pending call fails as well.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; number: number }>(
      `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number`,
    );
    return rows[0]!;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A database URL fit for a message. */
export function withoutPassword(databaseUrl: string): string {
  try {
    const url = new URL(databaseUrl);
    if (url.password) url.password = '***';
    return url.toString();
  } catch {
    return 'not a URL';
  }
}
