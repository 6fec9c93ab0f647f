import { join } from 'node:path';
import type { ReosHome } from './home.ts';
import { ensureFolder } from './home.ts';
import type { OnProgress } from './ladder.ts';
import { acquireLock } from './lock-file.ts';
import { type PreparedPostgres, preparePostgres } from './postgres.ts';
import type { ProcessSpec } from './process-spec.ts';
import type { RunningPart } from './state.ts';
import { type SupervisedProcess, type SupervisorEvents, superviseProcess } from './supervisor.ts';
import { type PreparedTemporal, prepareTemporal } from './temporal.ts';

/** What the caller decides about the parts; everything absent is embedded, on the preferred or last used port. */
export type PartsSettings = {
  /** DATABASE_URL */
  databaseUrl?: string;
  /** host:port, from TEMPORAL_ADDRESS or the SDK's environment configuration. */
  temporalAddress?: string;
  ports?: { postgres?: number; temporal?: number; temporalUi?: number };
  /** Memory of the embedded Postgres for pages, MB. */
  postgresMemoryMb?: number | undefined;
  /** The environment for PATH, Go's settings and the like. */
  env: NodeJS.ProcessEnv;
};

/** Postgres and Temporal, ready for use and kept running until `stop`. */
export type RunningParts = {
  /** Embedded: the superuser's URL of database `postgres`. External: as given. */
  databaseUrl: string;
  databaseSource: PreparedPostgres['source'];
  databaseVersion: string;
  temporalAddress: string;
  temporalSource: string;
  temporalUiUrl: string | null;
  /** For the record of the running system. */
  parts: RunningPart[];
  /** Pids of the embedded processes by name; null in the moment between an end and the next start. */
  pids: () => Record<string, number | null>;
  /** Ends what was started here, Temporal before Postgres. Harmless when called twice. */
  stop: () => Promise<void>;
};

/**
 * Finds and starts Postgres and Temporal side by side, under supervision. Only one process at a time may run the
 * embedded parts of a home.
 * @param onProgress told what slow steps do
 * @param events told of each unexpected restart, and of a part that is given up
 * @throws ReosError 'missing_part' for the part that cannot be had (the other is stopped again), 'conflict' when
 *   another process runs the parts of this home
 */
export async function startParts(
  home: ReosHome,
  settings: PartsSettings,
  onProgress: OnProgress = () => undefined,
  events: SupervisorEvents = {},
): Promise<RunningParts> {
  const { databaseUrl, temporalAddress, ports = {}, postgresMemoryMb: sharedBuffersMb, env } = settings;
  const embedded = !databaseUrl || !temporalAddress;
  const release = embedded ? await lockParts(home) : () => undefined;
  const started: SupervisedProcess[] = [];
  const stop = async () => {
    await Promise.all(started.filter((part) => part.name === 'temporal').map((part) => part.stop()));
    await Promise.all(started.filter((part) => part.name !== 'temporal').map((part) => part.stop()));
    release();
  };
  const start = async <Part extends { process: ProcessSpec | null }>(prepared: Promise<Part>): Promise<Part> => {
    const part = await prepared;
    if (part.process) started.push(await superviseProcess(home, part.process, events));
    return part;
  };

  const outcomes = await Promise.allSettled([
    start(preparePostgres(home, { databaseUrl, port: ports.postgres, sharedBuffersMb, onProgress })),
    start(
      prepareTemporal(home, {
        address: temporalAddress,
        port: ports.temporal,
        uiPort: ports.temporalUi,
        env,
        onProgress,
      }),
    ),
  ]);
  const [postgres, temporal] = outcomes;
  if (postgres.status === 'rejected' || temporal.status === 'rejected') {
    await stop();
    throw (postgres.status === 'rejected' ? postgres : (temporal as PromiseRejectedResult)).reason;
  }
  return { ...describe(postgres.value, temporal.value), pids: () => pidsOf(started), stop };
}

function describe(postgres: PreparedPostgres, temporal: PreparedTemporal) {
  const temporalPort = temporal.process?.port ?? null;
  return {
    databaseUrl: postgres.url,
    databaseSource: postgres.source,
    databaseVersion: postgres.version,
    temporalAddress: temporal.address,
    temporalSource: temporal.source,
    temporalUiUrl: temporal.uiUrl,
    parts: [
      { name: 'postgres', source: postgres.source, version: postgres.version, port: postgres.port },
      { name: 'temporal', source: temporal.source, version: temporal.version, port: temporalPort },
    ],
  };
}

async function lockParts(home: ReosHome) {
  ensureFolder(home, home.run);
  return acquireLock(join(home.run, 'parts.lock'), { what: `The home ${home.root}`, waitMs: 0 });
}

function pidsOf(started: SupervisedProcess[]): Record<string, number | null> {
  return Object.fromEntries(started.map((part) => [part.name, part.pid()]));
}
