import { type Client, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import type { RescoreDone, RunDoor } from '../api/run-doors.ts';
import { inTime } from '../client/deadline.ts';
import { finishedDiscovery, startDiscovery } from '../client/discoveries.ts';
import { startRescore } from '../client/rescore.ts';
import { messageOf } from '../domain/errors.ts';
import { workflowIds } from '../domain/ids.ts';

/** The runs that a person starts and waits for, put together. */
export function createRunDoor(client: Client): RunDoor {
  return inTime<RunDoor>(client, {
    rescore: ({ tenantId, county, mode }) => startRescore(client, { tenantId, county, mode, dagId: 'score_master' }),
    rescoreOf: (tenantId, runId) =>
      stateOf(client.workflow.getHandle(workflowIds.rescore(tenantId), runId), async (handle, isRunning) => ({
        done: isRunning ? await handle.query<RescoreDone>('progress') : ((await handle.result()) as RescoreDone),
        problems: [],
      })),
    discover: ({ tenantId, county, startLifecycles }) =>
      startDiscovery(client, {
        workflowId: workflowIds.discovery(tenantId, county),
        input: { tenantId, county, dagId: `discovery_offmarket:${county}`, startLifecycles },
      }),
    discoveryOf: (tenantId, county, runId) =>
      stateOf(client.workflow.getHandle(workflowIds.discovery(tenantId, county), runId), async (handle, isRunning) => {
        if (isRunning) return { done: null, problems: [] };
        const { problems, ...done } = await finishedDiscovery(handle);
        return { done, problems };
      }),
  });
}

async function stateOf<T>(
  handle: WorkflowHandle,
  read: (handle: WorkflowHandle, isRunning: boolean) => Promise<{ done: T | null; problems: string[] }>,
) {
  let isRunning: boolean;
  try {
    isRunning = (await handle.describe()).status.name === 'RUNNING';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
  try {
    const { done, problems } = await read(handle, isRunning);
    const status = isRunning ? ('running' as const) : problems.length > 0 ? ('failed' as const) : ('success' as const);
    return { status, done, problems };
  } catch (error) {
    // A worker that is busy answers the next time.
    if (isRunning) return { status: 'running' as const, done: null, problems: [] };
    return { status: 'failed' as const, done: null, problems: [messageOf(error)] };
  }
}
