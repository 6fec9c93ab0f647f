import { z } from '@hono/zod-openapi';
import {
  type Assignment,
  deleteAssignment,
  listAssignees,
  listAssignments,
  putAssignment,
} from '../../db/queries/assignments.ts';
import { notifyUsers, requireProperty, requireUsers } from '../../db/queries/collaboration.ts';
import { appendEvent } from '../../db/queries/events.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, toPage } from '../kit/page.ts';
import type { Principal } from '../kit/principal.ts';
import { booleanQuery, id, idParams, instant, instantInput, text } from '../kit/schemas.ts';
import { readTimeCursor } from '../kit/time-cursor.ts';

const assignment = z
  .object({
    property_id: id,
    user_id: id,
    note: z.string().nullable(),
    due_at: instant.nullable(),
    assigned_by: z.string(),
    assigned_at: instant,
    completed_at: instant.nullable(),
  })
  .openapi('Assignment');
const bothParams = idParams.extend({ user_id: id.openapi({ param: { name: 'user_id', in: 'path' } }) });

/** Who looks after which property. */
export function assignmentEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/assignments',
        operationId: 'listAssignments',
        tag: 'Collaboration',
        summary: 'Properties that a user looks after, newest first',
        permission: 'timeline:read',
        query: z.object({
          ...pageQuery,
          user: z
            .union([z.literal('me'), id])
            .default('me')
            .openapi({ type: 'string', description: '`me` or a user’s id' }),
          open: booleanQuery.optional(),
        }),
        answer: pageOf(assignment),
      },
      async ({ trx, principal, query }) => {
        if (query.user === 'me' && principal.kind !== 'user') {
          throw new ReosError('validation', 'user: an API key is no user. Name one by id.', {
            details: { field: 'user' },
          });
        }
        const userId = query.user === 'me' ? principal.id : query.user;
        await requireUsers(trx, [userId]);
        const after = readTimeCursor('assignments', query.cursor);
        const rows = await listAssignments(trx, userId, { limit: query.limit + 1, after, open: query.open });
        return toPage(rows, query.limit, 'assignments', (row) => [row.micros, row.propertyId], assignmentOf);
      },
    ),
    endpoint(
      {
        method: 'get',
        path: '/api/v1/properties/{id}/assignments',
        operationId: 'listAssignees',
        tag: 'Collaboration',
        summary: 'Who looks after a property, by name',
        permission: 'timeline:read',
        params: idParams,
        answer: z.object({ items: z.array(assignment.extend({ user_name: z.string() }).openapi('Assignee')) }),
      },
      async ({ trx, params }) => {
        await requireProperty(trx, params.id);
        const rows = await listAssignees(trx, params.id);
        return { items: rows.map((row) => ({ ...assignmentOf(row), user_name: row.userName })) };
      },
    ),
    endpoint(
      {
        method: 'put',
        path: '/api/v1/properties/{id}/assignments/{user_id}',
        operationId: 'assignProperty',
        tag: 'Collaboration',
        summary: 'Assign a property to a user, or complete that',
        description: 'The user is notified when it becomes theirs.',
        permission: 'timeline:update',
        params: bothParams,
        body: z.strictObject({
          note: text(1000).nullable().default(null),
          due_at: instantInput.nullable().default(null),
          completed: z.boolean().default(false),
        }),
        answer: assignment,
      },
      async (request) => {
        const { trx, principal, params, body, now } = request;
        await requireProperty(trx, params.id);
        await requireUsers(trx, [params.user_id]);
        const wanted = { propertyId: params.id, userId: params.user_id, note: body.note, dueAt: body.due_at };
        const put = await putAssignment(trx, { ...wanted, isCompleted: body.completed }, principal.id, now);
        await tell(
          request,
          body.completed ? 'assignment.completed' : put.isNew ? 'assignment.added' : 'assignment.changed',
        );
        if (put.isNew && params.user_id !== principal.id) {
          const reference = `assignment:${params.id}:${now.toISOString()}`;
          const title = `${principal.name} assigned a property to you`;
          await notifyUsers(trx, [
            { userId: params.user_id, kind: 'assignment', title, propertyId: params.id, reference },
          ]);
        }
        return assignmentOf(put);
      },
    ),
    endpoint(
      {
        method: 'delete',
        path: '/api/v1/properties/{id}/assignments/{user_id}',
        operationId: 'unassignProperty',
        tag: 'Collaboration',
        summary: 'Take a property from a user',
        permission: 'timeline:update',
        params: bothParams,
        answer: null,
      },
      async (request) => {
        const { trx, params } = request;
        await requireProperty(trx, params.id);
        await requireUsers(trx, [params.user_id]);
        if (await deleteAssignment(trx, params.id, params.user_id)) await tell(request, 'assignment.removed');
      },
    ),
  ];
}

function tell(
  asked: { trx: TenantTrx; principal: Principal; requestId: string; params: { id: string; user_id: string } },
  what: string,
) {
  return appendEvent(asked.trx, {
    eventType: 'timeline.updated',
    propertyId: asked.params.id,
    correlationId: asked.requestId,
    payload: { what, user_id: asked.params.user_id },
    source: 'api',
    ...(asked.principal.kind === 'user' ? { userId: asked.principal.id } : {}),
  });
}

function assignmentOf(row: Assignment) {
  return {
    property_id: row.propertyId,
    user_id: row.userId,
    note: row.note,
    due_at: row.dueAt,
    assigned_by: row.assignedBy,
    assigned_at: row.assignedAt,
    completed_at: row.completedAt,
  };
}
