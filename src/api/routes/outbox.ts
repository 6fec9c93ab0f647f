import { z } from '@hono/zod-openapi';
import { openDetails } from '../../db/queries/contacts.ts';
import { findOutboxMessage, listOutbox } from '../../db/queries/outbox.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, toPage } from '../kit/page.ts';
import { costDollars, id, idParams, instant, text } from '../kit/schemas.ts';
import { readTimeCursor } from '../kit/time-cursor.ts';
import { keysOf } from './contact-shapes.ts';

const entry = z
  .object({
    send_id: id,
    status: z.string(),
    channel: z.string(),
    provider: z.string().nullable(),
    contact_id: id,
    contact: z.string(),
    property_id: id,
    address: z.string().nullable(),
    apn: z.string().nullable(),
    campaign_id: id,
    step: z.int(),
    variant: z.string().nullable(),
    created_at: instant,
    sent_at: instant.nullable(),
    delivered_at: instant.nullable(),
    open_count: z.int(),
    click_count: z.int(),
    error: z.string().nullable(),
    held_reason: z.string().nullable(),
    held_until: instant.nullable(),
    cost: costDollars,
  })
  .openapi('OutboxMessage');

type Row = NonNullable<Awaited<ReturnType<typeof findOutboxMessage>>>;

/** `/api/v1/outbox`: messages with whom they are to; without a provider, as they would have left. */
export function outboxEndpoints(deps: Pick<ApiDeps, 'sealer' | 'hashKey' | 'outbox'>): Endpoint[] {
  const about = { tag: 'Outreach', permission: 'outreach:read' } as const;
  const entryOf = (tenantId: string, row: Row): z.input<typeof entry> => ({
    send_id: row.sendId,
    status: row.status,
    channel: row.channel,
    provider: row.provider,
    contact_id: row.contactId,
    contact: openDetails(keysOf(deps), tenantId, { id: row.contactId, sealed: row.sealed }).name,
    property_id: row.propertyId,
    address: row.address,
    apn: row.apn,
    campaign_id: row.campaignId,
    step: row.step,
    variant: row.variant,
    created_at: row.createdAt,
    sent_at: row.sentAt,
    delivered_at: row.deliveredAt,
    open_count: row.openCount,
    click_count: row.clickCount,
    error: row.error,
    held_reason: row.heldReason,
    held_until: row.heldUntil,
    cost: row.costMicros,
  });
  return [
    endpoint(
      {
        ...about,
        method: 'get',
        path: '/api/v1/outbox',
        operationId: 'listOutbox',
        summary: 'Messages with whom they are to, the newest first',
        query: z.object({ ...pageQuery, status: text(20).optional(), campaign_id: id.optional() }),
        answer: pageOf(entry),
      },
      async ({ trx, query, principal }) => {
        const after = readTimeCursor('outbox', query.cursor);
        const filter = { status: query.status, campaignId: query.campaign_id };
        const rows = await listOutbox(trx, { ...filter, after, limit: query.limit + 1 });
        return toPage(
          rows,
          query.limit,
          'outbox',
          (row) => [row.micros, row.sendId],
          (row) => entryOf(principal.tenantId, row),
        );
      },
    ),
    endpoint(
      {
        ...about,
        method: 'get',
        path: '/api/v1/outbox/{id}',
        operationId: 'readOutboxMessage',
        summary: 'A message by its send id, with its files where the local outbox stands in for a provider',
        params: idParams,
        answer: entry.extend({
          files: z.array(
            z.object({
              name: z.string(),
              bytes: z.int(),
              text: z.string().nullable().openapi({ description: 'Null for a file that is too large to be shown' }),
            }),
          ),
        }),
      },
      async ({ trx, params, principal }) => {
        const row = await findOutboxMessage(trx, params.id);
        if (row === undefined) throw new ReosError('not_found', `There is no message ${params.id}.`);
        const files = (await deps.outbox?.read(principal.tenantId, row.sendId)) ?? [];
        return { ...entryOf(principal.tenantId, row), files };
      },
    ),
  ];
}
