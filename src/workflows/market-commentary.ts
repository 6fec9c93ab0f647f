import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { TASK_QUEUES } from '../domain/task-queues.ts';
import { batch } from './activity-options.ts';
import { failureReason } from './failure-reason.ts';

/** One question to the model: paid for, so it is given up after some minutes. */
const model = proxyActivities<Activities>({
  taskQueue: TASK_QUEUES.core,
  startToCloseTimeout: '3 minutes',
  heartbeatTimeout: '30 seconds',
  scheduleToCloseTimeout: '10 minutes',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumInterval: '1 minute', maximumAttempts: 6 },
});

/**
 * Has the model comment on a tenant's market where one is set up and the briefing is due: it is asked, the tools it wants
 * are asked, and so on until its text stands or is rejected. Nothing that goes wrong here keeps the briefing from being made.
 */
export async function commentOnMarket(tenantId: string): Promise<void> {
  const begun = await batch.beginCommentary({ tenantId });
  if (begun === null) return;
  const run = { tenantId, runId: begun.runId };
  try {
    for (;;) {
      const { isOver, calls } = await model.askModel(run);
      if (isOver) return;
      for (const callId of calls) await batch.callModelTool({ ...run, callId });
    }
  } catch (error) {
    await batch.endCommentary({ ...run, message: failureReason(error) });
  }
}
