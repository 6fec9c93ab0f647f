import { type Client, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { ReosError } from '../domain/errors.ts';
import { TASK_QUEUES } from '../domain/task-queues.ts';
import type { countyDiscovery, DiscoveryInput, DiscoveryResult } from '../workflows/county-discovery.ts';

/** A finished discovery; `problems` holds the reasons when the run is marked failed. */
export interface FinishedDiscovery extends DiscoveryResult {
  workflowId: string;
  problems: string[];
}

/** Starts a discovery, or joins the one that runs under the id, and waits for its end. */
export async function runDiscovery(
  client: Client,
  run: { workflowId: string; input: DiscoveryInput },
): Promise<FinishedDiscovery> {
  return finishedDiscovery(await start(client, run));
}

/** Waits for the end of a discovery. @throws ReosError `conflict` with the reason when it broke off */
export async function finishedDiscovery(handle: WorkflowHandle): Promise<FinishedDiscovery> {
  const { workflowId } = handle;
  try {
    return { workflowId, problems: [], ...((await handle.result()) as DiscoveryResult) };
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
    if (!(cause instanceof ApplicationFailure) || cause.type !== 'DiscoveryFailed') {
      if (!(error instanceof WorkflowFailedError)) throw error;
      throw new ReosError('conflict', `The discovery ${workflowId} failed: ${rootMessage(error)}`, { cause: error });
    }
    const result = cause.details?.[0] as DiscoveryResult;
    return { workflowId, problems: result.sources.flatMap(({ problem }) => problem ?? []), ...result };
  }
}

/** Starts a discovery, or joins the one that runs under the id; does not wait for its end. */
export async function startDiscovery(
  client: Client,
  run: { workflowId: string; input: DiscoveryInput },
): Promise<{ workflowId: string; runId: string }> {
  const handle = await start(client, run);
  return { workflowId: run.workflowId, runId: handle.firstExecutionRunId };
}

function start(client: Client, { workflowId, input }: { workflowId: string; input: DiscoveryInput }) {
  return client.workflow.start<typeof countyDiscovery>('countyDiscovery', {
    taskQueue: TASK_QUEUES.core,
    workflowId,
    args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING',
    priority: { fairnessKey: input.tenantId },
    staticSummary: `Discovery of ${input.county} (${input.dagId})`,
  });
}

/** The innermost message of a failed workflow: what went wrong, without Temporal's wrapping. */
function rootMessage(error: Error): string {
  return error.cause instanceof Error ? rootMessage(error.cause) : error.message;
}
