import { randomUUID } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import {
  deleteEndpoint,
  disableEndpoint,
  enableEndpoint,
  findEndpoint,
  insertEndpoint,
  listEndpoints,
  rotateSecret,
  updateEndpoint,
  type WebhookEndpoint,
} from '../../db/queries/webhook-endpoints.ts';
import type { Sealer } from '../../db/sealer.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { covers } from '../../domain/policy.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, toPage } from '../kit/page.ts';
import type { Principal } from '../kit/principal.ts';
import { idParams, text } from '../kit/schemas.ts';
import { readTimeCursor } from '../kit/time-cursor.ts';
import { readWebhookUrl } from '../outgoing/send.ts';
import { makeWebhookSecret, secretOwner } from '../outgoing/signature.ts';
import { eventTypesInput, newWebhook, webhook, webhookOf } from './webhook-shapes.ts';

const MOST = 50;

/** `/api/v1/webhooks`: where the tenant's events are sent. */
export function webhookEndpoints(deps: Pick<ApiDeps, 'sealer' | 'webhooks'>): Endpoint[] {
  const fields = { url: text(2_000), description: text(200, 0), event_types: eventTypesInput };
  const readUrl = (url: string) => readWebhookUrl(url, deps.webhooks?.trustedOrigins ?? []).href;
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/webhooks',
        operationId: 'listWebhooks',
        tag: 'Webhooks',
        summary: 'Webhooks, oldest first',
        permission: 'webhooks:read',
        query: z.object(pageQuery),
        answer: pageOf(webhook),
      },
      async ({ trx, query, now }) => {
        const after = readTimeCursor('created', query.cursor);
        const rows = await listEndpoints(trx, { limit: query.limit + 1, after });
        return toPage(
          rows,
          query.limit,
          'created',
          (row) => [row.micros, row.id],
          (row) => webhookOf(row, now),
        );
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/webhooks',
        operationId: 'createWebhook',
        tag: 'Webhooks',
        summary: 'Have events sent to an address; the secret is shown once',
        description: 'Messages are signed after Standard Webhooks. Events from now on are sent, each at least once.',
        permission: 'webhooks:update',
        body: z.strictObject({
          url: fields.url,
          description: fields.description.default(''),
          event_types: fields.event_types.default([]),
        }),
        answer: newWebhook,
        status: 201,
      },
      async ({ trx, principal, body, now }) => {
        requireEvents(principal);
        const id = randomUUID();
        const secret = makeWebhookSecret();
        const made = await insertEndpoint(
          trx,
          {
            id,
            url: readUrl(body.url),
            description: body.description,
            eventTypes: body.event_types,
            createdBy: principal.kind === 'user' ? principal.id : null,
            sealedSecret: sealerOf(deps).seal(secretOwner(trx.tenantId, id), secret),
          },
          MOST,
        );
        if (made === undefined)
          throw new ReosError('conflict', `There are ${MOST} webhooks already. Delete one first.`);
        return { ...webhookOf(made, now), secret };
      },
    ),
    endpoint(
      {
        method: 'get',
        path: '/api/v1/webhooks/{id}',
        operationId: 'getWebhook',
        tag: 'Webhooks',
        summary: 'One webhook, with its last success and failure',
        permission: 'webhooks:read',
        params: idParams,
        answer: webhook,
      },
      async ({ trx, params, now }) => webhookOf(await requireWebhook(trx, params.id), now),
    ),
    endpoint(
      {
        method: 'patch',
        path: '/api/v1/webhooks/{id}',
        operationId: 'updateWebhook',
        tag: 'Webhooks',
        summary: 'Change, enable or disable a webhook',
        description: 'What waits when it is disabled has failed; after it is enabled a replay brings what was missed.',
        permission: 'webhooks:update',
        params: idParams,
        body: z.strictObject({
          url: fields.url.optional(),
          description: fields.description.optional(),
          event_types: fields.event_types.optional(),
          status: z.enum(['active', 'disabled']).optional(),
        }),
        answer: webhook,
      },
      async ({ trx, principal, params, body, now }) => {
        requireEvents(principal);
        await requireWebhook(trx, params.id, true);
        if (body.status === 'active') await enableEndpoint(trx, params.id, now);
        if (body.status === 'disabled') await disableEndpoint(trx, params.id, 'Disabled by a person.', now);
        const { url, description, event_types: eventTypes } = body;
        const change = { url: url === undefined ? undefined : readUrl(url), description, eventTypes };
        const changed = await updateEndpoint(trx, params.id, change, now);
        return webhookOf(changed ?? (await requireWebhook(trx, params.id)), now);
      },
    ),
    endpoint(
      {
        method: 'delete',
        path: '/api/v1/webhooks/{id}',
        operationId: 'deleteWebhook',
        tag: 'Webhooks',
        summary: 'Delete a webhook and its deliveries',
        permission: 'webhooks:update',
        params: idParams,
        answer: null,
      },
      async ({ trx, params }) => {
        if (!(await deleteEndpoint(trx, params.id))) throw unknownWebhook(params.id);
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/webhooks/{id}/rotate-secret',
        operationId: 'rotateWebhookSecret',
        tag: 'Webhooks',
        summary: 'Take a new secret; it is shown once',
        description: 'For 24 hours both secrets sign each message, so that a receiver can change over without a gap.',
        permission: 'webhooks:update',
        params: idParams,
        answer: newWebhook,
      },
      async ({ trx, principal, params, now }) => {
        requireEvents(principal);
        await requireWebhook(trx, params.id, true);
        const secret = makeWebhookSecret();
        const sealed = sealerOf(deps).seal(secretOwner(trx.tenantId, params.id), secret);
        const changed = await rotateSecret(trx, params.id, sealed, now);
        if (changed === undefined) throw unknownWebhook(params.id);
        return { ...webhookOf(changed, now), secret };
      },
    ),
  ];
}

/**
 * The webhook of this id.
 * @throws ReosError `not_found`
 */
export async function requireWebhook(trx: TenantTrx, webhookId: string, lock = false): Promise<WebhookEndpoint> {
  const found = await findEndpoint(trx, webhookId, lock);
  if (found === undefined) throw unknownWebhook(webhookId);
  return found;
}

/**
 * Whoever has events sent must be allowed to read them.
 * @throws ReosError `forbidden`
 */
export function requireEvents(principal: Principal): void {
  if (covers(principal.permissions, 'timeline:read')) return;
  throw new ReosError(
    'forbidden',
    'Webhooks carry events: the permission timeline:read is needed beside webhooks:update.',
  );
}

function unknownWebhook(webhookId: string): ReosError {
  return new ReosError('not_found', `There is no webhook ${webhookId}.`);
}

function sealerOf(deps: Pick<ApiDeps, 'sealer'>): Sealer {
  if (deps.sealer !== undefined) return deps.sealer;
  throw new ReosError('missing_part', 'This process has no key to seal secrets with.');
}
