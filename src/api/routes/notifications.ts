import { z } from '@hono/zod-openapi';
import {
  listNotifications,
  type Notification,
  readNotification,
  readNotifications,
} from '../../db/queries/notifications.ts';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, toPage } from '../kit/page.ts';
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
          unread: booleanQuery.optional().openapi({ description: '`true`: only those not read yet' }),
        }),
        answer: pageOf(notification),
      },
      async ({ trx, principal, query }) => {
        const rows = await listNotifications(trx, userOf(principal), {
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
        answer: null,
      },
      async ({ trx, principal, params, now }) => {
        if (await readNotification(trx, userOf(principal), params.id, now)) return;
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
        answer: z.object({ read: z.number().int().openapi({ description: 'How many were not read before' }) }),
      },
      async ({ trx, principal, now }) => ({ read: await readNotifications(trx, userOf(principal), now) }),
    ),
  ];
}

function userOf(principal: Principal): string {
  if (principal.kind === 'user') return principal.id;
  throw new ReosError('forbidden', 'An API key has no notifications: they are told to people. Sign in as a user.');
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
