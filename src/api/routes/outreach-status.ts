import { z } from '@hono/zod-openapi';
import { type CampaignLoad, countStatuses, listCampaignLoads, listHolds } from '../../db/queries/outreach-status.ts';
import { readSendingStates } from '../../db/queries/sending-states.ts';
import { CHANNEL_KINDS } from '../../domain/outreach/contact.ts';
import { countFrom } from '../../domain/outreach/sending-health.ts';
import { throttleSchema, warmUpLimit } from '../../domain/outreach/throttle.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { id, instant } from '../kit/schemas.ts';

const share = z.number().nullable().openapi({ description: '0 to 1; null where nothing was sent' });
const status = z
  .object({
    channels: z.array(
      z.object({
        channel: z.enum(CHANNEL_KINDS),
        paused: z.boolean(),
        reason: z.string().nullable(),
        changed_by: z.string().nullable(),
        changed_at: instant.nullable(),
        counted_from: instant.nullable(),
        sent: z.number().int(),
        hard_bounces: z.number().int(),
        complaints: z.number().int(),
        hard_bounce_rate: share,
        complaint_rate: share,
        first_sent_at: instant.nullable(),
        statuses: z.record(z.string(), z.number().int()),
      }),
    ),
    campaigns: z.array(
      z.object({
        campaign_id: id,
        name: z.string(),
        kind: z.string(),
        status: z.string(),
        max_per_run: z.number().int(),
        sent_in_day: z.number().int(),
        waiting: z.number().int(),
        weekly_cap_per_recipient: z.number().int(),
        dedupe_days: z.number().int(),
        per_domain_per_hour: z.number().nullable(),
        warm_up_today: z.number().nullable().openapi({ description: 'Null: no warm-up' }),
      }),
    ),
    waiting: z.array(z.object({ channel: z.string(), reason: z.string().nullable(), sends: z.number().int() })),
  })
  .openapi('OutreachStatus');

/** `/api/v1/outreach/status`: whether messages may leave. */
export function outreachStatusEndpoint(): Endpoint {
  return endpoint(
    {
      method: 'get',
      path: '/api/v1/outreach/status',
      operationId: 'getOutreachStatus',
      tag: 'Outreach',
      summary: 'Pauses, bounces and complaints by channel, caps of campaigns, and what waits for what',
      permission: 'outreach:read',
      answer: status,
    },
    async ({ trx, now }) => {
      const states = await readSendingStates(trx, now);
      const counts = await countStatuses(trx);
      const loads = await listCampaignLoads(trx, now);
      const waiting = await listHolds(trx);
      const firstSentAt = states.find(({ channel }) => channel === 'email')?.firstSentAt ?? null;
      return {
        channels: CHANNEL_KINDS.map((kind) => {
          const state = states.find((one) => one.channel === kind);
          const own = counts.filter((row) => row.channel === kind);
          const sent = state?.sent ?? 0;
          return {
            channel: kind,
            paused: state?.isPaused ?? false,
            reason: state?.reason ?? null,
            changed_by: state?.changedBy ?? null,
            changed_at: state?.changedAt ?? null,
            counted_from: state === undefined ? null : countFrom(state.countedFrom, now),
            sent,
            hard_bounces: state?.hardBounces ?? 0,
            complaints: state?.complaints ?? 0,
            hard_bounce_rate: sent === 0 ? null : (state?.hardBounces ?? 0) / sent,
            complaint_rate: sent === 0 ? null : (state?.complaints ?? 0) / sent,
            first_sent_at: state?.firstSentAt ?? null,
            statuses: Object.fromEntries(own.map((row) => [row.status, Number(row.sends)])),
          };
        }),
        campaigns: loads.map((load) => campaignLoadOf(load, firstSentAt, now)),
        waiting: waiting.map((row) => ({ ...row, sends: Number(row.sends) })),
      };
    },
  );
}

function campaignLoadOf(load: CampaignLoad, firstSentAt: Date | null, now: Date) {
  const throttle = throttleSchema.nullable().safeParse(load.throttle).data ?? null;
  return {
    campaign_id: load.id,
    name: load.name,
    kind: load.kind,
    status: load.status,
    max_per_run: load.maxPerRun,
    sent_in_day: Number(load.sentInDay),
    waiting: Number(load.waiting),
    weekly_cap_per_recipient: load.weeklyCapPerRecipient,
    dedupe_days: load.dedupeDays,
    per_domain_per_hour: throttle?.perDomainPerHour ?? null,
    warm_up_today: throttle?.warmUp == null ? null : warmUpLimit(throttle.warmUp, firstSentAt, now),
  };
}
