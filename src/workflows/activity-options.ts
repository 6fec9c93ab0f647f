import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { TASK_QUEUES } from '../domain/task-queues.ts';

/**
 * Sub-second database work, run inside the workflow's worker. It is tried until Postgres answers: without the system of
 * record there is nothing to decide, and nothing to record a failure in.
 */
export const local = proxyLocalActivities<Activities>({
  startToCloseTimeout: '15 seconds',
  localRetryThreshold: '20 seconds',
  retry: { initialInterval: '200 ms', backoffCoefficient: 2, maximumInterval: '15 seconds' },
});

/** Set-based database work that can take minutes on a large tenant. */
export const batch = proxyActivities<Activities>({
  taskQueue: TASK_QUEUES.core,
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 50 },
});

/** Training a model: minutes to an hour of reckoning, begun anew when its worker dies. */
export const training = proxyActivities<Activities>({
  taskQueue: TASK_QUEUES.core,
  startToCloseTimeout: '3 hours',
  heartbeatTimeout: '2 minutes',
  retry: { initialInterval: '10 seconds', backoffCoefficient: 2, maximumInterval: '10 minutes', maximumAttempts: 5 },
});

/** Reading a source: long, resumed from the heartbeat's cursor. */
export const scrape = proxyActivities<Activities>({
  taskQueue: TASK_QUEUES.scrape,
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '2 minutes', maximumAttempts: 30 },
});

/** Calls to providers, tried until the retry window closes. */
export function enrichWithin(windowMs: number) {
  return proxyActivities<Activities>({
    taskQueue: TASK_QUEUES.enrich,
    startToCloseTimeout: '2 minutes',
    scheduleToCloseTimeout: windowMs,
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  });
}

/** Rendering a PDF. */
export const render = proxyActivities<Activities>({
  taskQueue: TASK_QUEUES.render,
  startToCloseTimeout: '90 seconds',
  heartbeatTimeout: '40 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds', maximumAttempts: 10 },
});

/** One send. Retried only where nothing was sent; the row in Postgres refuses every second post. */
export function sendWithin(windowMs: number) {
  return proxyActivities<Activities>({
    taskQueue: TASK_QUEUES.send,
    startToCloseTimeout: '1 minute',
    scheduleToCloseTimeout: windowMs,
    retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
  });
}
