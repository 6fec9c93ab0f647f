import { z } from '@hono/zod-openapi';
import {
  listNotifications,
  type Notification,
  readNotification,
  readNotifications,
} from '../../db/queries/notifications.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, toPage } from '../kit/page.ts';
import { personOf, personQuery } from '../kit/person.ts';
import type { Principal } from '../kit/principal.ts';
import { booleanQuery, id, idParams, instant } from '../kit/schemas.ts';
import { readTimeCursor } from '../kit/time-cursor.ts';

const notification = z
  .object({
    id,
    kind: z.string(),
    title: z.string(),
    body: z.string(),
    property_id: id.nullable(),
    reference: z.string().openapi({ description: 'What it tells of, such as `comment:<id>`' }),
    created_at: instant,
    read_at: instant.nullable(),
  })
  .openapi('Notification');

/** `/api/v1/notifications`: what the signed-in user was told of. */
export function notificationEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/notifications',
        operationId: 'listNotifications',
        tag: 'Collaboration',
        summary: 'One’s own notifications, newest first',
        permission: 'signed-in',
        query: z.object({
          ...pageQuery,
          ...personQuery,
          unread: booleanQuery.optional().openapi({ description: '`true`: only those not read yet' }),
        }),
        answer: pageOf(notification),
      },
      async ({ trx, principal, query }) => {
        const rows = await listNotifications(trx, await userOf(trx, principal, query.user_id), {
          limit: query.limit + 1,
          after: readTimeCursor('notifications', query.cursor),
          unreadOnly: query.unread === true,
        });
        return toPage(rows, query.limit, 'notifications', (row) => [row.micros, row.id], notificationOf);
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/notifications/{id}/read',
        operationId: 'readNotification',
        tag: 'Collaboration',
        summary: 'Mark a notification as read',
        permission: 'signed-in',
        params: idParams,
        query: z.object(personQuery),
        answer: null,
      },
      async ({ trx, principal, params, query, now }) => {
        const userId = await userOf(trx, principal, query.user_id);
        if (await readNotification(trx, userId, params.id, now)) return;
        throw new ReosError('not_found', `You have no notification ${params.id}.`);
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/notifications/read-all',
        operationId: 'readAllNotifications',
        tag: 'Collaboration',
        summary: 'Mark all of one’s notifications as read',
        permission: 'signed-in',
        query: z.object(personQuery),
        answer: z.object({ read: z.number().int().openapi({ description: 'How many were not read before' }) }),
      },
      async ({ trx, principal, query, now }) => ({
        read: await readNotifications(trx, await userOf(trx, principal, query.user_id), now),
      }),
    ),
  ];
}

async function userOf(trx: TenantTrx, principal: Principal, named: string | undefined): Promise<string> {
  const userId = await personOf(trx, principal, named);
  if (userId !== null) return userId;
  throw new ReosError(
    'forbidden',
    'An API key has no notifications: they are told to people. Sign in as a user, or name one with user_id.',
  );
}

function notificationOf(row: Notification) {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    body: row.body,
    property_id: row.propertyId,
    reference: row.reference,
    created_at: row.createdAt,
    read_at: row.readAt,
  };
}
