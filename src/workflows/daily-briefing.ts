import { ApplicationFailure, patched, workflowInfo } from '@temporalio/workflow';
import { batch, local } from './activity-options.ts';
import { failureReason } from './failure-reason.ts';
import { commentOnMarket } from './market-commentary.ts';

/**
 * daily_briefing: every tenant whose morning has come and that has no delivered briefing of the day gets one. One tenant's
 * failure keeps no other from its briefing; the run fails in the end, and the next one tries again.
 */
export async function dailyBriefing(input: { dagId: string }): Promise<{ made: number; packets: number }> {
  const dagRunId = workflowInfo().runId;
  const total = { made: 0, packets: 0 };
  const failed: string[] = [];
  for (const tenantId of await local.listTenants()) {
    const run = { tenantId, dagId: input.dagId, dagRunId };
    try {
      // Runs that began before there was a commentary go on without one.
      if (patched('market-commentary')) await commentOnMarket(tenantId);
      const { made, packets } = await batch.briefTenant({ tenantId });
      if (!made) continue;
      total.made += 1;
      total.packets += packets;
      await local.openRun(run);
      await local.closeRun({ ...run, tasks: 1, failures: [] });
    } catch (error) {
      failed.push(`${tenantId}: ${failureReason(error)}`);
      await local.openRun(run);
      await local.closeRun({ ...run, tasks: 1, failures: [failureReason(error)] });
    }
  }
  if (failed.length > 0) throw ApplicationFailure.nonRetryable(failed.join('\n'), 'BriefingsFailed', total);
  return total;
}
