import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../domain/errors.ts';
import { browserRungs } from './browser.ts';
import type { ReosHome } from './home.ts';
import { lookAt, type Rung } from './ladder.ts';
import { lightgbmNextStep, lightgbmRungs } from './lightgbm.ts';
import { externalPostgres, withoutPassword } from './postgres.ts';
import { locatePostgresPackage } from './postgres-binaries.ts';
import { knownDataDir } from './postgres-cluster.ts';
import { isRunning } from './process-identity.ts';
import { readProcessRecord } from './supervisor.ts';
import { acceptsConnections } from './temporal.ts';
import { temporalRungs } from './temporal-binary.ts';

/** What `doctor` says about one part. `next_step` is null when nothing needs doing. */
export type PartReport = {
  part: 'node' | 'postgres' | 'temporal' | 'browser' | 'lightgbm' | 'storage';
  /** ok: usable now · warn: usable, with a remark · missing: would have to be installed · wrong: there but unusable */
  status: 'ok' | 'warn' | 'missing' | 'wrong';
  source: string | null;
  version: string | null;
  detail: string;
  next_step: string | null;
};

/** What `doctor` looks at. */
export type DoctorOptions = {
  home: ReosHome;
  env: NodeJS.ProcessEnv;
  databaseUrl?: string;
  temporalAddress?: string;
  /** Address of an S3 store, or absent for the local folder. */
  s3Endpoint?: string;
  /** For tests: the usual places of system browsers. */
  browserPlaces?: string[];
};

/** Looks at each part without starting, downloading, building or unpacking anything. Never throws. */
export async function diagnose(options: DoctorOptions): Promise<PartReport[]> {
  const looks: [PartReport['part'], (options: DoctorOptions) => PartReport | Promise<PartReport>][] = [
    ['node', diagnoseNode],
    ['postgres', diagnosePostgres],
    ['temporal', diagnoseTemporal],
    ['browser', diagnoseBrowser],
    ['lightgbm', diagnoseLightGbm],
    ['storage', diagnoseStorage],
  ];
  return Promise.all(
    looks.map(async ([part, look]) => {
      try {
        return await look(options);
      } catch (error) {
        return report(part, 'wrong', messageOf(error), { next_step: 'see the message' });
      }
    }),
  );
}

function diagnoseNode(): PartReport {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const known = { source: process.execPath, version: process.versions.node };
  if (major > 20 || (major === 20 && minor >= 19)) return report('node', 'ok', 'new enough', known);
  return report('node', 'wrong', 'older than 20.19', { ...known, next_step: 'install Node 20.19 or newer' });
}

async function diagnosePostgres({ home, databaseUrl }: DoctorOptions): Promise<PartReport> {
  if (databaseUrl) {
    try {
      const { version } = await externalPostgres(databaseUrl);
      return report('postgres', 'ok', `answers at ${withoutPassword(databaseUrl)}`, {
        source: 'DATABASE_URL',
        version,
      });
    } catch (error) {
      const next_step = 'start it, correct DATABASE_URL, or unset it to use the embedded server';
      return report('postgres', 'wrong', messageOf(error), { source: 'DATABASE_URL', next_step });
    }
  }
  try {
    const { packageVersion } = locatePostgresPackage();
    const dataDir = knownDataDir(home);
    const known = { source: 'embedded', version: packageVersion };
    if (dataDir && !existsSync(dataDir)) {
      const next_step = `restore it, or delete ${home.postgres} to start with an empty database`;
      return report('postgres', 'wrong', `its data folder ${dataDir} is gone`, { ...known, next_step });
    }
    const data = dataDir ? `data in ${dataDir}` : 'no data yet: made at the first start';
    return report('postgres', 'ok', `${runState(home, 'postgres')}; ${data}`, known);
  } catch (error) {
    return report('postgres', 'missing', messageOf(error), { next_step: 'run "npm ci", or set DATABASE_URL' });
  }
}

