import { z } from '@hono/zod-openapi';
import { listChannels, putChannel } from '../../db/queries/alerts.ts';
import { type BriefingRow, listBriefings, readBriefing } from '../../db/queries/briefings.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, readCursor, toPage } from '../kit/page.ts';
import { day, id, idParams, instant, text } from '../kit/schemas.ts';
import { partOf } from './missing-part.ts';

/** Makes briefings and keeps their channels. */
export interface BriefingDoor {
  /** Makes the briefing of the day, with the packets; `deliver`: sends it where it was not sent yet. */
  run(tenantId: string, deliver: boolean): Promise<{ id: string; day: string; paths: string[]; packetIds: string[] }>;
  /** Seals the address of an incoming webhook. @throws ReosError `validation` for one that is not of Slack */
  sealSlack(tenantId: string, url: string): string;
}

const TAG = 'Market intelligence';
const summary = z.object({
  id,
  day,
  author: z.enum(['planner', 'agent']),
  path: z.string(),
  pipeline_path: z.string().nullable(),
  sha256: z.string(),
  data_through: z.string().nullable(),
  headlines: z.array(z.object({ key: z.string(), label: z.string(), value: z.number().nullable(), unit: z.string() })),
  packet_ids: z.array(id),
  by_severity: z.record(z.string(), z.number()),
  notes: z.array(z.string()),
  created_at: instant,
  delivered_at: instant.nullable(),
});
const channels = z.object({
  slack: z.object({ enabled: z.boolean(), has_webhook: z.boolean() }),
  email: z.object({
    enabled: z.boolean(),
    recipients: z.array(id).nullable().openapi({ description: 'Null: every active admin and analyst' }),
  }),
});

/** `/api/v1/briefings`: the briefing of each morning, and where it goes. */
export function briefingEndpoints(deps: Pick<ApiDeps, 'briefings' | 'files'>): Endpoint[] {
  const door = () => partOf(deps.briefings, 'Briefings');
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/briefings',
        operationId: 'listBriefings',
        tag: TAG,
        summary: 'Briefings, newest day first',
        permission: 'properties:read',
        query: z.object(pageQuery),
        answer: pageOf(summary),
      },
      async ({ trx, query }) => {
        const last = readCursor('day', query.cursor, 1)?.[0];
        const beforeDay = day.safeParse(last).data;
        const rows = await listBriefings(trx, { limit: query.limit + 1, beforeDay });
        return toPage(rows, query.limit, 'day', (row) => [row.day], summaryOf);
      },
    ),
    endpoint(
      {
        method: 'get',
        path: '/api/v1/briefings/channels',
        operationId: 'getBriefingChannels',
        tag: TAG,
        summary: 'Where briefings and alerts go',
        permission: 'properties:read',
        answer: channels,
      },
      ({ trx }) => channelsOf(trx),
    ),
    endpoint(
      {
        method: 'put',
        path: '/api/v1/briefings/channels',
        operationId: 'setBriefingChannels',
        tag: TAG,
        summary: 'Change where briefings and alerts go; what is left out stays',
        permission: 'tenant:update',
        body: z.strictObject({
          slack: z
            .strictObject({ enabled: z.boolean().optional(), webhook_url: text(500).nullable().optional() })
            .optional(),
          email: z
            .strictObject({ enabled: z.boolean().optional(), recipients: z.array(id).max(200).nullable().optional() })
            .optional(),
        }),
        answer: channels,
      },
      async ({ trx, body: { slack, email }, now }) => {
        if (slack !== undefined) {
          const url = slack.webhook_url;
          const addressSealed = typeof url === 'string' ? door().sealSlack(trx.tenantId, url) : url;
          await putChannel(trx, 'slack', { isEnabled: slack.enabled, addressSealed }, now);
        }
        if (email !== undefined) {
          await putChannel(trx, 'email', { isEnabled: email.enabled, recipients: email.recipients }, now);
        }
        return channelsOf(trx);
      },
    ),
    ownEndpoint(
      {
        method: 'post',
        path: '/api/v1/briefings/run',
        operationId: 'runBriefing',
        tag: TAG,
        summary: 'Make the briefing of the day now',
        description: 'The briefing of a day is one: another run replaces it. It goes to each channel once.',
        permission: 'properties:update',
        body: z.strictObject({ deliver: z.boolean().default(false) }),
        answer: z.object({ id, day, paths: z.array(z.string()), packet_ids: z.array(id) }),
      },
      async ({ principal, body }) => {
        const made = await door().run(principal.tenantId, body.deliver);
        return { id: made.id, day: made.day, paths: made.paths, packet_ids: made.packetIds };
      },
    ),
    ownEndpoint(
      {
        method: 'get',
        path: '/api/v1/briefings/{id}',
        operationId: 'getBriefing',
        tag: TAG,
        summary: 'A briefing with its text',
        permission: 'properties:read',
        params: idParams,
        answer: summary
          .extend({
            markdown: z.string().nullable().openapi({ description: 'Null when its file is not in the store any more' }),
          })
          .openapi('Briefing'),
      },
      async ({ inTenant, params }) => {
        const row = await inTenant((trx) => readBriefing(trx, params.id));
        const bytes = await deps.files.get(row.path).catch((error: unknown) => {
          if (error instanceof ReosError && error.code === 'not_found') return null;
          throw error;
        });
        return { ...summaryOf(row), markdown: bytes?.toString('utf8') ?? null };
      },
    ),
  ];
}

function summaryOf(row: BriefingRow): z.input<typeof summary> {
  const { headlines = [], packets = [], by_severity = {}, notes = [] } = row.summary;
  return {
    id: row.id,
    day: row.day,
    author: row.author as 'planner' | 'agent',
    path: row.path,
    pipeline_path: row.pipelinePath,
    sha256: row.sha256,
    data_through: row.dataThrough,
    headlines,
    packet_ids: packets,
    by_severity,
    notes,
    created_at: row.createdAt,
    delivered_at: row.deliveredAt,
  };
}

async function channelsOf(trx: TenantTrx): Promise<z.input<typeof channels>> {
  const rows = await listChannels(trx);
  const slack = rows.find(({ channel }) => channel === 'slack');
  const email = rows.find(({ channel }) => channel === 'email');
  return {
    slack: { enabled: slack?.isEnabled ?? false, has_webhook: slack?.addressSealed != null },
    email: { enabled: email?.isEnabled ?? true, recipients: email?.recipients ?? null },
  };
}
