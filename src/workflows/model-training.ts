import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import type { TrainingOutcome } from '../activities/platform/train-model.ts';
import { batch, local, training } from './activity-options.ts';
import { failureReason } from './failure-reason.ts';

/**
 * model_training: every tenant's markets that have enough new sales get a challenger, one after the other; then the
 * champions' drift is measured. A market that fails does not keep the others from their training; the run fails in the end.
 * @param input.trials parameter sets to try for each part; the training's own number when absent
 */
export async function modelTraining(input: {
  dagId: string;
  trials?: number;
}): Promise<{ trained: TrainingOutcome[] }> {
  const dagRunId = workflowInfo().runId;
  const trained: TrainingOutcome[] = [];
  const allFailures: string[] = [];
  for (const tenantId of await local.listTenants()) {
    const run = { tenantId, dagId: input.dagId, dagRunId };
    await local.openRun(run);
    const failures: string[] = [];
    const markets = await batch.planTraining({ tenantId });
    for (const county of markets) {
      try {
        trained.push(await training.trainModel({ tenantId, county, trials: input.trials }));
      } catch (error) {
        failures.push(`${county}: ${failureReason(error)}`);
      }
    }
    await batch.measureModelDrift({ tenantId });
    await local.closeRun({ ...run, tasks: markets.length, failures });
    allFailures.push(...failures);
  }
  if (allFailures.length > 0)
    throw ApplicationFailure.nonRetryable(allFailures.join('\n'), 'TrainingFailed', { trained });
  return { trained };
}
