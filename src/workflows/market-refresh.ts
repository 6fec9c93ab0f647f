import { ApplicationFailure, patched, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { TASK_QUEUES } from '../domain/task-queues.ts';
import { batch, local } from './activity-options.ts';
import { failureReason } from './failure-reason.ts';

/** A first pull may read years of rows; a source that is away is tried for a while only. */
const pull = proxyActivities<Activities>({
  taskQueue: TASK_QUEUES.core,
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '2 minutes',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '2 minutes', maximumAttempts: 5 },
});

/**
 * market_refresh: every tenant's dropped files are loaded, and its marts computed to the end from its raw feeds. Offers
 * reach them within a minute without it; this is the day's proof that nothing was left. One tenant's failure keeps no
 * other from its refresh; the run fails in the end.
 */
export async function marketRefresh(input: { dagId: string }): Promise<{ weeks: number; homes: number }> {
  const dagRunId = workflowInfo().runId;
  const total = { weeks: 0, homes: 0 };
  const failed: string[] = [];
  for (const tenantId of await local.listTenants()) {
    const run = { tenantId, dagId: input.dagId, dagRunId };
    await local.openRun(run);
    const failures: string[] = [];
    try {
      // Files that were dropped count in the same run.
      await batch.loadMarketDrop({ tenantId });
      if (patched('market-pull')) {
        // A source that does not answer keeps nothing else from its refresh.
        await pull.pullMarketSources({ tenantId }).catch((error: unknown) => {
          failures.push(failureReason(error));
          failed.push(`${tenantId}: ${failureReason(error)}`);
        });
      }
      const { weeks, homes } = await batch.refreshMarts({ tenantId });
      total.weeks += weeks;
      total.homes += homes;
    } catch (error) {
      failures.push(failureReason(error));
      failed.push(`${tenantId}: ${failureReason(error)}`);
    }
    await local.closeRun({ ...run, tasks: 1, failures });
  }
  if (failed.length > 0) throw ApplicationFailure.nonRetryable(failed.join('\n'), 'MarketRefreshFailed', total);
  return total;
}
