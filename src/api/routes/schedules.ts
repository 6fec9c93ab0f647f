import { z } from '@hono/zod-openapi';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, ownEndpoint } from '../kit/endpoint.ts';
import type { Principal } from '../kit/principal.ts';
import { instant, instantInput, text } from '../kit/schemas.ts';
import { type PipelineDoor, type PipelineSchedule, RUN_STATUSES } from '../pipeline-door.ts';

type Door = { pipelines?: PipelineDoor | undefined };

/** A schedule in answers. */
export const dagSchema = z
  .object({
    dag_id: z.string(),
    description: z.string(),
    note: z.string().nullable().openapi({ description: 'What was said when it was paused; null while it is active' }),
    schedule: z.string().openapi({ description: 'Five cron fields in the time zone' }),
    time_zone: z.string(),
    overlap: z.string(),
    state: z.enum(['active', 'paused', 'missing']).openapi({ description: 'missing: declared, not on the server' }),
    is_paused: z.boolean(),
    next_run: instant.nullable(),
    last_run: instant.nullable(),
    last_status: z.enum(RUN_STATUSES).nullable().openapi({ description: 'Null: no run, or it is no longer kept' }),
    runs: z.number().int().openapi({ description: 'How often it has run' }),
  })
  .openapi('Schedule');

/** A schedule as the answer has it. */
export function dagOf(schedule: PipelineSchedule) {
  return {
    dag_id: schedule.id,
    description: schedule.description,
    note: schedule.note,
    schedule: schedule.cron,
    time_zone: schedule.timeZone,
    overlap: schedule.overlap,
    state: schedule.state,
    is_paused: schedule.state === 'paused',
    next_run: schedule.nextRunAt,
    last_run: schedule.lastRunAt,
    last_status: schedule.lastStatus,
    runs: schedule.runs,
  };
}

/** @throws ReosError `missing_part` when the API was put together without Temporal */
export function doorOf({ pipelines }: Door): PipelineDoor {
  if (pipelines !== undefined) return pipelines;
  throw new ReosError('missing_part', 'This API was put together without Temporal: schedules and runs are not known.');
}

/**
 * Refuses orders to what all tenants share from a tenant that does not run the installation.
 * @throws ReosError `forbidden`
 */
export function requireOperator(principal: Principal): void {
  if (principal.isOperator) return;
  throw new ReosError(
    'forbidden',
    'Schedules belong to the installation. Only tenants of whoever runs it may give them orders.',
  );
}

const params = z.object({ dag_id: text(200).openapi({ param: { name: 'dag_id', in: 'path' } }) });
const note = z.strictObject({ note: text(500).optional() });
const write = { method: 'post', tag: 'Operations', permission: 'pipelines:update', params, answer: null } as const;

/** `/api/v1/schedules`: when the installation's work runs. They are one for all tenants. */
export function scheduleEndpoints(deps: Door): Endpoint[] {
  return [
    ownEndpoint(
      {
        method: 'get',
        path: '/api/v1/schedules',
        operationId: 'listSchedules',
        tag: 'Operations',
        summary: 'Every schedule',
        permission: 'properties:read',
        answer: z.object({ schedules: z.array(dagSchema) }),
      },
      async () => ({ schedules: (await doorOf(deps).schedules()).map(dagOf) }),
    ),
    ownEndpoint(
      {
        ...write,
        path: '/api/v1/schedules/{dag_id}/pause',
        operationId: 'pauseSchedule',
        summary: 'Pause',
        body: note,
      },
      async ({ params: { dag_id: id }, body, principal }) => {
        requireOperator(principal);
        await doorOf(deps).pause(id, body.note ?? 'paused over HTTP');
      },
    ),
    ownEndpoint(
      {
        ...write,
        path: '/api/v1/schedules/{dag_id}/resume',
        operationId: 'resumeSchedule',
        summary: 'Resume a paused schedule',
        body: note,
      },
      async ({ params: { dag_id: id }, body, principal }) => {
        requireOperator(principal);
        await doorOf(deps).resume(id, body.note ?? 'resumed over HTTP');
      },
    ),
    ownEndpoint(
      {
        ...write,
        path: '/api/v1/schedules/{dag_id}/backfill',
        operationId: 'backfillSchedule',
        summary: 'Run a schedule for a past span of time, as if it had been due',
        body: z
          .strictObject({ from: instantInput, to: instantInput })
          .refine((span) => span.from < span.to, { message: 'must be before to', path: ['from'] }),
      },
      async ({ params: { dag_id: id }, body, principal }) => {
        requireOperator(principal);
        await doorOf(deps).backfill(id, body);
      },
    ),
  ];
}
