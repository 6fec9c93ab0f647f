import { z } from '@hono/zod-openapi';
import {
  assignPacket,
  decidePacket,
  feedbackOfPacket,
  listPackets,
  type PacketRow,
  readPacket,
  reopenPacket,
} from '../../db/queries/decision-packets.ts';
import { insertRecommendation, updateFeedback } from '../../db/queries/market-feedback.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, toPage } from '../kit/page.ts';
import { id, idParams, text } from '../kit/schemas.ts';
import { readTimeCursor } from '../kit/time-cursor.ts';
import { detailOf, packetDetail, packetStatus, packetSummary, severity, summaryOf } from './decision-packet-shape.ts';

const TAG = 'Decision packets';
const decision = z.strictObject({ reason: text(2_000).optional() });

/** `/api/v1/decision-packets`: what was noticed in the markets, and what people decided about it. */
export function decisionPacketEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/decision-packets',
        operationId: 'listDecisionPackets',
        tag: TAG,
        summary: 'Packets, last changed first',
        permission: 'properties:read',
        query: z.object({
          ...pageQuery,
          status: packetStatus.optional(),
          severity: severity.optional(),
          market: text(120).optional(),
          owner_id: id.optional(),
        }),
        answer: pageOf(packetSummary),
      },
      async ({ trx, query }) => {
        const { limit, cursor, owner_id: ownerId, ...filter } = query;
        const after = readTimeCursor('packets', cursor);
        const rows = await listPackets(trx, { ...filter, ownerId }, { limit: limit + 1, after });
        return toPage(rows, limit, 'packets', (row) => [row.micros, row.id], summaryOf);
      },
    ),
    endpoint(
      {
        method: 'get',
        path: '/api/v1/decision-packets/{id}',
        operationId: 'getDecisionPacket',
        tag: TAG,
        summary: 'A packet with its evidence',
        permission: 'properties:read',
        params: idParams,
        answer: packetDetail,
      },
      async ({ trx, params }) => detailOf(await readPacket(trx, params.id)),
    ),
    decisionEndpoint('accept', 'acceptDecisionPacket', 'Accept the recommendation', 'accepted', ['open']),
    decisionEndpoint('reject', 'rejectDecisionPacket', 'Reject it: it stays away until it is worse', 'rejected', [
      'open',
      'accepted',
    ]),
    decisionEndpoint('close', 'closeDecisionPacket', 'Close it as dealt with', 'closed', ['open', 'accepted']),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/decision-packets/{id}/reopen',
        operationId: 'reopenDecisionPacket',
        tag: TAG,
        summary: 'Take a decision back: the packet is open again',
        permission: 'properties:update',
        params: idParams,
        answer: packetDetail,
      },
      async ({ trx, params, now }) => {
        const packet = await reopenPacket(trx, params.id, now);
        await updateFeedback(trx, await feedbackIdOf(trx, packet, now), { actionTaken: null }, now);
        return detailOf(packet);
      },
    ),
    endpoint(
      {
        method: 'put',
        path: '/api/v1/decision-packets/{id}/owner',
        operationId: 'assignDecisionPacket',
        tag: TAG,
        summary: 'Give it to a user, or to nobody',
        permission: 'properties:update',
        params: idParams,
        body: z.strictObject({ owner_id: id.nullable() }),
        answer: packetDetail,
      },
      async ({ trx, params, body, now }) => detailOf(await assignPacket(trx, params.id, body.owner_id, now)),
    ),
    endpoint(
      {
        method: 'post',
        path: '/api/v1/decision-packets/{id}/outcome',
        operationId: 'recordPacketOutcome',
        tag: TAG,
        summary: 'Write down what came of it',
        description: 'Recalibration learns from it what the confidence of the tool is worth.',
        permission: 'properties:update',
        params: idParams,
        body: z
          .strictObject({
            outcome: z.boolean().openapi({ description: 'Whether what was said came true' }),
            actual_value: z.number().min(-1e12).max(1e12).optional().openapi({ description: 'US dollars' }),
            note: text(2_000).optional(),
          })
          .openapi({ example: { outcome: true, actual_value: 120_000 } }),
        answer: z.object({
          feedback_id: id,
          outcome: z.boolean().nullable(),
          prediction_accuracy: z.number().nullable(),
        }),
      },
      async ({ trx, params, body, now }) => {
        const packet = await readPacket(trx, params.id);
        const change = { outcome: body.outcome, actualValue: body.actual_value, note: body.note };
        const row = await updateFeedback(trx, await feedbackIdOf(trx, packet, now), change, now);
        return { feedback_id: row.id, outcome: row.outcome, prediction_accuracy: row.predictionAccuracy };
      },
    ),
  ];
}

function decisionEndpoint(
  verb: string,
  operationId: string,
  summary: string,
  status: 'accepted' | 'rejected' | 'closed',
  from: readonly string[],
): Endpoint {
  return endpoint(
    {
      method: 'post',
      path: `/api/v1/decision-packets/{id}/${verb}`,
      operationId,
      tag: TAG,
      summary,
      permission: 'properties:update',
      params: idParams,
      body: decision,
      answer: packetDetail,
    },
    async ({ trx, params, body, now }) => {
      const packet = await decidePacket(trx, params.id, { status, reason: body.reason ?? null, from }, now);
      if (status !== 'closed') {
        const change = { actionTaken: status, note: body.reason };
        await updateFeedback(trx, await feedbackIdOf(trx, packet, now), change, now);
      }
      return detailOf(packet);
    },
  );
}

/** The recommendation that the packet made; written now for one that has none. */
async function feedbackIdOf(trx: TenantTrx, packet: PacketRow, now: Date): Promise<string> {
  const known = await feedbackOfPacket(trx, packet.id);
  if (known !== undefined) return known;
  const made = await insertRecommendation(
    trx,
    {
      packetId: packet.id,
      tool: packet.tool,
      market: packet.market ?? undefined,
      segment: packet.segment ?? undefined,
      recommendation: packet.action,
      probability: packet.statedConfidence ?? packet.confidence,
      predictedValue: packet.impactExpected ?? undefined,
    },
    now,
  );
  return made.id;
}
