import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { messageOf, ReosError } from '../domain/errors.ts';
import { workflowIds } from '../domain/ids.ts';
import { TASK_QUEUES } from '../domain/task-queues.ts';
import type { RescoreInput, RescoreProgress, rescoreAll } from '../workflows/rescore.ts';

/** A re-score that was started, or joined when one ran already. */
export interface StartedRescore {
  workflowId: string;
  runId: string;
  /** Waits for the end, telling how far it is. @throws ReosError `conflict` with the reason when the run fails */
  wait(onProgress: (progress: RescoreProgress) => void): Promise<RescoreProgress>;
}

/** Starts scoring a tenant's properties again; a run that is under way is joined. */
export async function startRescore(client: Client, input: RescoreInput): Promise<StartedRescore> {
  const workflowId = workflowIds.rescore(input.tenantId);
  const handle = await client.workflow.start<typeof rescoreAll>('rescoreAll', {
    taskQueue: TASK_QUEUES.core,
    workflowId,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    priority: { fairnessKey: input.tenantId },
    staticSummary: `Scores again (${input.mode}${input.county === undefined ? '' : `, ${input.county}`})`,
  });
  const ask = async (): Promise<RescoreProgress | null> => {
    try {
      return await client.workflow.getHandle(workflowId).query<RescoreProgress>('progress');
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      // A worker that is busy answers the next time.
      if (error instanceof Error) return null;
      throw error;
    }
  };
  return {
    workflowId,
    runId: handle.firstExecutionRunId,
    async wait(onProgress) {
      const timer = setInterval(() => void ask().then((now) => now && onProgress(now)), 500);
      try {
        const end = await handle.result();
        onProgress(end);
        return end;
      } catch (error) {
        if (!(error instanceof WorkflowFailedError)) throw error;
        throw new ReosError('conflict', `The re-score ${workflowId} failed: ${rootMessage(error)}`, { cause: error });
      } finally {
        clearInterval(timer);
      }
    },
  };
}

function rootMessage(error: Error): string {
  return error.cause instanceof Error ? rootMessage(error.cause) : messageOf(error);
}