async function diagnoseTemporal({ home, env, temporalAddress }: DoctorOptions): Promise<PartReport> {
  if (temporalAddress) {
    if (await acceptsConnections(temporalAddress)) {
      return report('temporal', 'ok', `accepts connections at ${temporalAddress}`, { source: 'TEMPORAL_ADDRESS' });
    }
    const next_step = 'start it, correct TEMPORAL_ADDRESS, or unset it to use the embedded server';
    const detail = `nothing accepts connections at ${temporalAddress}`;
    return report('temporal', 'wrong', detail, { source: 'TEMPORAL_ADDRESS', next_step });
  }
  const next = 'install the Temporal CLI or Go, so that "temporal" or "go" is on PATH';
  return fromLadder('temporal', temporalRungs(home, { env }), next, (binary) => ({
    source: binary.source,
    version: binary.serverVersion,
    detail: `${runState(home, 'temporal')}; ${binary.path}`,
  }));
}

async function diagnoseBrowser({ home, env, browserPlaces }: DoctorOptions): Promise<PartReport> {
  const next = 'install Chromium or Chrome, or set PUPPETEER_EXECUTABLE_PATH';
  return fromLadder('browser', browserRungs({ home, env }, browserPlaces), next, (browser) => ({
    source: browser.source,
    version: browser.version,
    detail: `launches; ${browser.executablePath}`,
  }));
}

/** Only valuations by the model need it: its absence is a remark. */
async function diagnoseLightGbm({ home, env }: DoctorOptions): Promise<PartReport> {
  const found = await fromLadder('lightgbm', lightgbmRungs({ home, env }), lightgbmNextStep, (library) => ({
    source: library.source,
    version: library.version,
    detail: `loads; ${library.path}`,
  }));
  if (found.status === 'ok') return found;
  return { ...found, status: 'warn', detail: `${found.detail}; scores by weights work without it` };
}

function diagnoseStorage({ home, s3Endpoint }: DoctorOptions): PartReport {
  if (s3Endpoint) return report('storage', 'ok', `objects go to ${s3Endpoint} (not tried)`, { source: 'S3_ENDPOINT' });
  let folder = home.store;
  while (!existsSync(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch {
    const next_step = `make ${folder} writable, or set REOS_HOME to another folder`;
    return report('storage', 'wrong', `${folder} is not writable`, { source: 'local folder', next_step });
  }
  const { bavail, bsize } = statfsSync(folder);
  const freeGb = (bavail * bsize) / 1e9;
  const detail = `${home.store}, ${freeGb.toFixed(1)} GB free`;
  if (freeGb >= 2) return report('storage', 'ok', detail, { source: 'local folder' });
  return report('storage', 'warn', detail, {
    source: 'local folder',
    next_step: 'free some disk space (2 GB is little)',
  });
}

async function fromLadder<T>(
  part: PartReport['part'],
  rungs: Rung<T>[],
  next_step: string,
  describe: (found: T) => { source: string; version: string | null; detail: string },
): Promise<PartReport> {
  const view = await lookAt(rungs);
  const remarks = view.broken.length > 0 ? ` (passed over: ${view.broken.join('; ')})` : '';
  if (view.found) {
    const { detail, ...known } = describe(view.found);
    return report(part, 'ok', detail + remarks, known);
  }
  if (view.plan) return report(part, 'warn', `${view.plan}${remarks}`, { source: view.rung });
  return report(part, 'missing', view.reasons.join('; '), { next_step });
}

function runState(home: ReosHome, name: string): string {
  const record = readProcessRecord(home, name);
  if (!record?.pid || !record.startToken) return 'not running';
  const { pid, startToken, port } = record;
  return isRunning({ pid, startToken }) ? `running as process ${pid} on port ${port}` : 'not running (it was killed)';
}

function report(
  part: PartReport['part'],
  status: PartReport['status'],
  detail: string,
  more: Partial<Pick<PartReport, 'source' | 'version' | 'next_step'>> = {},
): PartReport {
  return { part, status, source: null, version: null, next_step: null, ...more, detail };
}
