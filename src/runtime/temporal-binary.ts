import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ReosError } from '../domain/errors.ts';
import { ensureFolder, type ReosHome } from './home.ts';
import { Absent, climb, type OnProgress, type Rung } from './ladder.ts';
import { acquireLock } from './lock-file.ts';
import { findOnPath, isExecutable, lastWords, runCommand } from './run-command.ts';
import { downloadTemporal } from './temporal-download.ts';

/** The CLI release that is downloaded or built; it brings server 1.29.1. */
export const temporalCliVersion = 'v1.5.1';

/** A `temporal` program that was run and is new enough. */
export type TemporalBinary = { path: string; source: string; version: string; serverVersion: string };

/** Older servers lack what the workflows use (update-with-start under USE_EXISTING, priorities). */
const oldestServer = [1, 28] as const;

const buildTimeoutMs = 20 * 60_000;
const exe = process.platform === 'win32' ? '.exe' : '';

/** Inputs of the Temporal ladder. `env` is the environment that PATH and Go's settings are read from. */
export type TemporalLadderOptions = { env: NodeJS.ProcessEnv; onProgress?: OnProgress; downloadUrl?: string };

/** The ladder: PATH, the home's cache, the official download, a build with Go. */
export function temporalRungs(home: ReosHome, options: TemporalLadderOptions): Rung<TemporalBinary>[] {
  const { env } = options;
  return [
    { name: 'temporal on PATH', find: () => provenOnPath(env) },
    { name: `temporal in ${home.cache}`, find: () => provenInCache(home, env) },
    {
      name: 'official download',
      heavy: true,
      plan: () =>
        findOnPath(['go'], env)
          ? 'would be downloaded, or built with Go (about 3 minutes, once), at the first start'
          : 'would be downloaded at the first start (needs internet access; Go, the other way, is not on PATH)',
      find: () => install(home, options, 'download', (folder) => downloadTemporal(folder, temporalCliVersion, options)),
    },
    {
      name: 'go install',
      heavy: true,
      find: () => install(home, options, 'go install', (folder) => buildWithGo(folder, options)),
    },
  ];
}

/**
 * The `temporal` program, downloaded or built when there is none. Two processes at once wait for one another.
 * @throws ReosError 'missing_part' with what was tried and why each failed
 */
export async function findTemporalBinary(home: ReosHome, options: TemporalLadderOptions): Promise<TemporalBinary> {
  return climb(
    'The Temporal server',
    temporalRungs(home, options),
    'install the Temporal CLI (https://docs.temporal.io/cli/setup-cli) or Go 1.23 or newer so that "temporal" or "go" is on PATH, or set TEMPORAL_ADDRESS to a running server.',
  );
}

/**
 * Runs `temporal --version` and reads what it says.
 * @throws Error with the reason when it does not run, is another program, or is too old
 */
export async function proveTemporal(path: string, source: string, env: NodeJS.ProcessEnv): Promise<TemporalBinary> {
  const result = await runCommand(path, ['--version'], { env, timeoutMs: 20_000 });
  const match = /temporal version (\S+) \(Server (\d+)\.(\d+)(\S*?)[,)]/i.exec(result.stdout);
  if (!match) throw new Error(`${path} does not run as the Temporal CLI: ${lastWords(result)}`);
  const [, version, major, minor, rest] = match as unknown as [string, string, string, string, string];
  const serverVersion = `${major}.${minor}${rest}`;
  const older = Number(major) - oldestServer[0] || Number(minor) - oldestServer[1];
  if (older < 0)
    throw new Error(`${path} brings server ${serverVersion}; ${oldestServer.join('.')} or newer is needed`);
  return { path, source, version, serverVersion };
}

async function provenOnPath(env: NodeJS.ProcessEnv): Promise<TemporalBinary> {
  const path = findOnPath(['temporal'], env);
  if (!path) throw new Absent('there is none');
  return proveTemporal(path, 'PATH', env);
}

async function provenInCache(home: ReosHome, env: NodeJS.ProcessEnv): Promise<TemporalBinary> {
  const names = existsSync(home.cache) ? readdirSync(home.cache).filter((name) => /^temporal[\w.-]*$/.test(name)) : [];
  let reason: unknown = new Absent('there is none');
  for (const name of names.sort().reverse()) {
    const path = join(home.cache, name);
    if (name.endsWith('.lock') || !isExecutable(path)) continue;
    try {
      return await proveTemporal(path, 'cache', env);
    } catch (error) {
      reason = error;
    }
  }
  throw reason;
}

/** Gets a program into a folder of its own, proves it there, and only then moves it into the cache. */
async function install(
  home: ReosHome,
  options: TemporalLadderOptions,
  source: string,
  fetchInto: (folder: string) => Promise<void>,
): Promise<TemporalBinary> {
  ensureFolder(home, home.cache);
  const release = await acquireLock(join(home.cache, 'temporal.lock'), {
    what: 'The installation of the Temporal server',
    waitMs: buildTimeoutMs,
    onWait: (pid) => options.onProgress?.(`Waiting for process ${pid}, which is installing the Temporal server`),
  });
  const folder = join(home.cache, `installing-temporal-${process.pid}`);
  try {
    // Whoever held the lock before may have finished the job.
    const already = await provenInCache(home, options.env).catch(() => null);
    if (already) return already;
    mkdirSync(folder, { recursive: true });
    await fetchInto(folder);
    await proveTemporal(join(folder, `temporal${exe}`), source, options.env);
    const path = join(home.cache, `temporal-${temporalCliVersion}${exe}`);
    renameSync(join(folder, `temporal${exe}`), path);
    return await proveTemporal(path, source, options.env);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    release();
  }
}

async function buildWithGo(folder: string, { env, onProgress }: TemporalLadderOptions): Promise<void> {
  const go = findOnPath(['go'], env);
  if (!go) throw new Error('go is not on PATH');
  const startedAtMs = Date.now();
  let packages = 0;
  const progress = () =>
    onProgress?.(
      `Building the Temporal server with Go, once, about 3 minutes: ${Math.round((Date.now() - startedAtMs) / 1000)} s, ${packages} packages`,
    );
  progress();
  const timer = setInterval(progress, 10_000);
  const result = await runCommand(
    go,
    ['install', '-v', `github.com/temporalio/cli/cmd/temporal@${temporalCliVersion}`],
    {
      cwd: folder,
      env: { ...env, CGO_ENABLED: '0', GOBIN: folder, GOFLAGS: '', GOWORK: 'off' },
      timeoutMs: buildTimeoutMs,
      onLine: () => {
        packages += 1;
      },
    },
  ).finally(() => clearInterval(timer));
  if (result.code !== 0) throw new ReosError('missing_part', `${go} could not build it: ${lastWords(result)}`);
}
