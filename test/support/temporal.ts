import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import type { ActivityDeps } from '../../src/activities/deps.ts';
import { failureInterceptor } from '../../src/activities/failures.ts';
import { createActivities } from '../../src/activities/index.ts';
import { TASK_QUEUES } from '../../src/domain/task-queues.ts';
import { searchAttributes } from '../../src/runtime/temporal.ts';
import { workflowBundle } from '../../src/workers/bundle.ts';

/** Everything recorded in a history names this, never a machine. */
const IDENTITY = 'reos-test';
/** Bundles of the current source, shared by test files and runs. */
export const BUNDLE_CACHE = resolve('node_modules/.cache/reos-test');

/** A namespace of a test file's own, so that its workers never take another file's tasks: task queue names are fixed. */
export interface TestTemporal {
  client: Client;
  native: NativeConnection;
  namespace: string;
  close(): Promise<void>;
}

/** Registers a namespace with the product's search attributes on the run's server. Once per test file. */
export async function createTestTemporal(): Promise<TestTemporal> {
  const address = inject('temporalAddress');
  // Failures that tests provoke are not worth a line: the assertions tell.
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'off', forward: {} } },
    shutdownSignals: [],
  });
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  const connection = await Connection.connect({ address });
  const usual = await connection.workflowService.describeNamespace({ namespace: 'default' });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: usual.config?.workflowExecutionRetentionTtl,
  });
  const native = await NativeConnection.connect({ address });
  await persistently(() =>
    connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(Object.entries(searchAttributes).map(([name, type]) => [name, TYPES[type]])),
    }),
  );
  return {
    client: new Client({ connection, namespace, identity: IDENTITY }),
    native,
    namespace,
    close: async () => {
      await connection.close();
      await native.close();
    },
  };
}

/** Temporal's IndexedValueType of each kind of search attribute. */
const TYPES = { Keyword: 2, Double: 4, Bool: 5 } as const;

/** A namespace is known to every part of the server some moments after it was made. */
async function persistently<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

/** Workers for every queue inside this process, over one set of parts. */
export interface TestWorkers {
  /** In good order: running activities are cancelled and waited for. */
  stop(): Promise<void>;
}

/** Lets a test step in before an activity of a name, local ones too. */
export interface WorkerHooks {
  before?: (activityType: string) => Promise<void>;
}

/** Starts the workers as the product does, but without waiting for work in progress when they stop. */
export async function startTestWorkers(
  temporal: TestTemporal,
  deps: ActivityDeps,
  hooks: WorkerHooks = {},
): Promise<TestWorkers> {
  const activities = createActivities(deps);
  const bundle = await workflowBundle(BUNDLE_CACHE);
  const workers = await Promise.all(
    Object.values(TASK_QUEUES).map((taskQueue) =>
      Worker.create({
        connection: temporal.native,
        namespace: temporal.namespace,
        identity: IDENTITY,
        taskQueue,
        activities,
        ...(taskQueue === TASK_QUEUES.core ? { workflowBundle: bundle } : {}),
        shutdownGraceTime: 0,
        shutdownForceTime: '5 seconds',
        interceptors: {
          activity: [
            () => ({ inbound: failureInterceptor }),
            ({ info }) => ({
              inbound: {
                execute: async (input, next) => {
                  await hooks.before?.(info.activityType);
                  return next(input);
                },
              },
            }),
          ],
        },
      }),
    ),
  );
  const runs = workers.map((worker) => worker.run());
  return {
    stop: async () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.all(runs);
    },
  };
}

/** Makes activities of a name wait until `open` is called, so that a test can speak while one is at work. */
export function holdActivity(hooks: WorkerHooks, name: string): { open: () => void; isReached: () => boolean } {
  const release = new AbortController();
  const released = once(release.signal, 'abort');
  let isReached = false;
  hooks.before = async (activityType) => {
    if (activityType !== name) return;
    isReached = true;
    await released;
  };
  return {
    isReached: () => isReached,
    open: () => {
      delete hooks.before;
      release.abort();
    },
  };
}

/** Asks again until the answer is true. @throws Error with the last answer when it never is */
export async function eventually<T>(
  ask: () => Promise<T>,
  isIt: (answer: T) => boolean,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (isIt(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`It did not happen in ${timeoutMs} ms: ${JSON.stringify(answer)}`);
    await sleep(50);
  }
}
