import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildDashboard } from '../../scripts/dashboard.ts';
import { migrate, prepareServer } from '../../src/db/migrate.ts';
import { reosHome } from '../../src/runtime/home.ts';
import { startParts } from '../../src/runtime/parts.ts';
import { knownDataDir } from '../../src/runtime/postgres-cluster.ts';
import { findTemporalBinary } from '../../src/runtime/temporal-binary.ts';
import { TEMPLATE_DATABASE } from './template.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The superuser's URL of database `postgres`. */
    adminUrl: string;
    /** Password of the login `reos`. */
    loginPassword: string;
    /** host:port */
    temporalAddress: string;
  }
}

const loginPassword = 'for-tests-on-loopback';

/**
 * Starts one Postgres and one Temporal server for all integration tests, in a home of their own and on free ports, so
 * that a system that runs beside them is left alone. The Temporal program is found or installed in the cache of
 * REOS_TEST_HOME (default: ~/.reos, as `reos up` has it) and put on PATH, so that no test installs it again.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const tell = (message: string) => void process.stderr.write(`${message}\n`);
  const { env } = process;
  const temporal = await findTemporalBinary(reosHome(env.REOS_TEST_HOME ?? join(homedir(), '.reos')), {
    env,
    onProgress: tell,
  });
  await buildDashboard();
  const base = mkdtempSync(join(tmpdir(), 'reos tests '));
  chmodSync(base, 0o755);
  const bin = join(base, 'bin');
  mkdirSync(bin);
  symlinkSync(temporal.path, join(bin, process.platform === 'win32' ? 'temporal.exe' : 'temporal'));
  env.PATH = `${bin}${delimiter}${env.PATH ?? ''}`;

  const home = reosHome(join(base, 'home'));
  const parts = await startParts(home, { ports: { postgres: 0, temporal: 0, temporalUi: 0 }, env }, tell);
  const stop = async () => {
    await parts.stop();
    const dataDir = knownDataDir(home);
    if (dataDir) rmSync(join(dataDir, '..'), { recursive: true, force: true });
    rmSync(base, { recursive: true, force: true });
  };
  try {
    await migrate(await prepareServer(parts.databaseUrl, TEMPLATE_DATABASE, loginPassword));
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide('adminUrl', parts.databaseUrl);
  project.provide('loginPassword', loginPassword);
  project.provide('temporalAddress', parts.temporalAddress);
  return stop;
}
