import { z } from '@hono/zod-openapi';
import { openDetails } from '../../db/queries/contacts.ts';
import { listUnknownSends, settleUnknownSend } from '../../db/queries/unknown-sends.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { costDollars, id, idParams, instant, offsetQuery, text } from '../kit/schemas.ts';
import { keysOf } from './contact-shapes.ts';

const unknown = z
  .object({
    send_id: id,
    channel: z.string(),
    provider: z.string().nullable(),
    contact_id: id,
    contact: z.string(),
    property_id: id,
    property: z.string().nullable(),
    campaign: z.string(),
    step: z.int(),
    since: instant.nullable(),
    why: z.string().nullable(),
    cost: costDollars,
  })
  .openapi('UnknownSend');

/** `/api/v1/outreach/unknowns`: sends of which nobody knows whether they left. */
export function unknownEndpoints(deps: Pick<ApiDeps, 'sealer' | 'hashKey'>): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/outreach/unknowns',
        operationId: 'listUnknownSends',
        tag: 'Outreach',
        summary: 'Sends of which nobody knows whether they left, the oldest first',
        permission: 'outreach:read',
        query: z.object({ limit: offsetQuery.limit }),
        answer: z.object({ items: z.array(unknown) }),
      },
      async ({ trx, query, principal }) => {
        const keys = keysOf(deps);
        const rows = await listUnknownSends(trx, query.limit);
        return {
          items: rows.map((row) => ({
            send_id: row.sendId,
            channel: row.channel,
            provider: row.provider,
            contact_id: row.contactId,
            contact: openDetails(keys, principal.tenantId, { id: row.contactId, sealed: row.sealed }).name,
            property_id: row.propertyId,
            property: row.address ?? row.apn,
            campaign: row.campaign,
            step: row.step,
            since: row.since,
            why: row.why,
            cost: row.costMicros,
          })),
        };
      },
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/outreach/unknowns/{id}/settle',
        operationId: 'settleUnknownSend',
        tag: 'Outreach',
        summary: 'Say what became of an unknown send; it is never posted again',
        permission: 'outreach:update',
        params: idParams,
        body: z.strictObject({
          as: z.enum(['sent', 'error']),
          note: text(500)
            .refine((value) => value.trim() !== '', 'must say how it was found out')
            .openapi({ description: 'How it was found out' }),
        }),
        answer: z.object({ send_id: id, status: z.enum(['sent', 'error']), settled: z.boolean() }),
      },
      async ({ trx, params, body, principal, now }) => {
        const settlement = { sendId: params.id, as: body.as, note: body.note.trim(), by: principal.id, at: now };
        const outcome = await settleUnknownSend(trx, settlement).catch((error: unknown) => {
          if (!(error instanceof ReosError) || error.code !== 'not_found') throw error;
          throw new ReosError('not_found', `There is no send ${params.id}.`, { cause: error });
        });
        return { send_id: params.id, status: body.as, settled: outcome === 'settled' };
      },
    ),
  ];
}
