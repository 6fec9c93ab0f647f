import { z } from '@hono/zod-openapi';
import { readMetricTotals } from '../../db/queries/stats-metrics.ts';
import { findJournalRuns, type JournalRun, listJournalRuns } from '../../db/queries/stats-runs.ts';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { instant, text, wholeQuery } from '../kit/schemas.ts';
import { type PipelineDoor, type PipelineRun, RUN_STATUSES } from '../pipeline-door.ts';
import { count, percent, percentOf } from './rates.ts';
import { dagOf, dagSchema, doorOf, requireOperator } from './schedules.ts';

const run = z
  .object({
    dag_run_id: z.string(),
    workflow_id: z.string().nullable().openapi({ description: 'Null: known from the tenant’s journal alone' }),
    dag_id: z.string(),
    status: z.string(),
    execution_date: instant,
    end_date: instant.nullable(),
    duration_seconds: z.number().nullable(),
    tasks_total: count,
    tasks_success: count,
    tasks_failed: count,
    detail: z.string().nullable(),
  })
  .openapi('PipelineRun');
const task = z
  .object({
    task_id: z.string(),
    name: z.string(),
    status: z.string(),
    attempt: count,
    error: z.string().nullable().openapi({ description: 'Why it, or its last attempt, failed' }),
    start_date: instant.nullable(),
    end_date: instant.nullable(),
  })
  .openapi('PipelineTask');
const dagParams = z.object({ dag_id: text(200).openapi({ param: { name: 'dag_id', in: 'path' } }) });
const runParams = z.object({ dag_run_id: text(200).openapi({ param: { name: 'dag_run_id', in: 'path' } }) });
const common = { method: 'get', tag: 'Operations', permission: 'properties:read' } as const;

