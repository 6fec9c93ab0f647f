import { connect } from 'node:net';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { ReosError } from '../domain/errors.ts';
import { ensureFolder, type ReosHome } from './home.ts';
import type { OnProgress } from './ladder.ts';
import { choosePorts } from './ports.ts';
import type { ProcessSpec } from './process-spec.ts';
import { readRecord, writeRecord } from './run-record.ts';
import { endLeftover, readProcessRecord } from './supervisor.ts';
import { findTemporalBinary, type TemporalBinary } from './temporal-binary.ts';

/** The ports tried first for the embedded server. */
export const preferredTemporalPort = 7233;
export const preferredTemporalUiPort = 8233;

/** The search attributes of the lifecycles, by Temporal type. */
export const searchAttributes = {
  TenantId: 'Keyword',
  County: 'Keyword',
  Stage: 'Keyword',
  Apn: 'Keyword',
  CampaignId: 'Keyword',
  Source: 'Keyword',
  BirdDogScore: 'Double',
  NeedsReview: 'Bool',
} as const;

/**
 * What a server must be told beside its defaults; `deploy/temporal/dynamic-config.yaml` says the same. Fairness keeps one
 * tenant's bulk import from delaying another's single one. It orders the tasks of one partition: among the usual four, the
 * single one waited behind a third to a half of the import in every second run. Only writing is set: a queue that has tasks
 * in others is still read to its end.
 */
export const dynamicConfig = {
  'matching.enableFairness': true,
  'matching.numTaskqueueWritePartitions': 1,
} as const;

/** A Temporal server that can be used (external) or started (embedded). */
export type PreparedTemporal = {
  /** host:port */
  address: string;
  /** Null when it is not ours. */
  uiUrl: string | null;
  source: string;
  /** The server's version; null when it is not ours. */
  version: string | null;
  process: ProcessSpec | null;
};

/**
 * Finds the Temporal server: the given address, else an embedded one from the ladder. Starts nothing: `process` does.
 * @param options.address host:port of a server that somebody else runs
 * @throws ReosError 'missing_part' naming what was tried and the next step
 */
export async function prepareTemporal(
  home: ReosHome,
  options: {
    address?: string;
    port?: number;
    uiPort?: number;
    env: NodeJS.ProcessEnv;
    onProgress?: OnProgress;
  },
): Promise<PreparedTemporal> {
  if (options.address) return externalTemporal(options.address);
  const binary = await findTemporalBinary(home, options);
  ensureFolder(home, home.temporal);
  const spec = { name: 'temporal', stopSignal: 'SIGTERM', graceMs: 15_000 } as const;
  await endLeftover(home, spec);
  const last = { port: readProcessRecord(home, 'temporal')?.port, uiPort: readUiPort(home) };
  const [port, uiPort, httpPort, metricsPort] = (await choosePorts([
    options.port ?? last.port ?? preferredTemporalPort,
    options.uiPort ?? last.uiPort ?? preferredTemporalUiPort,
    0,
    0,
  ])) as [number, number, number, number];
  ensureFolder(home, home.run);
  writeRecord(uiRecordPath(home), { uiPort });
  const address = `127.0.0.1:${port}`;
  const process: ProcessSpec = {
    ...spec,
    command: binary.path,
    args: serverArgs(join(home.temporal, 'temporal.db'), { port, uiPort, httpPort, metricsPort }),
    env: withoutTemporalSettings(options.env),
    cwd: home.temporal,
    port,
    source: binary.source,
    version: binary.serverVersion,
    ready: () => isServing(address),
    readyTimeoutMs: 60_000,
  };
  const uiUrl = `http://127.0.0.1:${uiPort}`;
  return { address, uiUrl, source: binary.source, version: binary.serverVersion, process };
}

/**
 * The command line of the embedded server. WAL with synchronous=NORMAL keeps every commit when the process is killed
 * (only a power cut may lose the last ones): the WAL's pages are with the kernel by then.
 */
export function serverArgs(
  dbPath: string,
  ports: { port: number; uiPort: number; httpPort: number; metricsPort: number },
): string[] {
  const listen = ['--ip', '127.0.0.1', '--port', `${ports.port}`, '--ui-port', `${ports.uiPort}`];
  const extra = ['--http-port', `${ports.httpPort}`, '--metrics-port', `${ports.metricsPort}`];
  const pragmas = ['journal_mode=WAL', 'synchronous=NORMAL', 'busy_timeout=10000'];
  return [
    ...['server', 'start-dev', ...listen, ...extra, '--db-filename', dbPath],
    ...pragmas.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...['--namespace', 'default', '--log-level', 'warn', '--color', 'never'],
    ...Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    ...Object.entries(dynamicConfig).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
  ];
}

/** A server that somebody else runs, seen to accept connections. */
export async function externalTemporal(address: string): Promise<PreparedTemporal> {
  if (!(await acceptsConnections(address))) {
    throw new ReosError(
      'missing_part',
      `The Temporal server at ${address} does not accept connections. Check that it runs and that TEMPORAL_ADDRESS is right, or unset it to use the embedded server.`,
      { details: { part: 'temporal', address } },
    );
  }
  return { address, uiUrl: null, source: 'TEMPORAL_ADDRESS', version: null, process: null };
}

/** True when the namespace and every search attribute are there: only then may workers start. */
async function isServing(address: string): Promise<boolean> {
  if (!(await acceptsConnections(address))) return false;
  let connection: Connection | null = null;
  try {
    const opened = await Connection.connect({ address, connectTimeout: 2_000 });
    connection = opened;
    return await opened.withDeadline(Date.now() + 3_000, async () => {
      await opened.workflowService.describeNamespace({ namespace: 'default' });
      const { customAttributes } = await opened.operatorService.listSearchAttributes({ namespace: 'default' });
      return Object.keys(searchAttributes).every((name) => name in (customAttributes ?? {}));
    });
  } catch {
    // Not yet: the supervisor asks again until its time is over and then shows the server's own log.
    return false;
  } finally {
    await connection?.close();
  }
}

/** True when something listens at host:port. */
export function acceptsConnections(address: string, timeoutMs = 2_000): Promise<boolean> {
  const match = /^\[?(.*?)\]?:(\d+)$/.exec(address);
  if (!match) return Promise.resolve(false);
  return new Promise((done) => {
    const socket = connect({ host: match[1]!, port: Number(match[2]), timeout: timeoutMs });
    const end = (open: boolean) => {
      socket.destroy();
      done(open);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

/** The server must not take client settings (address, profile, keys) from our environment. */
function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

const uiRecordPath = (home: ReosHome) => join(home.run, 'temporal-ui.json');

function readUiPort(home: ReosHome): number | undefined {
  return readRecord<{ uiPort: number }>(uiRecordPath(home))?.uiPort;
}

/** The rung's outcome as a caller of `reos temporal` needs it. */
export type { TemporalBinary };
