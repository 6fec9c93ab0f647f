import { join } from 'node:path';
import type { Logger } from 'pino';
import { contactKeys } from '../db/contact-keys.ts';
import { migrate, prepareServer } from '../db/migrate.ts';
import { sealAfterMigration } from '../db/upgrade.ts';
import { deriveKeys, readSecret } from '../secrets.ts';
import { reosHome } from './home.ts';
import type { OnProgress } from './ladder.ts';
import { startParts } from './parts.ts';
import { choosePort } from './ports.ts';
import type { ProcessSpec } from './process-spec.ts';
import { clearRunningSystem, lockSystem, type RunningPart, type RunningSystem, writeRunningSystem } from './state.ts';
import { type SupervisedProcess, type SupervisorEvents, superviseProcess } from './supervisor.ts';

/** What the system is started with; settings as the entry point read them. */
export interface SystemOptions {
  home: string;
  databaseUrl: string | undefined;
  databaseDirectUrl: string | undefined;
  temporalAddress: string | undefined;
  secretKey: string | undefined;
  ports: { postgres?: number; temporal?: number; temporalUi?: number; api: number };
  /** Memory of the embedded Postgres for pages, MB. */
  postgresMemoryMb: number | undefined;
  apiHost: string;
  publicUrl: string | undefined;
  env: NodeJS.ProcessEnv;
  /** Whether workers and the API run too, or only the parts below them. */
  services: boolean;
  /** The command that runs a verb of the CLI: program and first arguments. */
  command: { program: string; args: readonly string[] };
  logger: Logger;
  onProgress: OnProgress;
}

export interface StartedSystem extends RunningSystem {
  /** Pids of the processes kept running, by name. */
  pids: () => Record<string, number | null>;
  /** Rejects, with the supervisor's words, once a part or service failed so often that it is not started again; never resolves. */
  broken: Promise<never>;
  stop: () => Promise<void>;
}

/**
 * Brings up Postgres and Temporal, migrates, then starts workers and the API, all under supervision and in that order.
 * Only one process at a time may do so for a home.
 * @throws ReosError `conflict` when the home's system is already running, `missing_part` naming the part that cannot be had
 */
export async function startSystem(options: SystemOptions): Promise<StartedSystem> {
  const home = reosHome(options.home);
  const release = await lockSystem(home);
  const running: SupervisedProcess[] = [];
  const { broken, events } = tellOf(options.onProgress);
  let stopParts: () => Promise<void> = async () => undefined;
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((service) => service.stop()));
    await stopParts();
    clearRunningSystem(home);
    release();
  };
  try {
    const parts = await startParts(
      home,
      {
        databaseUrl: options.databaseUrl,
        temporalAddress: options.temporalAddress,
        ports: options.ports,
        postgresMemoryMb: options.postgresMemoryMb,
        env: options.env,
      },
      options.onProgress,
      events,
    );
    stopParts = parts.stop;
    const databaseUrl = await readyDatabase(options, parts.databaseUrl);
    const record = { databaseUrl, temporalAddress: parts.temporalAddress, temporalUiUrl: parts.temporalUiUrl };
    const apiPort = options.services ? await choosePort(options.ports.api, options.apiHost) : null;
    const apiUrl = apiPort === null ? null : `http://${options.apiHost}:${apiPort}`;
    const serviceParts: RunningPart[] = [];
    if (apiPort !== null) {
      const specs = await serviceSpecs(options, { ...record, apiUrl: apiUrl!, apiPort });
      running.push(...(await Promise.all(specs.map((spec) => superviseProcess(home, spec, events)))));
      serviceParts.push(...specs.map(({ name, source, version, port }) => ({ name, source, version, port })));
    }
    const written = writeRunningSystem(home, { ...record, apiUrl, parts: [...parts.parts, ...serviceParts] });
    const pids = () => ({
      ...parts.pids(),
      ...Object.fromEntries(running.map((service) => [service.name, service.pid()])),
    });
    return { ...written, pids, broken, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The URL of the login that only the doors can use, on a database at the newest schema. */
async function readyDatabase(options: SystemOptions, serverUrl: string): Promise<string> {
  const keys = deriveKeys(readSecret(options.home, options.secretKey));
  const url = options.databaseUrl ?? (await prepareServer(serverUrl, 'reos', keys.databasePassword));
  await migrate(options.databaseUrl === undefined ? url : (options.databaseDirectUrl ?? url));
  await sealAfterMigration(url, contactKeys(keys), options.logger);
  return url;
}

async function serviceSpecs(
  options: SystemOptions,
  at: { databaseUrl: string; temporalAddress: string; temporalUiUrl: string | null; apiUrl: string; apiPort: number },
): Promise<ProcessSpec[]> {
  const env: NodeJS.ProcessEnv = {
    ...options.env,
    DATABASE_URL: at.databaseUrl,
    DATABASE_DIRECT_URL: options.databaseDirectUrl ?? at.databaseUrl,
    TEMPORAL_ADDRESS: at.temporalAddress,
    REOS_HOME: options.home,
    REOS_SECRET_KEY: readSecret(options.home, options.secretKey),
    REOS_API_PORT: String(at.apiPort),
    REOS_API_HOST: options.apiHost,
    REOS_PUBLIC_URL: options.publicUrl ?? at.apiUrl,
    REOS_LOG_LEVEL: options.env.REOS_LOG_LEVEL ?? 'info',
    ...(at.temporalUiUrl && { REOS_TEMPORAL_UI_URL: options.env.REOS_TEMPORAL_UI_URL ?? at.temporalUiUrl }),
  };
  const service = async (name: string, args: string[], port: number): Promise<ProcessSpec> => ({
    name,
    command: options.command.program,
    args: [...options.command.args, ...args],
    env,
    port,
    source: 'this installation',
    version: null,
    ready: () => answers(`http://127.0.0.1:${port}/health`),
    readyTimeoutMs: 60_000,
    stopSignal: 'SIGTERM',
    graceMs: 15_000,
  });
  const [corePort, renderPort] = [await choosePort(0), await choosePort(0)];
  return [
    await service(
      'worker',
      ['worker', '--queues', 'core,enrich,scrape,send', '--health-port', String(corePort)],
      corePort,
    ),
    await service('worker-render', ['worker', '--queues', 'render', '--health-port', String(renderPort)], renderPort),
    await service('api', ['api'], at.apiPort),
  ];
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_500) });
    return response.ok;
  } catch {
    // Not listening yet: the supervisor asks again.
    return false;
  }
}

function tellOf(onProgress: OnProgress): { broken: Promise<never>; events: SupervisorEvents } {
  let fail: (error: Error) => void = () => undefined;
  const broken = new Promise<never>((_never, reject) => {
    fail = reject;
  });
  // Whoever waits for it hears of it; nobody has to.
  broken.catch(() => undefined);
  const events: SupervisorEvents = {
    onRestart: (name, reason, delayMs) => onProgress(`${name}: ${reason}; starting it again in ${delayMs} ms`),
    onGaveUp: (_name, error) => {
      onProgress(error.message);
      fail(error);
    },
  };
  return { broken, events };
}

/** Where the log of a service or part of this home is. */
export function logFile(home: string, name: string): string {
  return join(home, 'logs', `${name}.log`);
}
