import { z } from '@hono/zod-openapi';
import { insertPing, listDeliveries, replayDelivery, replaySince } from '../../db/queries/webhook-deliveries.ts';
import { ReosError } from '../../domain/errors.ts';
import { WEBHOOK_KEEP_MS } from '../../domain/webhook-schedule.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, toPage } from '../kit/page.ts';
import { id, idParams, instantInput } from '../kit/schemas.ts';
import { readTimeCursor } from '../kit/time-cursor.ts';
import { deliveryOf, webhookDelivery } from './webhook-shapes.ts';
import { requireEvents, requireWebhook } from './webhooks.ts';

const MOST_AT_ONCE = 10_000;
const SINCE_DAYS = WEBHOOK_KEEP_MS / 2 / 86_400_000;

/** `/api/v1/webhooks/{id}/…`: what was sent, and sending it again. */
export function webhookDeliveryEndpoints(deps: Pick<ApiDeps, 'webhooks'>): Endpoint[] {
  // After the transaction of the request; a look that comes too early is followed by the next.
  const wake = () => setTimeout(() => deps.webhooks?.wake(), 50).unref();
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/webhooks/{id}/deliveries',
        operationId: 'listWebhookDeliveries',
        tag: 'Webhooks',
        summary: 'Deliveries of a webhook, newest first; kept for 30 days',
        permission: 'webhooks:read',
        params: idParams,
        query: z.object({ ...pageQuery, status: z.enum(['pending', 'delivered', 'failed']).optional() }),
        answer: pageOf(webhookDelivery),
      },
      async ({ trx, params, query }) => {
        await requireWebhook(trx, params.id);
        const after = readTimeCursor('created', query.cursor);
        const rows = await listDeliveries(trx, params.id, { limit: query.limit + 1, after, status: query.status });
        return toPage(rows, query.limit, 'created', (row) => [row.micros, row.id], deliveryOf);
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/webhooks/{id}/ping',
        operationId: 'pingWebhook',
        tag: 'Webhooks',
        summary: 'Send a test message of the type webhook.ping',
        permission: 'webhooks:update',
        params: idParams,
        answer: webhookDelivery,
        status: 202,
      },
      async ({ trx, principal, params, now }) => {
        requireEvents(principal);
        await requireActive(trx, params.id);
        wake();
        return deliveryOf(await insertPing(trx, params.id, now));
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/webhooks/{id}/deliveries/{delivery_id}/replay',
        operationId: 'replayWebhookDelivery',
        tag: 'Webhooks',
        summary: 'Send one delivery again, whatever became of it',
        permission: 'webhooks:update',
        params: idParams.extend({ delivery_id: id.openapi({ param: { name: 'delivery_id', in: 'path' } }) }),
        answer: webhookDelivery,
        status: 202,
      },
      async ({ trx, principal, params, now }) => {
        requireEvents(principal);
        await requireActive(trx, params.id);
        const again = await replayDelivery(trx, params.id, params.delivery_id, now);
        if (again === undefined) throw new ReosError('not_found', `There is no delivery ${params.delivery_id}.`);
        wake();
        return deliveryOf(again);
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/webhooks/{id}/replay',
        operationId: 'replayWebhook',
        tag: 'Webhooks',
        summary: 'Send what was missed since a time',
        description:
          'Events without a delivery and deliveries that failed, oldest first; what was delivered is not sent again. ' +
          `At most ${MOST_AT_ONCE} at once (\`has_more\`), and ${SINCE_DAYS} days back.`,
        permission: 'webhooks:update',
        params: idParams,
        body: z.strictObject({ since: instantInput }),
        answer: z.object({ queued: z.number().int(), has_more: z.boolean() }),
        status: 202,
      },
      async ({ trx, principal, params, body, now }) => {
        requireEvents(principal);
        await requireActive(trx, params.id);
        if (body.since.getTime() < now.getTime() - WEBHOOK_KEEP_MS / 2) {
          throw new ReosError(
            'validation',
            `since: lies more than ${SINCE_DAYS} days back. Read /api/v1/events/log instead.`,
            {
              details: { field: 'body.since' },
            },
          );
        }
        const queued = await replaySince(trx, params.id, body.since, MOST_AT_ONCE, now);
        wake();
        return { queued, has_more: queued === MOST_AT_ONCE };
      },
    ),
  ];
}

async function requireActive(trx: Parameters<typeof requireWebhook>[0], webhookId: string): Promise<void> {
  const { status } = await requireWebhook(trx, webhookId, true);
  if (status !== 'active') throw new ReosError('conflict', 'The webhook is disabled. Enable it first.');
}
