import { z } from '@hono/zod-openapi';
import { listMessagePage } from '../../db/queries/messages-api.ts';
import { pauseSending, resumeSending } from '../../db/queries/sending-states.ts';
import { CHANNEL_KINDS, type ChannelKind } from '../../domain/outreach/contact.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, toPage } from '../kit/page.ts';
import { costDollars, id, instant, text } from '../kit/schemas.ts';
import { readIdCursor } from './id-cursor.ts';
import { outreachStatusEndpoint } from './outreach-status.ts';

const channel = z.enum(CHANNEL_KINDS);
const message = z
  .object({
    send_id: id,
    channel,
    contact_id: id,
    property_id: id,
    campaign_id: id,
    step: z.number().int(),
    variant: z.string().nullable(),
    status: z.string(),
    provider: z.string().nullable(),
    error: z.string().nullable(),
    held_reason: z.string().nullable(),
    held_until: instant.nullable(),
    cost: costDollars,
    created_at: instant,
    sent_at: instant.nullable(),
    delivered_at: instant.nullable(),
  })
  .openapi('Message');
/** `/api/v1/outreach` and `/api/v1/messages`: whether messages may leave, and what became of them. */
export function outreachEndpoints(): Endpoint[] {
  const about = { tag: 'Outreach' };
  const channelsOf = (one: ChannelKind | undefined) => (one === undefined ? CHANNEL_KINDS : [one]);
  return [
    outreachStatusEndpoint(),
    endpoint(
      {
        ...about,
        method: 'post',
        path: '/api/v1/outreach/pause',
        operationId: 'pauseOutreach',
        summary: 'Stop sending at once, by one channel or all; what is planned waits',
        permission: 'outreach:update',
        body: z.strictObject({ channel: channel.optional(), reason: text(300).default('paused by a person') }),
        answer: z.object({ paused: z.array(channel) }),
      },
      async ({ trx, principal, body, now }) => {
        const paused: ChannelKind[] = [];
        for (const one of channelsOf(body.channel)) {
          const order = { channel: one, reason: body.reason, by: principal.id, now };
          if (await pauseSending(trx, order)) paused.push(one);
        }
        return { paused };
      },
    ),
    endpoint(
      {
        ...about,
        method: 'post',
        path: '/api/v1/outreach/resume',
        operationId: 'resumeOutreach',
        summary: 'Let messages leave again; bounces and complaints are counted from now',
        permission: 'outreach:update',
        body: z.strictObject({ channel: channel.optional() }),
        answer: z.object({ resumed: z.array(channel) }),
      },
      async ({ trx, principal, body, now }) => {
        const resumed: ChannelKind[] = [];
        for (const one of channelsOf(body.channel)) {
          if (await resumeSending(trx, { channel: one, by: principal.id, now })) resumed.push(one);
        }
        return { resumed };
      },
    ),
    endpoint(
      {
        ...about,
        method: 'get',
        path: '/api/v1/messages',
        operationId: 'listMessages',
        summary: 'Messages, of all or by campaign, property or status',
        description: '`status=unknown` finds those of which nobody knows whether they left.',
        permission: 'outreach:read',
        query: z.object({
          ...pageQuery,
          campaign_id: id.optional(),
          property_id: id.optional(),
          status: text(20).optional(),
        }),
        answer: pageOf(message),
      },
      async ({ trx, query }) => {
        const rows = await listMessagePage(trx, {
          campaignId: query.campaign_id,
          propertyId: query.property_id,
          status: query.status,
          afterId: readIdCursor(query.cursor),
          limit: query.limit + 1,
        });
        return toPage(
          rows,
          query.limit,
          'id',
          (row) => [row.sendId],
          (row) => ({
            send_id: row.sendId,
            channel: row.channel as ChannelKind,
            contact_id: row.contactId,
            property_id: row.propertyId,
            campaign_id: row.campaignId,
            step: row.step,
            variant: row.variant,
            status: row.status,
            provider: row.provider,
            error: row.error,
            held_reason: row.heldReason,
            held_until: row.heldUntil,
            cost: row.costMicros,
            created_at: row.createdAt,
            sent_at: row.sentAt,
            delivered_at: row.deliveredAt,
          }),
        );
      },
    ),
  ];
}
