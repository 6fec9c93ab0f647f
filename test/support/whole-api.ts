import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import pino from 'pino';
import { inject } from 'vitest';
import { failureInterceptor } from '../../src/activities/failures.ts';
import { createActivities } from '../../src/activities/index.ts';
import { issueAccessToken } from '../../src/api/auth/access-token.ts';
import type { ApiDeps } from '../../src/api/deps.ts';
import { reconcileSchedules } from '../../src/client/reconcile.ts';
import { declareSchedules } from '../../src/client/schedules.ts';
import { openCounties } from '../../src/config/county-index.ts';
import type { Role } from '../../src/domain/policy.ts';
import { TASK_QUEUES } from '../../src/domain/task-queues.ts';
import { readSettings, type Settings } from '../../src/settings.ts';
import { runApi } from '../../src/workers/api.ts';
import { workflowBundle } from '../../src/workers/bundle.ts';
import { createDeps } from '../../src/workers/deps.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { KEY_SECRET, TEST_TOKEN_KEYS, testIdentity } from './identity.ts';
import { BUNDLE_CACHE, createTestTemporal, type TestTemporal } from './temporal.ts';

/** The API as `reos api` puts it together, every part of it there, behind a port of this machine. */
export interface WholeApi {
  url: string;
  database: TestDatabase;
  temporal: TestTemporal;
  settings: Settings;
  /** Makes a user and returns an access token. */
  tokenOf(role: Role, tenantId?: string): Promise<{ userId: string; token: string }>;
  /** What was logged as an error so far: the reasons of every 500. */
  faults: string[];
  close(): Promise<void>;
}

/** Secret of the whole API's keys. */
export const WHOLE_API_SECRET = 'a secret of the tests, of more than thirty-two bytes';

/**
 * Starts the API with the parts that its settings make, on a database and a Temporal namespace of its own. Requests have
 * no limit unless `more` says one. Workflows run and read and write their state, activities of other queues do not: nothing
 * leaves this machine.
 */
export async function startWholeApi(more: Partial<ApiDeps> = {}): Promise<WholeApi> {
  const [database, temporal, folder] = await Promise.all([
    createTestDatabase(),
    createTestTemporal(),
    mkdtemp(join(tmpdir(), 'reos-api-')),
  ]);
  const settings: Settings = {
    ...readSettings({
      REOS_HOME: folder,
      REOS_SECRET_KEY: WHOLE_API_SECRET,
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      TEMPORAL_NAMESPACE: temporal.namespace,
      TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
      TWILIO_AUTH_TOKEN: 'token-of-the-tests',
      TWILIO_FROM: '+12065550100',
      LOB_WEBHOOK_SECRET: 'secret-of-the-tests',
      OUTREACH_SANDBOX: 'true',
    }),
    // Any free one.
    ports: { postgres: undefined, temporal: undefined, temporalUi: undefined, api: 0 },
  };
  const faults: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => void faults.push(line) });
  const { deps, close: closeDeps } = await createDeps(settings, pino({ level: 'silent' }));
  const worker = await Worker.create({
    connection: temporal.native,
    namespace: temporal.namespace,
    taskQueue: TASK_QUEUES.core,
    workflowBundle: await workflowBundle(BUNDLE_CACHE),
    activities: createActivities(deps),
    interceptors: { activity: [() => ({ inbound: failureInterceptor })] },
    shutdownGraceTime: 0,
    shutdownForceTime: '2 seconds',
  });
  const working = worker.run();
  const { all } = await openCounties(settings.configDir);
  const schedules = declareSchedules(all.slice(0, 1));
  await reconcileSchedules(temporal.client, schedules);
  // Nothing runs by the clock while a test looks at what a request changes.
  for (const { id } of schedules) await temporal.client.schedule.getHandle(id).pause('test');
  const server = await runApi(settings, logger, {
    identity: testIdentity(),
    auth: { tokens: TEST_TOKEN_KEYS, keySecret: KEY_SECRET },
    limits: { tenant: { free: 1e9, professional: 1e9, enterprise: 1e9 }, address: 1e9 },
    ...more,
  });
  let made = 0;
  return {
    url: server.url,
    database,
    temporal,
    settings,
    faults,
    async tokenOf(role, tenantId = database.tenantId) {
      made += 1;
      const [row] = await database.query<{ id: string }>(
        `insert into user_accounts (tenant_id, email, name, password_hash, role, tokens_valid_from)
         values ($1, $2, $3, 'none', $4, now() - interval '1 hour') returning id`,
        [tenantId, `${role}-whole-${made}@example.com`, `A ${role}`, role],
      );
      const userId = row!.id;
      return { userId, token: await issueAccessToken(TEST_TOKEN_KEYS, { tenantId, userId }, new Date()) };
    },
    async close() {
      await server.close();
      worker.shutdown();
      await working;
      await closeDeps();
      await temporal.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
