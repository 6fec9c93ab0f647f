import { z } from '@hono/zod-openapi';
import { insertCampaign, listCampaigns, replaceCampaign } from '../../db/queries/campaigns.ts';
import { campaignOfId, changeDraft, deleteDraft } from '../../db/queries/campaigns-api.ts';
import { ReosError } from '../../domain/errors.ts';
import { covers } from '../../domain/policy.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { pageOf, pageQuery, readCursor, toPage } from '../kit/page.ts';
import type { Principal } from '../kit/principal.ts';
import { idParams } from '../kit/schemas.ts';
import { campaign, campaignChange, campaignOf, newCampaign } from './campaign-shapes.ts';
import { partOf } from './missing-part.ts';

/** `/api/v1/campaigns`: who is written to, what, and how fast. */
export function campaignEndpoints(deps: Pick<ApiDeps, 'campaignDesk'>): Endpoint[] {
  const desk = () => partOf(deps.campaignDesk, 'Campaigns');
  return [
    endpoint(
      {
        method: 'get',
        path: '/api/v1/campaigns',
        operationId: 'listCampaigns',
        tag: 'Outreach',
        summary: 'Campaigns by name',
        permission: 'outreach:read',
        query: z.object(pageQuery),
        answer: pageOf(campaign),
      },
      async ({ trx, query }) => {
        const after = readCursor('name', query.cursor, 1)?.[0];
        const afterName = typeof after === 'string' ? after : undefined;
        const rows = await listCampaigns(trx, undefined, { afterName, limit: query.limit + 1 });
        return toPage(
          rows,
          query.limit,
          'name',
          (row) => [row.definition.name],
          (row) => campaignOf(trx.tenantId, row),
        );
      },
    ),
    ownEndpoint(
      {
        method: 'post',
        path: '/api/v1/campaigns',
        operationId: 'createCampaign',
        tag: 'Outreach',
        summary: 'Create a campaign; it is a draft until a person approves it',
        description: 'One with `needs_approval: false` is active at once: that asks for the right to approve.',
        permission: 'outreach:update',
        body: newCampaign,
        answer: campaign,
        status: 201,
      },
      async ({ principal, body, inTenant }) => {
        mayWaiveApproval(principal, body.needs_approval);
        const checked = await desk().check(principal.tenantId, body);
        const made = await inTenant((trx) =>
          insertCampaign(trx, checked.definition, { countyFips: checked.countyFips, createdBy: principal.id }),
        );
        return campaignOf(principal.tenantId, made);
      },
    ),
    endpoint(
      {
        method: 'get',
        path: '/api/v1/campaigns/{id}',
        operationId: 'getCampaign',
        tag: 'Outreach',
        summary: 'One campaign',
        permission: 'outreach:read',
        params: idParams,
        answer: campaign,
      },
      async ({ trx, params }) => campaignOf(trx.tenantId, await campaignOfId(trx, params.id)),
    ),
    ownEndpoint(
      {
        method: 'patch',
        path: '/api/v1/campaigns/{id}',
        operationId: 'changeCampaign',
        tag: 'Outreach',
        summary: 'Change a draft',
        permission: 'outreach:update',
        params: idParams,
        body: campaignChange,
        answer: campaign,
      },
      async ({ principal, params, body, inTenant }) => {
        const before = await inTenant((trx) => campaignOfId(trx, params.id));
        mayWaiveApproval(principal, body['needs_approval'] !== false);
        const checked = await desk().check(principal.tenantId, { ...before.definition, ...body });
        const changed = await inTenant((trx) => changeDraft(trx, params.id, checked.definition, checked.countyFips));
        return campaignOf(principal.tenantId, changed);
      },
    ),
    ownEndpoint(
      {
        method: 'put',
        path: '/api/v1/campaigns/{id}',
        operationId: 'replaceCampaign',
        tag: 'Outreach',
        summary: 'Put another definition in the place of the old one; what says something else needs a new approval',
        permission: 'outreach:update',
        params: idParams,
        body: newCampaign,
        answer: z.object({ campaign, approval_lost: z.boolean() }),
      },
      async ({ principal, params, body, inTenant }) => {
        const before = await inTenant((trx) => campaignOfId(trx, params.id));
        mayWaiveApproval(principal, body.needs_approval);
        if (body.name !== before.definition.name) {
          throw new ReosError('conflict', 'name: a campaign keeps its name. Create another one.');
        }
        const checked = await desk().check(principal.tenantId, body);
        const done = await inTenant((trx) => replaceCampaign(trx, checked.definition, checked.countyFips));
        return { campaign: campaignOf(principal.tenantId, done.campaign), approval_lost: done.approvalLost };
      },
    ),
    endpoint(
      {
        method: 'delete',
        path: '/api/v1/campaigns/{id}',
        operationId: 'deleteCampaign',
        tag: 'Outreach',
        summary: 'Delete a draft',
        permission: 'outreach:delete',
        params: idParams,
        answer: null,
      },
      ({ trx, params }) => deleteDraft(trx, params.id),
    ),
  ];
}

/** Whoever creates a campaign that nobody approves, approves it. */
function mayWaiveApproval(principal: Principal, needsApproval: boolean): void {
  if (needsApproval || covers(principal.permissions, 'outreach:approve')) return;
  throw new ReosError('forbidden', 'needs_approval: only who may approve campaigns may make one without approval.', {
    details: { field: 'needs_approval' },
  });
}
