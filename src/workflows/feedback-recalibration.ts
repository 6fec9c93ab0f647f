import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { batch, local } from './activity-options.ts';
import { failureReason } from './failure-reason.ts';

/** feedback_recalibration: what each tool's confidence proved to be worth, for every tenant. One's failure stops no other. */
export async function feedbackRecalibration(input: { dagId: string }): Promise<{ recalibrated: number }> {
  const dagRunId = workflowInfo().runId;
  let recalibrated = 0;
  const failed: string[] = [];
  for (const tenantId of await local.listTenants()) {
    const run = { tenantId, dagId: input.dagId, dagRunId };
    await local.openRun(run);
    const failures: string[] = [];
    try {
      if ((await batch.recalibrateTenant({ tenantId })).isActive) recalibrated += 1;
    } catch (error) {
      failures.push(failureReason(error));
      failed.push(`${tenantId}: ${failureReason(error)}`);
    }
    await local.closeRun({ ...run, tasks: 1, failures });
  }
  if (failed.length > 0) throw ApplicationFailure.nonRetryable(failed.join('\n'), 'RecalibrationFailed', recalibrated);
  return { recalibrated };
}
