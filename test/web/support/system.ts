import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { inject } from 'vitest';
import type { ActivityDeps } from '../../../src/activities/deps.ts';
import type { ApiDeps } from '../../../src/api/deps.ts';
import { reconcileSchedules } from '../../../src/client/reconcile.ts';
import { declareSchedules } from '../../../src/client/schedules.ts';
import { openCounties } from '../../../src/config/county-index.ts';
import { type Simulator, startSimulator } from '../../../src/demo/simulator/server.ts';
import { readSettings, type Settings } from '../../../src/settings.ts';
import { runApi } from '../../../src/workers/api.ts';
import { createDeps } from '../../../src/workers/deps.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { createTestTemporal, startTestWorkers, type TestWorkers } from '../../support/temporal.ts';

/** The product as `reos up` runs it, in this process: database, Temporal, workers of every queue, API and dashboard. */
export interface DashboardSystem {
  url: string;
  database: TestDatabase;
  settings: Settings;
  /** What the workers work with. */
  deps: ActivityDeps;
  simulator: Simulator;
  /** What the API logged as an error so far. */
  faults: string[];
  /** Stops the API, as a crash or an upgrade does; `startApi` brings it back at the same address. */
  stopApi(): Promise<void>;
  startApi(): Promise<void>;
  close(): Promise<void>;
}

/** Tests are faster than a person: no plan's requests a minute are enough for them. */
const UNLIMITED = { tenant: { free: 1e9, professional: 1e9, enterprise: 1e9 }, address: 1e9 };
const DASHBOARD = fileURLToPath(new URL('../../../dist/web', import.meta.url));

/**
 * Starts the system with the dashboard that the test run has built. Providers are the simulator; mail goes to the outbox.
 * @param parts parts and limits of the API instead of the tests' own; `limits: undefined` is what the product has
 */
export async function startDashboardSystem(
  more: NodeJS.ProcessEnv = {},
  parts: Partial<ApiDeps> = {},
): Promise<DashboardSystem> {
  const [database, temporal, simulator, home] = await Promise.all([
    createTestDatabase(),
    createTestTemporal(),
    startSimulator(),
    mkdtemp(join(tmpdir(), 'reos dashboard ')),
  ]);
  const read = (port: number): Settings => ({
    ...readSettings({
      ...process.env,
      REOS_HOME: home,
      REOS_SECRET_KEY: 'a secret of the tests, of more than thirty-two bytes',
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      TEMPORAL_NAMESPACE: temporal.namespace,
      REOS_TEMPORAL_UI_URL: 'http://127.0.0.1:8233',
      PROVIDER_BASE_URLS: Object.entries(simulator.baseUrls)
        .map(([name, url]) => `${name}=${url}`)
        .join(','),
      PROVIDER_RATE_SCALE: '1000',
      REOS_RETRY_WINDOW_SECONDS: '6',
      ...more,
    }),
    dashboardDir: DASHBOARD,
    ports: { postgres: undefined, temporal: undefined, temporalUi: undefined, api: port },
  });
  const silent = pino({ level: 'silent' });
  const faults: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => void faults.push(line) });
  let settings = read(0);
  const { deps, close: closeDeps } = await createDeps(settings, silent);
  const workers = await startTestWorkers(temporal, deps);
  const { all } = await openCounties(settings.configDir);
  const schedules = declareSchedules(all.slice(0, 1));
  await reconcileSchedules(temporal.client, schedules);
  for (const { id } of schedules) await temporal.client.schedule.getHandle(id).pause('test');
  const open = () => runApi(settings, logger, { limits: UNLIMITED, ...parts });
  let api = await open();
  const url = api.url;
  settings = read(Number(new URL(url).port));
  return {
    url,
    database,
    settings,
    deps,
    simulator,
    faults,
    stopApi: () => api.close(),
    startApi: async () => {
      api = await open();
    },
    close: async () => {
      await api.close();
      await stopQuietly(workers);
      await closeDeps();
      await temporal.close();
      await simulator.stop();
      await database.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** On a busy machine a worker may end while the SDK still counts a reference to it; nothing is left running then either. */
async function stopQuietly(workers: TestWorkers): Promise<void> {
  try {
    await workers.stop();
  } catch (error) {
    if (!(error instanceof Error && /Worker still in use/.test(error.message))) throw error;
  }
}
