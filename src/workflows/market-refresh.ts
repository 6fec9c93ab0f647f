import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { batch, local } from './activity-options.ts';
import { failureReason } from './failure-reason.ts';

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