/** `/api/pipelines`: schedules ("dags"), their runs, and the activities ("tasks") of a run. */
export function pipelineEndpoints(deps: { pipelines?: PipelineDoor | undefined }): Endpoint[] {
  return [
    ownEndpoint(
      {
        ...common,
        path: '/api/pipelines/overview',
        operationId: 'getPipelinesOverview',
        summary: 'How many schedules there are, and how the runs for the tenant went',
        answer: z.object({
          total_dags: count,
          active_dags: count,
          paused_dags: count,
          total_runs: count,
          successful_runs: count,
          success_rate: percent,
        }),
      },
      async ({ inTenant }) => {
        const dags = await doorOf(deps).schedules();
        const totals = await inTenant(readMetricTotals);
        return {
          total_dags: dags.length,
          active_dags: dags.filter(({ state }) => state === 'active').length,
          paused_dags: dags.filter(({ state }) => state === 'paused').length,
          total_runs: totals.totalRuns,
          successful_runs: totals.successfulRuns,
          success_rate: percentOf(totals.successfulRuns, totals.totalRuns),
        };
      },
    ),
    ownEndpoint(
      {
        ...common,
        path: '/api/pipelines/dags',
        operationId: 'listDags',
        summary: 'Every schedule',
        answer: z.object({ dags: z.array(dagSchema), total: count }),
      },
      async () => {
        const dags = (await doorOf(deps).schedules()).map(dagOf);
        return { dags, total: dags.length };
      },
    ),
    ownEndpoint(
      {
        ...common,
        path: '/api/pipelines/dags/{dag_id}',
        operationId: 'getDag',
        summary: 'One schedule',
        params: dagParams,
        answer: dagSchema,
      },
      async ({ params }) => {
        const found = (await doorOf(deps).schedules()).find(({ id }) => id === params.dag_id);
        if (found === undefined) throw new ReosError('not_found', `There is no schedule '${params.dag_id}'.`);
        return dagOf(found);
      },
    ),
    ownEndpoint(
      {
        ...common,
        method: 'post',
        permission: 'pipelines:update',
        path: '/api/pipelines/dags/{dag_id}/trigger',
        operationId: 'triggerDag',
        summary: 'Run a schedule once, now',
        description: 'Schedules work for every tenant: only a tenant of whoever runs the installation may (else 403).',
        params: dagParams,
        answer: z.object({ dag_run_id: z.string() }),
        status: 202,
      },
      async ({ params, principal }) => {
        requireOperator(principal);
        return { dag_run_id: (await doorOf(deps).trigger(params.dag_id)).runId };
      },
    ),
    ownEndpoint(
      {
        ...common,
        path: '/api/pipelines/runs',
        operationId: 'listRuns',
        summary: 'Runs of schedules and of the tenant, newest first',
        description: 'The counts of tasks are those of the work for the tenant; 0 when a run did none for it.',
        query: z.object({
          dag_id: text(200).optional(),
          status: z.enum(RUN_STATUSES).optional(),
          limit: wholeQuery(1, 200).default(50),
          offset: wholeQuery(0, 2_000).default(0),
        }),
        answer: z.object({ runs: z.array(run), limit: count, offset: count, has_more: z.boolean() }),
      },
      async ({ query, inTenant }) => {
        const { dag_id: dagId, status, limit, offset } = query;
        const wanted = offset + limit + 1;
        const scheduled = await doorOf(deps).runs({ scheduleId: dagId, status, limit: wanted });
        const { own, journal } = await inTenant(async (trx) => ({
          own: await listJournalRuns(trx, { dagId, status, limit: wanted }),
          journal: await findJournalRuns(
            trx,
            scheduled.map(({ runId }) => runId),
          ),
        }));
        const known = new Map(journal.map((row) => [row.dagRunId, row]));
        const seen = new Set(scheduled.map(({ runId }) => runId));
        const runs = [
          ...scheduled.map((one) => scheduledRun(one, known.get(one.runId))),
          ...own.filter(({ dagRunId }) => !seen.has(dagRunId)).map(journalRun),
        ].sort((a, b) => b.execution_date.getTime() - a.execution_date.getTime());
        return { runs: runs.slice(offset, offset + limit), limit, offset, has_more: runs.length > offset + limit };
      },
    ),
    ownEndpoint(
      {
        ...common,
        path: '/api/pipelines/runs/{dag_run_id}',
        operationId: 'getRun',
        summary: 'One run of a schedule or of the tenant',
        params: runParams,
        answer: run,
      },
      async ({ params, inTenant }) => {
        const runId = params.dag_run_id;
        const [own] = await inTenant((trx) => findJournalRuns(trx, [runId]));
        const scheduled = (await doorOf(deps).runs({ runId, limit: 1 })).find((one) => one.runId === runId);
        if (scheduled !== undefined) return scheduledRun(scheduled, own);
        if (own !== undefined) return journalRun(own);
        throw new ReosError('not_found', `There is no run '${runId}'.`);
      },
    ),
    ownEndpoint(
      {
        ...common,
        path: '/api/pipelines/runs/{dag_run_id}/tasks',
        operationId: 'listTasks',
        summary: 'The activities of one run',
        params: runParams,
        answer: z.object({ tasks: z.array(task), total: count }),
      },
      async ({ params, principal, inTenant }) => {
        const runId = params.dag_run_id;
        const own = await inTenant((trx) => findJournalRuns(trx, [runId]));
        const { tenantId } = principal;
        const found = await doorOf(deps).tasks({ runId, tenantId, isOwn: own.length > 0 });
        if (found === null) throw new ReosError('not_found', `There is no run ${runId}.`);
        const tasks = found.map((one) => ({
          task_id: one.id,
          name: one.name,
          status: one.status,
          attempt: one.attempt,
          error: one.error,
          start_date: one.startedAt,
          end_date: one.completedAt,
        }));
        return { tasks, total: tasks.length };
      },
    ),
  ];
}

function scheduledRun(one: PipelineRun, row: JournalRun | undefined) {
  const seconds = one.closedAt === null ? null : (one.closedAt.getTime() - one.startedAt.getTime()) / 1_000;
  return {
    dag_run_id: one.runId,
    workflow_id: one.workflowId,
    dag_id: one.scheduleId,
    status: one.status as string,
    execution_date: one.startedAt,
    end_date: one.closedAt,
    duration_seconds: seconds,
    tasks_total: row?.tasksTotal ?? 0,
    tasks_success: row?.tasksSuccess ?? 0,
    tasks_failed: row?.tasksFailed ?? 0,
    detail: row?.detail ?? null,
  };
}

function journalRun(row: JournalRun) {
  const { durationSeconds: seconds } = row;
  return {
    dag_run_id: row.dagRunId,
    workflow_id: null,
    dag_id: row.dagId,
    status: row.status,
    execution_date: row.executionDate,
    end_date: seconds === null ? null : new Date(row.executionDate.getTime() + seconds * 1_000),
    duration_seconds: seconds,
    tasks_total: row.tasksTotal,
    tasks_success: row.tasksSuccess,
    tasks_failed: row.tasksFailed,
    detail: row.detail,
  };
}
