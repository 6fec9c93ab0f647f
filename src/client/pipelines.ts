import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Client,
  ScheduleNotFoundError,
  type WorkflowExecutionInfo,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { PipelineDoor, PipelineRun, PipelineSchedule, RunStatus } from '../api/pipeline-door.ts';
import { ReosError } from '../domain/errors.ts';
import { tasksOf } from './pipeline-tasks.ts';
import type { ScheduleDeclaration } from './schedules.ts';

const STATUS_QUERY: Record<RunStatus, string> = {
  running: "ExecutionStatus = 'Running'",
  success: "ExecutionStatus = 'Completed'",
  failed: "ExecutionStatus IN ('Failed', 'TimedOut')",
  cancelled: "ExecutionStatus IN ('Canceled', 'Terminated')",
};
const STATUS_NAMES: Readonly<Record<string, RunStatus>> = {
  RUNNING: 'running',
  CONTINUED_AS_NEW: 'success',
  COMPLETED: 'success',
  CANCELLED: 'cancelled',
  TERMINATED: 'cancelled',
};
const TRIGGER_TIMEOUT_MS = 5_000;
const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Schedules, runs and activities from Temporal's schedules, visibility and history. */
export function createPipelines(client: Client, declared: readonly ScheduleDeclaration[]): PipelineDoor {
  const handleOf = (id: string) => {
    if (declared.some((one) => one.id === id)) return client.schedule.getHandle(id);
    throw missing(id);
  };
  const act = async (id: string, work: (handle: ReturnType<typeof handleOf>) => Promise<unknown>) => {
    try {
      await work(handleOf(id));
    } catch (error) {
      throw error instanceof ScheduleNotFoundError ? missing(id, error) : error;
    }
  };
  return {
    schedules: () => Promise.all(declared.map((declaration) => describe(client, declaration))),
    async runs({ scheduleId, status, runId, limit }) {
      if (runId !== undefined && !UUID.test(runId)) return [];
      if (scheduleId !== undefined && !declared.some(({ id }) => id === scheduleId)) return [];
      const ids = scheduleId === undefined ? declared.map(({ id }) => id) : [scheduleId];
      const from = `TemporalScheduledById IN (${ids.map((id) => `'${id}'`).join(', ')})`;
      const conditions = [from, status && STATUS_QUERY[status], runId && `RunId = '${runId}'`];
      const query = conditions.filter((one) => one !== undefined).join(' AND ');
      const runs: PipelineRun[] = [];
      for await (const info of client.workflow.list({ query, pageSize: Math.min(limit, 200) })) {
        runs.push(runOf(info));
        if (runs.length >= limit) break;
      }
      return runs.sort((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
    },
    async tasks({ runId, tenantId, isOwn }) {
      if (!UUID.test(runId)) return null;
      for await (const info of client.workflow.list({ query: `RunId = '${runId}'`, pageSize: 1 })) {
        const schedule = scheduleOf(info);
        if (!isOwn && !declared.some(({ id }) => id === schedule)) return null;
        return tasksOf(client, { workflowId: info.workflowId, runId, tenantId });
      }
      return null;
    },
    async trigger(id) {
      let runId: string | undefined;
      await act(id, async (handle) => {
        const before = (await handle.describe()).info;
        await handle.trigger();
        const until = Date.now() + TRIGGER_TIMEOUT_MS;
        while (runId === undefined && Date.now() < until) {
          const { info } = await handle.describe();
          if (info.numActionsTaken > before.numActionsTaken) {
            runId = info.recentActions.at(-1)?.action.workflow.firstExecutionRunId;
          } else if (info.numActionsSkippedOverlap > before.numActionsSkippedOverlap) break;
          else await sleep(50);
        }
      });
      if (runId !== undefined) return { runId };
      throw new ReosError('conflict', `${id} was not started: a run of it is still going. Wait for its end.`);
    },
    pause: (id, note) => act(id, (handle) => handle.pause(note)),
    resume: (id, note) => act(id, (handle) => handle.unpause(note)),
    backfill: (id, { from, to }) =>
      act(id, (handle) => handle.backfill({ start: from, end: to, overlap: 'BUFFER_ALL' })),
  };
}

const missing = (id: string, cause?: unknown): ReosError =>
  new ReosError('not_found', `There is no schedule '${id}'.`, { cause });

async function describe(client: Client, declaration: ScheduleDeclaration): Promise<PipelineSchedule> {
  const { id, note, cron, timeZone, overlap } = declaration;
  try {
    const { state, info } = await client.schedule.getHandle(id).describe();
    const last = info.recentActions.at(-1);
    return {
      id,
      description: note,
      note: state.paused ? (state.note ?? null) : null,
      cron,
      timeZone,
      overlap,
      state: state.paused ? 'paused' : 'active',
      nextRunAt: info.nextActionTimes[0] ?? null,
      lastRunAt: last?.takenAt ?? null,
      lastStatus: last === undefined ? null : await statusOf(client, last.action.workflow),
      runs: info.numActionsTaken,
    };
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    const nothing = { note: null, nextRunAt: null, lastRunAt: null, lastStatus: null, runs: 0 };
    return { id, description: note, cron, timeZone, overlap, state: 'missing', ...nothing };
  }
}

/** How a run went; null when the server keeps it no longer. */
async function statusOf(
  client: Client,
  run: { workflowId: string; firstExecutionRunId: string },
): Promise<RunStatus | null> {
  try {
    const { status } = await client.workflow.getHandle(run.workflowId, run.firstExecutionRunId).describe();
    return STATUS_NAMES[status.name] ?? 'failed';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

function scheduleOf(info: WorkflowExecutionInfo): string | undefined {
  const value: unknown = info.searchAttributes.TemporalScheduledById?.[0];
  return typeof value === 'string' ? value : undefined;
}

function runOf(info: WorkflowExecutionInfo): PipelineRun {
  return {
    runId: info.runId,
    workflowId: info.workflowId,
    scheduleId: scheduleOf(info) ?? '',
    status: STATUS_NAMES[info.status.name] ?? 'failed',
    startedAt: info.startTime,
    closedAt: info.closeTime ?? null,
  };
}
