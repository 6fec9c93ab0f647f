import { createServer } from 'node:http';
import { join } from 'node:path';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import { failureInterceptor } from '../activities/failures.ts';
import { createActivities } from '../activities/index.ts';
import { detectAndAlert } from '../activities/market/alerts.ts';
import { deliveryDeps } from '../activities/market/morning.ts';
import { temporalConfig } from '../client/connect.ts';
import { TASK_QUEUES, type TaskQueue } from '../domain/task-queues.ts';
import type { Settings } from '../settings.ts';
import { workflowBundle } from './bundle.ts';
import { createDeps } from './deps.ts';
import { temporalLogger } from './logger.ts';
import { startMarketRefresher } from './market-refresher.ts';

export interface WorkerOptions {
  queues: readonly TaskQueue[];
  /** Loopback port that answers /health once every worker polls; none when undefined. */
  healthPort?: number;
  logger: Logger;
  /** Ends the workers in good order. */
  signal: AbortSignal;
}

/** Activities that run at once, per queue: what each kind of work can bear on a small machine. */
const CONCURRENCY: Record<TaskQueue, number> = { core: 20, enrich: 16, scrape: 2, render: 2, send: 8 };

/** Runs workers for the queues until the signal. The core queue's worker also runs the workflows. */
export async function runWorkers(settings: Settings, options: WorkerOptions): Promise<void> {
  const { logger } = options;
  Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [] });
  const { connectionOptions, namespace } = temporalConfig({ address: settings.temporalAddress, env: settings.env });
  const connection = await NativeConnection.connect(connectionOptions);
  const { deps, close } = await createDeps(settings, logger);
  try {
    const activities = createActivities(deps);
    const workers = await Promise.all(
      options.queues.map(async (queue) =>
        Worker.create({
          connection,
          namespace,
          taskQueue: queue,
          activities,
          ...(queue === TASK_QUEUES.core
            ? {
                workflowBundle: await workflowBundle(join(settings.home, 'cache')),
                maxCachedWorkflows: 500,
                maxConcurrentWorkflowTaskExecutions: 40,
                maxConcurrentLocalActivityExecutions: 16,
              }
            : {}),
          maxConcurrentActivityTaskExecutions: CONCURRENCY[queue],
          shutdownGraceTime: '10 seconds',
          shutdownForceTime: '20 seconds',
          interceptors: { activity: [() => ({ inbound: failureInterceptor })] },
        }),
      ),
    );
    const health = options.healthPort === undefined ? undefined : serveHealth(workers, options.healthPort);
    const stop = () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    };
    options.signal.addEventListener('abort', stop, { once: true });
    const refresher = options.queues.includes(TASK_QUEUES.core)
      ? startMarketRefresher({
          db: deps.db,
          logger,
          afterRefresh: (tenantId, now) => detectAndAlert(deliveryDeps(deps), tenantId, now),
        })
      : undefined;
    logger.info({ queues: options.queues }, 'worker started');
    // One worker that fails takes the others down in good order, and the process with them: its supervisor starts it again.
    const ends = await Promise.allSettled(
      workers.map(async (worker) => {
        try {
          await worker.run();
        } finally {
          stop();
        }
      }),
    );
    health?.close();
    await refresher?.stop();
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  } finally {
    await close();
    await connection.close();
  }
}

function serveHealth(workers: readonly Worker[], port: number) {
  const server = createServer((_request, response) => {
    const states = workers.map((worker) => worker.getState());
    const healthy = states.every((state) => state === 'RUNNING');
    response.writeHead(healthy ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: healthy ? 'healthy' : 'unhealthy', workers: states }));
  });
  server.listen(port, '127.0.0.1');
  return server;
}
