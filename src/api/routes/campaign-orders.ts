import { z } from '@hono/zod-openapi';
import {
  countByDay,
  countMessages,
  countOpenSends,
  listHoldsOf,
  nextSendOf,
} from '../../db/queries/campaign-metrics.ts';
import { approveCampaign, setCampaignStatus } from '../../db/queries/campaign-status.ts';
import { campaignOfId } from '../../db/queries/campaigns-api.ts';
import { ReosError } from '../../domain/errors.ts';
import { addCounts, METRICS, measure } from '../../domain/outreach/metrics.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { idParams, text, wholeQuery } from '../kit/schemas.ts';
import { budgetOf } from './budgets.ts';
import { campaignMetrics, campaignPreview } from './campaign-reports.ts';
import { campaign, campaignOf } from './campaign-shapes.ts';
import { variantTests } from './campaign-tests.ts';
import { partOf } from './missing-part.ts';

const order = z.strictObject({ reason: text(300).optional() });
const ORDERS = [
  ['pause', 'paused', 'Pause a campaign: nothing of it leaves until it is resumed'],
  ['resume', 'active', 'Resume a paused campaign'],
  ['stop', 'ended', 'End a campaign for good: nothing planned leaves any more'],
] as const;

/** What is done with a campaign: looking at it, approving, running and stopping it. */
export function campaignOrderEndpoints(deps: Pick<ApiDeps, 'campaignDesk' | 'campaigns'>): Endpoint[] {
  const about = { tag: 'Outreach', params: idParams };
  return [
    endpoint(
      {
        ...about,
        method: 'get',
        path: '/api/v1/campaigns/{id}/metrics',
        operationId: 'getCampaignMetrics',
        summary: 'How a campaign goes, in all and by step and variant',
        permission: 'outreach:read',
        answer: campaignMetrics,
      },
      async ({ trx, params }) => {
        const { id: campaignId } = await campaignOfId(trx, params.id);
        const groups = await countMessages(trx, campaignId);
        const holds = await listHoldsOf(trx, campaignId);
        return {
          metrics: measure(addCounts(groups)),
          by_step: groups.map(({ step, channel, variant, ...counts }) => ({
            step,
            channel,
            variant,
            metrics: measure(counts),
          })),
          definitions: METRICS.map(({ name, unit, meaning }) => ({ name, unit, meaning })),
          messages: await countOpenSends(trx, campaignId),
          holds: holds.map(({ sends, ...hold }) => ({ ...hold, messages: sends })),
          next_send_at: await nextSendOf(trx, campaignId),
          by_day: await countByDay(trx, campaignId),
          tests: variantTests(groups).map(({ step, goal, variant, against, pValue, conclusion }) => ({
            step,
            goal,
            variant,
            against,
            p_value: pValue,
            conclusion,
          })),
        };
      },
    ),
    ownEndpoint(
      {
        ...about,
        method: 'get',
        path: '/api/v1/campaigns/{id}/preview',
        operationId: 'previewCampaign',
        summary: 'A dry run: who would get what, the cost, and each message as its first recipient would see it',
        permission: 'outreach:read',
        query: z.object({ first: wholeQuery(1, 100).default(10) }),
        answer: campaignPreview,
      },
      async ({ principal, params, query, inTenant }) => {
        await inTenant((trx) => campaignOfId(trx, params.id));
        const desk = partOf(deps.campaignDesk, 'Campaigns');
        const run = await desk.rehearse(principal.tenantId, params.id, query.first);
        const passed = Object.entries(run.passedOver).map(([why, count]) => [why, count ?? 0]);
        return {
          would_run: run.reason === null,
          not_yet: run.reason,
          audience: run.audience,
          messages: run.messages,
          passed_over: Object.fromEntries(passed) as Record<string, number>,
          first: run.first.map(({ contactName, propertyId, property, score }) => ({
            contact: contactName,
            property_id: propertyId,
            property,
            score,
          })),
          budgets: run.budgets.map(budgetOf),
          steps: run.steps.map(({ costEachMicros, ...step }) => ({ ...step, cost_each: costEachMicros })),
        };
      },
    ),
    endpoint(
      {
        ...about,
        method: 'post',
        path: '/api/v1/campaigns/{id}/approve',
        operationId: 'approveCampaign',
        summary: 'Approve a campaign as it is now; a later change of what it says needs another approval',
        permission: 'outreach:approve',
        answer: campaign,
      },
      async ({ trx, principal, params, now }) => {
        await approveCampaign(trx, await campaignOfId(trx, params.id), { by: principal.name, at: now });
        return campaignOf(trx.tenantId, await campaignOfId(trx, params.id));
      },
    ),
    ownEndpoint(
      {
        ...about,
        method: 'post',
        path: '/api/v1/campaigns/{id}/run',
        operationId: 'runCampaign',
        summary: 'Run a campaign now',
        permission: 'outreach:update',
        answer: campaign,
        status: 202,
      },
      async ({ principal, params, inTenant }) => {
        const { tenantId } = principal;
        const found = await inTenant((trx) => campaignOfId(trx, params.id));
        const { status, approvedAt, definition } = found;
        if (status !== 'active') throw new ReosError('conflict', `The campaign is ${status}; only an active one runs.`);
        if (definition.needs_approval && approvedAt === null) {
          throw new ReosError('conflict', 'The campaign has changed and waits for a new approval.');
        }
        await partOf(deps.campaigns, 'Campaigns').run({ tenantId, campaignId: found.id, name: definition.name });
        return campaignOf(tenantId, found);
      },
    ),
    ...ORDERS.map(([verb, status, summary]) =>
      ownEndpoint(
        {
          ...about,
          method: 'post',
          path: `/api/v1/campaigns/{id}/${verb}`,
          operationId: `${verb}Campaign`,
          summary,
          permission: 'outreach:update',
          body: order,
          answer: campaign,
          status: 202,
        },
        async ({ principal, params, body, now, inTenant }) => {
          const { tenantId } = principal;
          const reason = body.reason ?? null;
          const door = partOf(deps.campaigns, 'Campaigns');
          // The order is written first, where the gate reads it, so that it holds also while no worker runs.
          const changed = await inTenant(async (trx) => {
            const found = await campaignOfId(trx, params.id);
            await setCampaignStatus(trx, found, { status, reason, at: now });
            return campaignOfId(trx, found.id);
          });
          await door.order({ tenantId, campaignId: changed.id, name: changed.definition.name }, verb, reason);
          return campaignOf(tenantId, changed);
        },
      ),
    ),
  ];
}
