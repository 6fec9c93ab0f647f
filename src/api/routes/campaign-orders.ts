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
import { costDollars, day, id, idParams, instant, text, wholeQuery } from '../kit/schemas.ts';
import { budget, budgetOf } from './budgets.ts';
import { campaign, campaignOf } from './campaign-shapes.ts';
import { variantTests } from './campaign-tests.ts';
import { partOf } from './missing-part.ts';

const metrics = z
  .record(z.string(), z.number().nullable())
  .openapi({ description: 'By name; shares from 0 to 1, null where nothing was sent; money in dollars' });

const metricsAnswer = z
  .object({
    metrics,
    by_step: z.array(
      z.object({ step: z.number().int(), channel: z.string(), variant: z.string().nullable(), metrics }),
    ),
    definitions: z.array(z.object({ name: z.string(), unit: z.string(), meaning: z.string() })),
    messages: z
      .object({
        total: z.int(),
        sent: z.int(),
        held: z.int(),
        errors: z.int(),
        unknown: z.int(),
        waiting: z.int().openapi({ description: 'On their way' }),
      })
      .openapi({ description: 'Where the planned messages stand now' }),
    holds: z
      .array(
        z.object({
          channel: z.string(),
          reason: z.string(),
          messages: z.int(),
          until: instant.nullable().openapi({ description: 'Null: no time; a person decides' }),
        }),
      )
      .openapi({ description: 'Why planned messages wait, the most first' }),
    next_send_at: instant
      .nullable()
      .openapi({ description: 'When the next planned message may leave; null: none has a time' }),
    by_day: z
      .array(
        z.object({
          day,
          sent: z.int(),
          delivered: z.int(),
          opened: z.int(),
          clicked: z.int(),
          answered: z.int(),
        }),
      )
      .openapi({ description: 'What became of messages by the day they left (UTC); the last 90 days with any' }),
    tests: z
      .array(
        z.object({
          step: z.int(),
          goal: z.enum(['answers', 'clicks']),
          variant: z.string(),
          against: z.string(),
          p_value: z.number(),
          conclusion: z.string(),
        }),
      )
      .openapi({ description: 'Variants of a step held against each other, over recipients' }),
  })
  .openapi('CampaignMetrics');

const preview = z
  .object({
    would_run: z.boolean(),
    not_yet: z.string().nullable().openapi({ description: 'Why a run would do nothing now' }),
    audience: z.number().int().openapi({ description: 'Properties that the campaign is about' }),
    messages: z.number().int(),
    passed_over: z.record(z.string(), z.number().int()),
    first: z.array(
      z.object({ contact: z.string(), property_id: id, property: z.string(), score: z.number().nullable() }),
    ),
    budgets: z
      .array(budget)
      .openapi({ description: 'Those that cover the providers of steps that cost something; none: nothing is bought' }),
    steps: z.array(
      z.object({
        step: z.number().int(),
        variant: z.string().nullable(),
        channel: z.string(),
        provider: z.string(),
        messages: z.number().int(),
        cost_each: costDollars.nullable(),
        problem: z.string().nullable(),
        parts: z
          .record(z.string(), z.string())
          .nullable()
          .openapi({ description: 'The message as the first recipient would see it' }),
      }),
    ),
  })
  .openapi('CampaignPreview');

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
        answer: metricsAnswer,
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
        answer: preview,
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
