import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { PipelineTask } from '../api/pipeline-door.ts';

/** Activities of one run in the order they were asked for, without those whose input names another tenant. */
export async function tasksOf(
  client: Client,
  run: { workflowId: string; runId: string; tenantId: string },
): Promise<PipelineTask[]> {
  const { events } = await client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
  const tasks = new Map<string, PipelineTask>();
  for (const event of events ?? []) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    const started = event.activityTaskStartedEventAttributes;
    const ends = [
      ['success', event.activityTaskCompletedEventAttributes],
      ['failed', event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes],
      ['cancelled', event.activityTaskCanceledEventAttributes],
    ] as const;
    const at = dateOf(event.eventTime);
    if (scheduled) {
      const input = await decodeArrayFromPayloads(client.options.loadedDataConverter, scheduled.input?.payloads);
      if (isForeign(input, run.tenantId)) continue;
      tasks.set(String(event.eventId), {
        id: scheduled.activityId ?? '',
        name: scheduled.activityType?.name ?? '',
        status: 'scheduled',
        attempt: 0,
        error: null,
        startedAt: null,
        completedAt: null,
      });
    }
    if (started) {
      const task = tasks.get(String(started.scheduledEventId));
      if (task) {
        const error = started.lastFailure ? reasonOf(started.lastFailure) : null;
        Object.assign(task, { status: 'running', attempt: started.attempt ?? 1, startedAt: at, error });
      }
    }
    for (const [status, end] of ends) {
      const task = end ? tasks.get(String(end.scheduledEventId)) : undefined;
      if (task) Object.assign(task, { status, completedAt: at });
      if (task && status === 'failed') task.error = reasonOf(end && 'failure' in end ? end.failure : null);
    }
  }
  return [...tasks.values()];
}

/** The failure's own words: those of its innermost cause that has any. */
function reasonOf(failure: Failure | null | undefined): string {
  const inner = failure?.cause ? reasonOf(failure.cause) : '';
  const own = failure?.message ?? '';
  return (inner === '' ? own : inner) || 'It failed without saying why.';
}

interface Failure {
  message?: string | null;
  cause?: Failure | null;
}

function isForeign(input: readonly unknown[] | undefined, tenantId: string): boolean {
  return (input ?? []).some(
    (one) => typeof one === 'object' && one !== null && 'tenantId' in one && one.tenantId !== tenantId,
  );
}

function dateOf(time: { seconds?: unknown; nanos?: number | null } | null | undefined): Date | null {
  return time ? new Date(Number(String(time.seconds ?? 0)) * 1_000 + Math.floor((time.nanos ?? 0) / 1e6)) : null;
}
